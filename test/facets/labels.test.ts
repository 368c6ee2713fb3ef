// How far the rules agree with real sessions labelled by hand. Needs REAL_HOME; the floors lie below what was measured.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { expect, test } from 'vitest'
import { verifyEvidence } from '../../pipeline/facets/evidence.js'
import { judgeByRules } from '../../pipeline/facets/rules.js'
import { readTranscript } from '../../pipeline/ingest/formats/claude-code/transcript.js'
import { packageRoot } from '../../pipeline/root.js'
import { compareFacets, parseLabels } from '../eval/agreement.mjs'
import { formatComparison } from '../eval/table.mjs'
import { facts, inputOf } from './talk.js'

const labelsFile = join(packageRoot, '..', 'shared', 'corpora', 'facet-labels.jsonl')
const home = process.env.REAL_HOME
const isReady = Boolean(home) && existsSync(labelsFile)
const missing = isReady ? '' : ' (skipped: needs REAL_HOME and the labelled sessions)'

const floors: Readonly<Record<string, number>> = {
  'outcome, exact': 0.75,
  'outcome, within one step': 0.9,
  'goal category, exact': 0.6,
  'session type, exact': 0.5,
  'satisfaction, exact': 0.75,
  'helpfulness, exact': 0.5,
  'corrections, within one': 0.85,
  'retry loops, exact': 0.8,
  'cut short, exact': 0.9,
  'friction kinds, each there or not': 0.8,
}

test.skipIf(!isReady)(`the rules agree with the labelled sessions${missing}`, async () => {
  const paths = sessionFiles(join(home ?? '', '.claude', 'projects'))
  const judged = await Promise.all(
    parseLabels(readFileSync(labelsFile, 'utf8')).map(async (label) => {
      const facets = await judgeFile(paths.get(label.session_id), label.session_id)
      return { label, facets }
    }),
  )
  const comparison = compareFacets(judged)
  process.stdout.write(
    `\nrules against ${judged.length} labelled sessions\n${formatComparison(comparison)}\n`,
  )
  const measured = new Map(
    comparison.fields.map(({ field, measure, agreement }) => [`${field}, ${measure}`, agreement ?? 0]),
  )
  const short = Object.entries(floors).filter(([name, floor]) => !((measured.get(name) ?? 0) >= floor))
  expect(short).toEqual([])
})

test.skipIf(!isReady)(`every piece of evidence stands in the real logs${missing}`, async () => {
  const unverified: string[] = []
  let count = 0
  for (const [id, path] of sessionFiles(join(home ?? '', '.claude', 'projects'))) {
    const { evidence } = await judgeFile(path, id)
    count += evidence.length
    unverified.push(...evidence.flatMap(({ field, is_verified }) => (is_verified ? [] : [`${id} ${field}`])))
  }
  expect(count).toBeGreaterThan(100)
  expect(unverified).toEqual([])
})

async function judgeFile(path: string | undefined, id: string) {
  if (!path) throw new Error(`expected a log for ${id} under REAL_HOME`)
  const transcript = await readTranscript([path], id)
  const session = facts({ session_id: id, started_at: '2020-01-01T00:00:00Z' })
  return verifyEvidence(judgeByRules(inputOf(transcript, { session })), transcript)
}

function sessionFiles(projects: string): Map<string, string> {
  const paths = readdirSync(projects, { recursive: true, encoding: 'utf8' })
  const main = paths.filter((path) => path.endsWith('.jsonl') && !path.includes('subagents'))
  return new Map(main.map((path) => [basename(path, '.jsonl'), join(projects, path)]))
}
