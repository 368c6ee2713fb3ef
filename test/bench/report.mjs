// Renders a week of 200 sessions alone, and the same week at the end of a year of others: processor time of each part.
/* biome-ignore-all lint/suspicious/noConsole: a bench is for reading on a terminal */
import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describeMachine, median, printTable } from './table.mjs'

const mostSeconds = 2
const lastWeek = '2026-W07'
const now = new Date('2026-02-18T12:00:00Z')
const built = (path) => new URL(`../../dist/pipeline/${path}`, import.meta.url).href

/** Rows for the table. */
async function measureReports(folder, repetitions) {
  const alone = await prepareYear(folder, 1)
  const year = await prepareYear(folder, 52)
  const of = async (ctx) => ({
    week: await renderTimes(ctx, repetitions),
    archive: await archiveTimes(ctx, repetitions),
  })
  const [few, many] = [await of(alone), await of(year)]
  const limit = (value) => ({ target: { of: value, most: mostSeconds, unit: ' s' } })
  const row = (name, value, more = {}) => ({ name, value, ...more })
  return [
    row('week of 200 sessions, alone', few.week, limit(few.week)),
    row('the same, at the end of a year', many.week, limit(many.week)),
    row('the pages around it, alone', few.archive),
    row('the same, around a year', many.archive),
  ]
}

/** Logs, marts, facets and, but for the last week, rendered reports: made once and kept. */
async function prepareYear(folder, weekCount) {
  const [{ generateLogs }, { readConfig }, { runSync, runFacets, runReport }] = await Promise.all(
    ['demo/generate.js', 'config.js', 'run.js'].map((path) => import(built(path))),
  )
  const home = join(folder, `report-${weekCount}`)
  const out = join(home, 'out')
  const config = readConfig({ cwd: home, out }, { HOME: home })
  const contextOf = (id) => ({
    config: { ...config, timezone: 'UTC' },
    emit: () => {},
    now: () => now,
    run: { id, command: 'report', warningCount: () => 0 },
  })
  const ctx = contextOf('bench-report')
  const marker = join(home, 'is-whole')
  if (existsSync(marker)) return ctx
  rmSync(home, { recursive: true, force: true })
  mkdirSync(home, { recursive: true })
  const firstMonday = new Date(Date.parse('2026-02-09') - (weekCount - 1) * 7 * 86_400_000)
  await generateLogs({
    folder: home,
    seed: 7,
    weeks: { firstMonday: firstMonday.toISOString().slice(0, 10), weekCount },
    sessionsPerWeek: [...Array(weekCount - 1).fill(8), 200],
    textScale: 0.05,
    noise: 0.1,
    delegationShare: 0.5,
  })
  await runSync(contextOf('bench-sync'))
  await runFacets(contextOf('bench-facets'), {})
  await runReport(ctx, { kind: 'weekly', label: lastWeek, isAll: weekCount > 1 })
  mkdirSync(marker)
  return ctx
}

/** As a run does it: read, put into words, drawn and written. The first, unmeasured, loads the libraries. */
async function renderTimes(ctx, repetitions) {
  const [{ renderReport }, { parsePeriod }] = await Promise.all(
    ['report/render.js', 'period.js'].map((path) => import(built(path))),
  )
  const week = parsePeriod('weekly', lastWeek, 'monday')
  return medianSeconds(repetitions, () => renderReport(ctx, week))
}

/** Archive, growth, tips, all sessions, API; the views of the last days stand as long as the data does. */
async function archiveTimes(ctx, repetitions) {
  const { renderSite } = await import(built('report/site/render-site.js'))
  return medianSeconds(repetitions, () => renderSite(ctx))
}

/** Of the processor on all cores, which no neighbour on the machine changes much; on two cores the clock shows no more. */
async function medianSeconds(repetitions, act) {
  await act()
  const seconds = []
  for (let repetition = 0; repetition < repetitions; repetition++) {
    const before = process.cpuUsage()
    await act()
    const { user, system } = process.cpuUsage(before)
    seconds.push((user + system) / 1e6)
  }
  return median(seconds)
}

export async function benchReports(folder, repetitions, versions) {
  const rows = await measureReports(folder, repetitions)
  console.log(`\n${describeMachine(versions)}\nmedians of ${repetitions}, seconds of processor time\n`)
  printTable(rows)
  return rows.every(({ target }) => target === undefined || target.of <= target.most)
}
