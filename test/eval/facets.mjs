// Compares a provider's facets with labelled sessions: how far they agree, field by field.
/* biome-ignore-all lint/suspicious/noConsole: an evaluation is for reading on a terminal */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { compareFacets, parseLabels } from './agreement.mjs'
import { judgeSessions } from './judge.mjs'
import { formatComparison } from './table.mjs'

const corpora = fileURLToPath(new URL('../../../shared/corpora/', import.meta.url))
const { values } = parseArgs({
  options: {
    labels: { type: 'string', default: join(corpora, 'facet-labels.jsonl') },
    home: { type: 'string', default: process.env.REAL_HOME || '' },
    provider: { type: 'string' },
    config: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
})
const archive = join(corpora, 'real-home.tar.gz')
const program = fileURLToPath(new URL('../../dist/pipeline/run.js', import.meta.url))

if (!existsSync(program)) fail(`expected a build at ${program}: run npm run build first`)
if (!existsSync(values.labels)) fail(`expected labels at ${values.labels}: name a file with --labels`)
if (!values.home && !existsSync(archive))
  fail('expected logs: name a home directory with --home or REAL_HOME')
const labels = readLabels()
const scratch = mkdtempSync(join(tmpdir(), 'debrief-eval-'))
try {
  const { provider, judged, missing } = await judgeSessions({
    ids: labels.map(({ session_id }) => session_id),
    home: values.home ? resolve(values.home) : unpackLogs(),
    out: join(scratch, 'out'),
    provider: values.provider,
    configFile: values.config,
    say: (line) => console.error(line),
  })
  const facetsOf = new Map(judged.map(({ id, facets }) => [id, facets]))
  const pairs = labels.flatMap((label) => {
    const facets = facetsOf.get(label.session_id)
    return facets ? [{ label, facets }] : []
  })
  const byOthers = judged.filter(({ extractor }) => extractor !== provider)
  print({ provider, labelled: labels.length, missing, byOthers, ...compareFacets(pairs) })
  process.exitCode = pairs.length === 0 ? 1 : 0
} catch (error) {
  if (error.constructor.name !== 'UserError') throw error
  console.error(`${error.message}. ${error.hint}`)
  process.exitCode = 2
} finally {
  rmSync(scratch, { recursive: true, force: true })
}

function print(result) {
  if (values.json) {
    const byOthers = result.byOthers.map(({ id, extractor }) => ({ id, extractor }))
    console.log(JSON.stringify({ ...result, byOthers }, null, 2))
    return
  }
  console.log(`\n${result.provider} against ${result.sessionCount} of ${result.labelled} labelled sessions\n`)
  console.log(formatComparison(result))
  for (const { id, reason } of result.missing) console.log(`\nnot compared: ${id} (${reason})`)
  for (const { id, extractor } of result.byOthers) console.log(`\njudged by ${extractor} instead: ${id}`)
}

function readLabels() {
  try {
    return parseLabels(readFileSync(values.labels, 'utf8'))
  } catch (error) {
    return fail(`${values.labels}: ${error.message}`)
  }
}

function unpackLogs() {
  const home = join(scratch, 'home')
  mkdirSync(home)
  execFileSync('tar', ['xzf', archive, '-C', home])
  return home
}

function fail(message) {
  console.error(message)
  process.exit(2)
}
