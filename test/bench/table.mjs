// Says what was measured, as a table to paste, with the targets beside it.
/* biome-ignore-all lint/suspicious/noConsole: a bench is for reading on a terminal */
import { cpus, totalmem } from 'node:os'

export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

export function medianOf(runs, measure) {
  return median(runs.map((run) => run[measure]))
}

/** Where this was measured, and with what. */
export function describeMachine(versions) {
  const [{ model }] = cpus()
  const memory = `${Math.round(totalmem() / 2 ** 30)} GiB`
  const programs = Object.entries(versions).map(([name, version]) => `${name} ${version}`)
  return `${cpus().length} cores (${model.trim()}), ${memory}, ${process.platform} ${process.arch}; ${programs.join(', ')}`
}

/** @param rows of { name, value, unit, ratio, peakMb, target: { most, aim, of, unit } }, the last three where they apply */
export function printTable(rows) {
  const header = ['', 'measured', '× ccusage', 'peak MB', 'target', '']
  const cells = [header, header.map(() => '---'), ...rows.map(cellsOf)]
  const widths = header.map((_, i) => Math.max(...cells.map((row) => row[i].length)))
  for (const row of cells)
    console.log(
      `| ${row.map((cell, i) => (cell === '---' ? '-'.repeat(widths[i]) : cell.padEnd(widths[i]))).join(' | ')} |`,
    )
}

function cellsOf({ name, value, unit = 's', ratio, peakMb, target }) {
  return [
    name,
    `${unit === 'ms' ? value.toFixed(0) : value.toFixed(2)} ${unit}`.trim(),
    ratio === undefined ? '' : ratio.toFixed(2),
    peakMb === undefined ? '' : peakMb.toFixed(0),
    target === undefined ? '' : describeTarget(target),
    target === undefined ? '' : verdict(target),
  ]
}

function describeTarget({ most, aim, unit = '' }) {
  return `≤ ${most}${unit}${aim === undefined ? '' : `, aim ${aim}${unit}`}`
}

function verdict({ of, most, aim }) {
  if (of > most) return 'NOT MET'
  return aim === undefined || of <= aim ? 'met' : 'met, short of the aim'
}
