// How far the rules agree with real sessions labelled by hand. Needs REAL_HOME; the floors lie below what was measured.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { judgeByRules } from '../../pipeline/facets/rules.js'
import { type Facets, frictionKinds, outcomes } from '../../pipeline/facets/schema.js'
import { readTranscript } from '../../pipeline/ingest/formats/claude-code/transcript.js'
import { packageRoot } from '../../pipeline/root.js'
import { facts, inputOf } from './talk.js'

const labelSchema = z.object({
  session_id: z.string(),
  goal_category: z.string(),
  outcome: z.string(),
  session_type: z.string(),
  satisfaction: z.string(),
  frictions: z.array(z.string()),
  course_corrections: z.number(),
  retry_loops: z.number(),
  session_cut_short: z.boolean(),
})
type Label = z.output<typeof labelSchema>

const labelsFile = join(packageRoot, '..', 'shared', 'corpora', 'facet-labels.jsonl')
const home = process.env.REAL_HOME
const isReady = Boolean(home) && existsSync(labelsFile)
const missing = isReady ? '' : ' (skipped: needs REAL_HOME and the labelled sessions)'

interface Judged {
  readonly label: Label
  readonly facets: Facets
}
type Share = (judged: readonly Judged[]) => number

const agreements: Readonly<Record<string, { readonly floor: number; readonly share: Share }>> = {
  'outcome, exact': { floor: 0.75, share: sessions((label, { outcome }) => outcome === label.outcome) },
  'outcome, within one step': {
    floor: 0.9,
    share: sessions((label, { outcome }) => isWithinOneStep(label.outcome, outcome)),
  },
  'goal category': {
    floor: 0.6,
    share: sessions((label, facets) => mainGoal(facets) === label.goal_category),
  },
  'session type': {
    floor: 0.5,
    share: sessions((label, { session_type }) => session_type === label.session_type),
  },
  'corrections within one': {
    floor: 0.85,
    share: sessions(
      (label, facets) => Math.abs((facets.course_corrections ?? 0) - label.course_corrections) <= 1,
    ),
  },
  'retry loops': {
    floor: 0.8,
    share: sessions((label, { retry_loops }) => retry_loops === label.retry_loops),
  },
  'cut short': {
    floor: 0.9,
    share: sessions((label, facets) => facets.session_cut_short === label.session_cut_short),
  },
  satisfaction: {
    floor: 0.75,
    share: sessions((label, facets) => mainSatisfaction(facets) === label.satisfaction),
  },
  'friction kinds, each present or absent': { floor: 0.8, share: frictionAgreement },
}

test.skipIf(!isReady)(`the rules agree with the labelled sessions${missing}`, async () => {
  const labels = readFileSync(labelsFile, 'utf8')
    .trim()
    .split('\n')
    .map((line) => labelSchema.parse(JSON.parse(line)))
  const paths = sessionFiles(join(home ?? '', '.claude', 'projects'))
  const judged: Judged[] = []
  for (const label of labels) {
    const path = paths.get(label.session_id)
    if (!path) throw new Error(`expected a log for ${label.session_id} under REAL_HOME`)
    const transcript = await readTranscript([path], label.session_id)
    const session = facts({ session_id: label.session_id, started_at: '2020-01-01T00:00:00Z' })
    judged.push({ label, facets: judgeByRules(inputOf(transcript, { session })) })
  }
  const shares = Object.entries(agreements).map(([name, { floor, share }]) => ({
    name,
    floor,
    share: share(judged),
  }))
  process.stdout.write(
    `\nrules against ${judged.length} labelled sessions\n${shares.map(tableLine).join('\n')}\n`,
  )
  expect(shares.filter(({ share, floor }) => share < floor)).toEqual([])
})

function sessions(agrees: (label: Label, facets: Facets) => boolean): Share {
  return (judged) => judged.filter(({ label, facets }) => agrees(label, facets)).length / judged.length
}

function tableLine({ name, share, floor }: { name: string; share: number; floor: number }): string {
  return `  ${name.padEnd(40)}${(share * 100).toFixed(0).padStart(4)} %  (floor ${(floor * 100).toFixed(0)} %)`
}

function frictionAgreement(judged: readonly Judged[]): number {
  const answers = judged.flatMap(({ label, facets }) =>
    frictionKinds
      .filter((kind) => kind !== 'no_results')
      .map((kind) => Boolean(facets.friction_counts?.[kind]) === label.frictions.includes(kind)),
  )
  return answers.filter(Boolean).length / answers.length
}

function isWithinOneStep(label: string, outcome: string | null): boolean {
  const steps: readonly string[] = outcomes.filter((step) => step !== 'unclear_from_transcript')
  const [a, b] = [steps.indexOf(label), steps.indexOf(outcome ?? '')]
  return label === outcome || (a >= 0 && b >= 0 && Math.abs(a - b) <= 1)
}

function mainGoal(facets: Facets): string | undefined {
  return facets.evidence.find(({ field }) => field === 'goal_categories')?.value
}

function mainSatisfaction({ user_satisfaction_counts }: Facets): string | undefined {
  return Object.entries(user_satisfaction_counts ?? {}).sort(([, a], [, b]) => b - a)[0]?.[0]
}

function sessionFiles(projects: string): Map<string, string> {
  const paths = readdirSync(projects, { recursive: true, encoding: 'utf8' })
  const main = paths.filter((path) => path.endsWith('.jsonl') && !path.includes('subagents'))
  return new Map(main.map((path) => [basename(path, '.jsonl'), join(projects, path)]))
}
