// Draws a chart: a vega-lite spec and rows become SVG whose colours are the page's own CSS variables.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TopLevelSpec } from 'vega-lite'
import { escapeHtml } from '../escape.js'
import { packageRoot } from '../root.js'

export type ChartName =
  | 'cost_by_day_and_model'
  | 'attention_by_project'
  | 'tools'
  | 'when_you_worked'
  | 'cost_bridge'

/** What there is to draw: templates/charts/<name>.vl.json over these rows. */
export interface ChartSpec {
  readonly name: ChartName
  readonly rows: readonly object[]
  /** In place of the theme's, in the order of the scale. */
  readonly colors?: readonly string[]
}

/** Drawn twice, for a wide and for a narrow page: text that is scaled down cannot be read. */
export interface Chart {
  readonly wideSvg: string
  readonly narrowSvg: string
}

export type DrawSvg = (spec: object) => Promise<string>

const widths = { wide: 640, narrow: 330 }

/** `label` names the picture to whoever cannot see it; `switches` become values that the spec's expressions can read. */
export async function drawChart(
  { name, rows, colors }: ChartSpec,
  label: string,
  switches: Readonly<Record<string, boolean>>,
  drawSvg: DrawSvg,
): Promise<Chart> {
  const spec = readJson(`charts/${name}.vl.json`)
  const theme = readJson('chart-theme.json')
  const config = colors ? { ...theme, range: { category: colors } } : theme
  const draw = async (width: number, isNarrow: boolean) => {
    const params = Object.entries({ ...switches, isNarrow }).map(([key, value]) => ({ name: key, value }))
    const sized = { ...spec, config, params, width, autosize: { type: 'fit-x', contains: 'padding' } }
    return cleanSvg(await drawSvg({ ...withoutLinks(sized), datasets: { rows } }), label)
  }
  return { wideSvg: await draw(widths.wide, false), narrowSvg: await draw(widths.narrow, true) }
}

/** Real drawing: vega and vega-lite, without canvas, and with a loader that fetches nothing. */
export async function drawWithVega(spec: object): Promise<string> {
  const [vega, vegaLite] = await Promise.all([import('vega'), import('vega-lite')])
  takeArgumentInSetToJson()
  // Without a canvas, vega guesses text far too wide and cuts labels short; this is about right for a wide sans.
  const { textMetrics } = vega as unknown as { textMetrics: { width: unknown } }
  // A label that is cut at its limit takes no more room than that.
  textMetrics.width = (item: { fontSize?: number; limit?: number }, text: string) =>
    Math.min(String(text ?? '').length * (item.fontSize ?? 12) * 0.6, item.limit || Number.POSITIVE_INFINITY)
  const refuse = () => Promise.reject(new Error('charts may not load anything'))
  const loader = { load: refuse, sanitize: refuse, http: refuse, file: refuse } as unknown as ReturnType<
    typeof vega.loader
  >
  const compiled = vegaLite.compile(spec as TopLevelSpec, { logger: vega.logger(vega.Error) })
  vega.resetSVGDefIds()
  const view = new vega.View(vega.parse(compiled.spec), {
    renderer: 'none',
    loader,
    logLevel: vega.Error,
  })
  try {
    return await view.toSVG()
  } finally {
    view.finalize()
  }
}

/** A spec without links: a javascript: link in one would be followed by whoever clicks, or end the process. */
export function withoutLinks<T>(spec: T): T {
  if (Array.isArray(spec)) return spec.map(withoutLinks) as T
  if (spec === null || typeof spec !== 'object') return spec
  const kept = Object.entries(spec).filter(([key]) => key !== 'href' && key !== 'url')
  return Object.fromEntries(kept.map(([key, value]) => [key, withoutLinks(value)])) as T
}

/** An SVG that scales down with its page and that is one picture with a name to whoever cannot see it. */
function cleanSvg(svg: string, label: string): string {
  const viewBox = /viewBox="([^"]+)"/.exec(svg)?.[1] ?? '0 0 640 200'
  const marks = svg.replace(/^[\s\S]*?<svg[^>]*>/, '').replace(/<\/svg>\s*$/, '')
  const body = marks.replace(/<[^>]+>/g, lighterTag)
  const maxWidth = Math.round(Number(viewBox.split(' ')[2]))
  return `<svg role="img" aria-label="${escapeHtml(label)}" viewBox="${viewBox}" style="max-width:${maxWidth}px">${body}</svg>`
}

/** Hundredths of a pixel are enough, and roles within one picture say nothing. */
function lighterTag(tag: string): string {
  return tag
    .replace(/ (role|aria-[a-z]+)="[^"]*"/g, '')
    .replace(/-?\d+\.\d{3,}/g, (number) => String(Math.round(Number(number) * 100) / 100))
}

function readJson(path: string): Record<string, unknown> {
  return JSON.parse(readFileSync(join(packageRoot, 'templates', path), 'utf8')) as Record<string, unknown>
}

/**
 * vega-lite adds Set.prototype.toJSON, and discord.js's event emitter takes any such method without parameters that
 * returns a text for an iterator, and fails to load. JSON.stringify hands it the key, so it may well take one.
 */
function takeArgumentInSetToJson(): void {
  const sets = Set.prototype as { toJSON?: (key?: unknown) => string }
  const toJson = sets.toJSON
  if (toJson?.length !== 0) return
  sets.toJSON = function (_key) {
    return toJson.call(this)
  }
}
