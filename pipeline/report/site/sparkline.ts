// A metric's line over all weeks: a stroke between neighbours, dots where a week stands alone, gaps left as gaps.

export interface Sparkline {
  readonly width: number
  readonly height: number
  /** An SVG path. */
  readonly line: string
  /** Where a week without value lies between: told apart by a broken stroke. */
  readonly bridges: string
  readonly dots: readonly { readonly x: number; readonly y: number; readonly isLast: boolean }[]
}

export interface SparkPoint {
  /** Whole periods since the first. */
  readonly at: number
  readonly value: number
}

const width = 240
const height = 56
const margin = 5

/** From the least value to the largest, and from the first period to `lastAt`. */
export function sparklineOf(points: readonly SparkPoint[], lastAt: number): Sparkline {
  const values = points.map(({ value }) => value)
  const least = Math.min(...values)
  const range = Math.max(...values) - least
  const placed = points.map(({ at, value }) => ({
    at,
    x: round(margin + ((width - 2 * margin) * at) / Math.max(1, lastAt)),
    y: round(range === 0 ? height / 2 : height - margin - ((height - 2 * margin) * (value - least)) / range),
  }))
  const steps = placed.slice(1).map((to, i) => ({ from: placed[i]!, to }))
  const isNeighbour = (step: (typeof steps)[number]) => step.to.at - step.from.at === 1
  const hasNeighbour = (i: number) =>
    (i > 0 && isNeighbour(steps[i - 1]!)) || (i < steps.length && isNeighbour(steps[i]!))
  return {
    width,
    height,
    line: pathOf(steps.filter(isNeighbour)),
    bridges: pathOf(steps.filter((step) => !isNeighbour(step))),
    dots: placed.flatMap(({ x, y }, i) => {
      const isLast = i === placed.length - 1
      return isLast || !hasNeighbour(i) ? [{ x, y, isLast }] : []
    }),
  }
}

type Place = { readonly x: number; readonly y: number }

function pathOf(steps: readonly { readonly from: Place; readonly to: Place }[]): string {
  return steps.map(({ from, to }) => `M${from.x} ${from.y}L${to.x} ${to.y}`).join('')
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
