// Reads about 1 GB of synthetic logs, with this program and with ccusage, side by side in one run.
/* biome-ignore-all lint/suspicious/noConsole: a bench is for reading on a terminal */
import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { ccusageVersion, createCcusage, createDebrief, createLimits, installCcusage } from './contenders.mjs'
import { measureExtremes } from './extremes.mjs'
import { generatorOptions, growLogs, linkLogs, prepareLogs, versionOf } from './logs.mjs'
import { benchReports } from './report.mjs'
import { describeMachine, medianOf, printTable } from './table.mjs'
import { compareDays, compareTokens, knownTokens } from './tokens.mjs'

const { values } = parseArgs({
  options: {
    'size-mb': { type: 'string', default: process.env.BENCH_SIZE_MB ?? '1000' },
    repetitions: { type: 'string', default: '3' },
    folder: { type: 'string', default: join(tmpdir(), 'debrief-bench') },
    huge: { type: 'boolean', default: false },
    extremes: { type: 'boolean', default: false },
    report: { type: 'boolean', default: false },
  },
})
const sizeMb = Number(values['size-mb'])
const repetitions = Number(values.repetitions)
const startRepetitions = 10
const hugeRepetitions = 3
const program = fileURLToPath(new URL('../../dist/jobs/cli.js', import.meta.url))
const isRight = []

if (!existsSync(program)) fail(`no build at ${program}: run npm run build first`)
if (values.report) process.exit((await benchReports(values.folder, repetitions, reportVersions())) ? 0 : 1)
const ccusageProgram = installCcusage(join(values.folder, 'ccusage'))
const run = join(values.folder, `run-${process.pid}`)
mkdirSync(run, { recursive: true })
try {
  const logs = await prepareLogs(values.folder, `logs-${sizeMb}mb`, generatorOptions(sizeMb))
  describeLogs(logs)
  const usual = await measureUsual(logs)
  const rows = usualRows(usual)
  if (values.huge) rows.push(...(await measureHuge(logs)))
  if (values.extremes) rows.push(...(await measureExtremes(values.folder, run, program, isRight)))
  console.log(
    `\n${describeMachine(versions())}\nmedians of ${repetitions} runs, of starts ${startRepetitions}\n`,
  )
  printTable(rows)
} finally {
  rmSync(run, { recursive: true, force: true })
}
process.exitCode = isRight.every(Boolean) ? 0 : 1

function describeLogs({ totals }) {
  const mean = Math.round(totals.bytes / totals.lines)
  console.log(
    `${(totals.bytes / 1e6).toFixed(0)} MB in ${totals.files} files, ${totals.lines.toLocaleString('en')} lines of ` +
      `${mean} bytes on average, ${totals.llmCalls.toLocaleString('en')} calls`,
  )
}

/** One unmeasured run fills the file cache; then the order alternates, so that neither always goes first. */
async function measureUsual({ home, totals }) {
  const linked = join(run, 'home')
  linkLogs(home, linked)
  const ccusage = createCcusage(ccusageProgram, linked)
  const debrief = createDebrief(program, linked, join(run, 'out'))
  const limits = createLimits(linked)
  const runs = { cold: [], warm: [], grown: [], scan: [], ccusage: [], query: [], help: [], node: [], totals }
  const ours = async () => {
    runs.cold.push(await debrief.runCold())
    runs.warm.push(expectRead(await debrief.runAgain(), 0))
    const grown = growLogs(home, linked)
    runs.grown.push(expectRead(await debrief.runAgain(), grown.fileCount))
    grown.restore()
  }
  const theirs = async () => {
    runs.ccusage.push(await ccusage.run())
    runs.scan.push(await limits.runScan())
  }
  await ccusage.run()
  for (let repetition = 0; repetition < repetitions; repetition++)
    for (const turn of repetition % 2 === 0 ? [ours, theirs] : [theirs, ours]) await turn()
  for (let repetition = 0; repetition < startRepetitions; repetition++) {
    runs.node.push(await limits.runNode())
    runs.query.push(await debrief.runQuery())
    runs.help.push(await debrief.runHelp())
  }
  await debrief.runAgain() // The grown files are as they were again.
  const { tokens, days } = await debrief.readTotals()
  isRight.push(compareTokens('ccusage', runs.ccusage[0].tokens, knownTokens(totals)))
  isRight.push(compareTokens('debrief', tokens, knownTokens(totals)))
  compareDays(days, runs.ccusage[0].days)
  debrief.remove()
  return runs
}

function usualRows(runs) {
  const base = medianOf(runs.ccusage, 'seconds')
  const row = (name, measured, target) => {
    const value = medianOf(measured, 'seconds')
    const ratio = value / base
    const peakMb = medianOf(measured, 'peakMb')
    return { name, value, ratio, peakMb, ...(target && { target: { of: ratio, unit: '×', ...target } }) }
  }
  const start = (name, measured, most) => {
    const value = 1000 * (medianOf(measured, 'seconds') - medianOf(runs.node, 'seconds'))
    return { name, value, unit: 'ms', target: { of: value, most, unit: ' ms' } }
  }
  const scan = row('raw scan by DuckDB, the limit', runs.scan)
  const cold = row('debrief sync, cold', runs.cold, { most: 3.5, aim: 2.5 })
  return [
    row('ccusage claude daily', runs.ccusage),
    scan,
    cold,
    { name: 'cold / raw scan', value: cold.value / scan.value, unit: '×' },
    row('debrief sync, nothing new', runs.warm, { most: 0.5 }),
    row('debrief sync, one file in a hundred grown', runs.grown, { most: 1, aim: 0.7 }),
    start('debrief query "select count(*) from sessions", over node -e 0', runs.query, 250),
    start('debrief --help, over node -e 0', runs.help, 250),
  ]
}

/**
 * Five times as much: whether time and memory grow with it. Each run lies between two of the usual size: a machine that
 * others share changes its speed by the minute.
 */
async function measureHuge(logs) {
  const { home, totals } = await prepareLogs(values.folder, 'logs-5000mb', generatorOptions(5000))
  describeLogs({ totals })
  const debrief = createDebrief(program, home, join(run, 'out-huge'))
  const usual = createDebrief(program, logs.home, join(run, 'out'))
  const perGb = ({ seconds }, { bytes }) => seconds / (bytes / 1e9)
  const runs = []
  for (let repetition = 0; repetition < hugeRepetitions; repetition++) {
    const before = await usual.runCold()
    const cold = await debrief.runCold()
    const after = await usual.runCold()
    const growth = (2 * perGb(cold, totals)) / (perGb(before, logs.totals) + perGb(after, logs.totals))
    runs.push({ ...cold, growth })
  }
  isRight.push(compareTokens('debrief, 5 GB', (await debrief.readTotals()).tokens, knownTokens(totals)))
  debrief.remove()
  usual.remove()
  const growth = medianOf(runs, 'growth')
  const mostMb = Math.max(...runs.map(({ peakMb }) => peakMb))
  return [
    {
      name: `debrief sync, cold, 5 GB (${hugeRepetitions} runs, the most memory of all)`,
      value: medianOf(runs, 'seconds'),
      peakMb: mostMb,
      target: { of: mostMb, most: 1500, unit: ' MB' },
    },
    {
      name: `its time per GB against that of ${sizeMb} MB before and after it`,
      value: growth,
      unit: '×',
      target: { of: growth, most: 1.15, unit: '×' },
    },
  ]
}

/** A run that read other files than those that changed has measured something else. */
function expectRead(measured, fileCount) {
  if (measured.filesRead !== fileCount)
    throw new Error(`expected a sync that reads ${fileCount} files, got one that read ${measured.filesRead}`)
  return measured
}

function versions() {
  return { ...reportVersions(), ccusage: ccusageVersion }
}

function reportVersions() {
  return {
    debrief: versionOf('../../package.json'),
    node: process.versions.node,
    duckdb: versionOf('@duckdb/node-api'),
  }
}

function fail(message) {
  console.error(message)
  process.exit(2)
}
