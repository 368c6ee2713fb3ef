// Draws a sparkline: a few values as one small inline SVG in the colour of the text around it.
import { escapeHtml } from '../escape.js'

const width = 80
const height = 20
/** Room for half the stroke and for the dot at the end. */
const margin = 3

interface Point {
  readonly x: number
  readonly y: number
}

/**
 * The values from left to right, scaled between the least and the largest; null is a gap, and the last value has a dot.
 * `label` says in words what is drawn. Empty where there is no value at all.
 */
export function sparklineSvg(values: readonly (number | null)[], label: string): string {
  const points = placed(values)
  const last = points.findLast((point) => point !== null)
  if (!last) return ''
  const lines = runsOf(points).filter((run) => run.length > 1)
  const path = lines.map((run) => `M${run.map(({ x, y }) => `${x} ${y}`).join('L')}`).join('')
  const line = path === '' ? '' : `<path d="${path}"/>`
  return `<svg class="spark" role="img" aria-label="${escapeHtml(label)}" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">${line}<circle cx="${last.x}" cy="${last.y}" r="2"/></svg>`
}

const blocks = '▁▂▃▄▅▆▇█'

/** The same in a line of text: ▁▄█, and a space for a gap. */
export function sparkBlocks(values: readonly (number | null)[]): string {
  const known = values.filter((value) => value !== null)
  const least = Math.min(...known)
  const range = Math.max(...known) - least
  const block = (value: number) => blocks.charAt(range === 0 ? 3 : Math.round(((value - least) / range) * 7))
  return values.map((value) => (value === null ? ' ' : block(value))).join('')
}

/** Values that are all the same make a line in the middle. */
function placed(values: readonly (number | null)[]): (Point | null)[] {
  const known = values.filter((value) => value !== null)
  const least = Math.min(...known)
  const range = Math.max(...known) - least
  const step = (width - 2 * margin) / Math.max(1, values.length - 1)
  return values.map((value, i) => {
    if (value === null) return null
    const share = range === 0 ? 0.5 : (value - least) / range
    const x = values.length === 1 ? width / 2 : margin + i * step
    return { x: rounded(x), y: rounded(height - margin - share * (height - 2 * margin)) }
  })
}

/** Points without a gap between them. */
function runsOf(points: readonly (Point | null)[]): Point[][] {
  const runs: Point[][] = [[]]
  for (const point of points) {
    if (point === null) runs.push([])
    else runs.at(-1)?.push(point)
  }
  return runs
}

function rounded(number: number): number {
  return Math.round(number * 10) / 10
}
