// Reads about 1 GB of synthetic logs, with this program and with ccusage, side by side in one run.
/* biome-ignore-all lint/suspicious/noConsole: a bench is for reading on a terminal */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { createCcusage, createDebrief, installCcusage } from './contenders.mjs'

const { values } = parseArgs({
  options: {
    'size-mb': { type: 'string', default: process.env.BENCH_SIZE_MB ?? '1000' },
    repetitions: { type: 'string', default: '3' },
    folder: { type: 'string', default: join(tmpdir(), 'debrief-bench') },
  },
})
const sizeMb = Number(values['size-mb'])
const repetitions = Number(values.repetitions)
const dist = fileURLToPath(new URL('../../dist/', import.meta.url))
const generator = join(dist, 'pipeline', 'demo', 'generate.js')
const cli = join(dist, 'jobs', 'cli.js')

if (!existsSync(generator)) fail(`no build at ${dist}: run npm run build first`)
const { home, known } = await prepareLogs()
const ccusage = createCcusage(installCcusage(join(values.folder, 'ccusage')), home)
const hasCli = existsSync(cli)
const debrief = createDebrief(cli, home, join(values.folder, 'out'))

const results = await runAll()
printTable(results)
process.exitCode = await compareTotals(results)
rmSync(join(values.folder, 'out'), { recursive: true, force: true })

/** The logs, made once for each size: a marker beside them says that they are whole. */
async function prepareLogs() {
  const options = generatorOptions()
  const folder = join(values.folder, `logs-${sizeMb}mb`)
  const home = join(folder, 'home')
  const marker = join(folder, 'totals.json')
  const made = existsSync(marker) ? JSON.parse(readFileSync(marker, 'utf8')) : null
  if (made && JSON.stringify(made.options) === JSON.stringify(options))
    return { home, known: described(made.totals) }
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(home, { recursive: true })
  const { generateLogs } = await import(generator)
  const started = performance.now()
  const totals = await generateLogs({ ...options, folder: home })
  console.log(`Generated in ${((performance.now() - started) / 1000).toFixed(1)} s at ${home}`)
  writeFileSync(marker, JSON.stringify({ options, totals }))
  return { home, known: described(totals) }
}

function generatorOptions() {
  const weekCount = 12
  const sessionsPerWeek = Math.min(24, Math.max(1, Math.round(sizeMb / 40)))
  return {
    seed: 7,
    weeks: { firstMonday: '2026-01-05', weekCount },
    sessionsPerWeek,
    bytesPerSession: Math.round((sizeMb * 1e6) / (weekCount * sessionsPerWeek)),
    textScale: 14,
    delegationShare: 0.02,
    hasFaults: true,
  }
}

function described(totals) {
  const mean = Math.round(totals.bytes / totals.lines)
  console.log(
    `${(totals.bytes / 1e6).toFixed(0)} MB in ${totals.files} files, ${totals.lines.toLocaleString('en')} lines of ` +
      `${mean} bytes on average, ${totals.llmCalls.toLocaleString('en')} calls`,
  )
  return {
    input: totals.inputTokens,
    output: totals.outputTokens,
    cacheRead: totals.cacheReadTokens,
    cacheWrite: totals.cacheWrite5mTokens + totals.cacheWrite1hTokens,
  }
}

/** One unmeasured run fills the file cache; then the order alternates, so that neither always goes first. */
async function runAll() {
  const results = { cold: [], warm: [], ccusage: [] }
  await ccusage.run()
  if (!hasCli) console.log(`\nNOT MEASURED: this program, since there is no ${cli}. ccusage runs alone.`)
  for (let repetition = 0; repetition < repetitions; repetition++) {
    const ours = async () => {
      if (!hasCli) return
      results.cold.push(await debrief.runCold())
      results.warm.push(await debrief.runWarm())
    }
    const theirs = async () => results.ccusage.push(await ccusage.run())
    for (const turn of repetition % 2 === 0 ? [ours, theirs] : [theirs, ours]) await turn()
  }
  return results
}

function printTable(results) {
  const names = { cold: 'debrief sync, cold', warm: 'debrief sync, warm', ccusage: 'ccusage claude daily' }
  console.log(`\n${'median of'.padEnd(22)}${`${repetitions} runs, s`.padStart(12)}${'peak MB'.padStart(10)}`)
  for (const [key, name] of Object.entries(names))
    if (results[key].length > 0)
      console.log(
        `${name.padEnd(22)}${medianOf(results[key], 'seconds').toFixed(2).padStart(12)}` +
          `${medianOf(results[key], 'peakMb').toFixed(0).padStart(10)}`,
      )
  if (!hasCli) return
  const base = medianOf(results.ccusage, 'seconds')
  console.log(`\ncold / ccusage   ${(medianOf(results.cold, 'seconds') / base).toFixed(2)}`)
  console.log(`warm / ccusage   ${(medianOf(results.warm, 'seconds') / base).toFixed(2)}`)
}

/** 0 when everybody arrives at the totals that the generator knows, else 1. */
async function compareTotals(results) {
  const theirs = results.ccusage[0]
  const verdicts = [say('ccusage', theirs.tokens)]
  if (hasCli) {
    const ours = await debrief.readTotals()
    verdicts.push(say('debrief', ours.tokens))
    const days = [...new Set([...ours.days.keys(), ...theirs.days.keys()])]
    const differing = days.filter((day) => !isSame(ours.days.get(day), theirs.days.get(day)))
    console.log(
      `days on which the two differ: ${differing.length} of ${days.length} ${differing.slice(0, 3).join(' ')}`,
    )
  }
  return verdicts.every(Boolean) ? 0 : 1
}

function say(name, tokens) {
  const same = isSame(tokens, known)
  console.log(`${same ? '\nequal' : '\nDIFFERENT'}: tokens by ${name} and as generated`)
  if (!same) console.log(`  ${name}:   ${JSON.stringify(tokens)}\n  generated: ${JSON.stringify(known)}`)
  return same
}

function isSame(one, two) {
  return JSON.stringify(one) === JSON.stringify(two)
}

function medianOf(runs, measure) {
  const sorted = runs.map((run) => run[measure]).sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

function fail(message) {
  console.error(message)
  process.exit(2)
}
