// Fills the Handlebars templates in templates/: everything is escaped unless it is our own drawing.
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { escapeHtml } from '../escape.js'
import { packageRoot } from '../root.js'
import { type Cell, type Column, cellText } from './table.js'

const folder = join(packageRoot, 'templates')

/**
 * The page templates/pages/<name>.hbs with this view; a field it names and the view lacks is an error. Only the scripts
 * named here run in it: the page's policy allows them by their digest.
 */
export async function renderPage(
  name: string,
  view: object,
  {
    scripts: scriptNames = [],
    ownFolder = null,
    isServed = false,
    exploreHref = null,
    place = null,
    contentLevel = null,
  }: PageOptions = {},
): Promise<string> {
  const scripts = scriptNames.map((script) => `\n${readScript(script)}`)
  const headScript = place === null ? null : `\n${readScript('place')}`
  const digests = [...(headScript === null ? [] : [headScript]), ...scripts].map(
    (script) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`,
  )
  const scriptSources = digests.length === 0 ? "'none'" : digests.join(' ')
  const policy = `script-src ${scriptSources}${isServed ? servedPolicy : ''}`
  const styles = `${readTemplate('styles.css')}${ownStyles(ownFolder)}`
  const page = { menu: [], ...view, styles, scripts, headScript, place, policy, exploreHref, contentLevel }
  return renderTemplate(`pages/${name}.hbs`, page, ownFolder)
}

/** Scripts, data and WebAssembly of the page's own server; a worker from a blob is bound to the same. */
const servedPolicy = " 'self' 'wasm-unsafe-eval'; connect-src 'self'; worker-src blob:"

export interface PageOptions {
  /** Files of templates/scripts, or `minisearch`, the package; they run in this order. */
  readonly scripts?: readonly string[]
  /** The user's own templates: partials in it stand before ours of the same name. */
  readonly ownFolder?: string | null
  /** Whether the page loads what lies beside it, for which it must come from a server. */
  readonly isServed?: boolean
  /** Where the page finds explore/, for the queries that it shows. */
  readonly exploreHref?: string | null
  /** The page's folder in the site, such as `weekly/2026-W07/`: tells a script whether the other pages lie around it. */
  readonly place?: string | null
  /** What privacy.content is: publishing reads it from the page. */
  readonly contentLevel?: string | null
}

export async function renderTemplate(
  path: string,
  view: object,
  ownFolder: string | null = null,
): Promise<string> {
  const { default: Handlebars } = await import('handlebars')
  const handlebars = Handlebars.create()
  handlebars.registerHelper(
    'isNumber',
    (index: number, columns: readonly Column[]) => columns[index]?.isNumber,
  )
  handlebars.registerHelper('cell', (cell: Cell) => new handlebars.SafeString(cellHtml(cell)))
  handlebars.registerPartial('layout', readTemplate('layout.hbs'))
  for (const root of [folder, ...(ownFolder ? [ownFolder] : [])])
    for (const [name, text] of partialsIn(root)) handlebars.registerPartial(name, text)
  return handlebars.compile(readTemplate(path), { strict: true, preventIndent: true })(view)
}

function cellHtml(cell: Cell): string {
  const text = escapeHtml(cellText(cell))
  if (typeof cell === 'string') return text
  if (cell.svg) return cell.svg
  return cell.href === undefined ? text : `<a href="${escapeHtml(cell.href)}">${text}</a>`
}

/** The partials of a folder of templates, by name. */
export function partialsIn(root: string): Map<string, string> {
  const files = existsSync(join(root, 'partials')) ? readdirSync(join(root, 'partials')).sort() : []
  return new Map(
    files
      .filter((file) => file.endsWith('.hbs'))
      .map((file) => [file.slice(0, -'.hbs'.length), readFileSync(join(root, 'partials', file), 'utf8')]),
  )
}

/** Rules of one's own come last, and so win. */
function ownStyles(ownFolder: string | null): string {
  const file = join(ownFolder ?? '', 'styles.css')
  return ownFolder !== null && existsSync(file) ? `\n${readFileSync(file, 'utf8')}` : ''
}

/** Markdown as HTML in which raw HTML is text, and links and pictures are only their words. */
export async function markdownToHtml(markdown: string): Promise<string> {
  const { Marked } = await import('marked')
  const marked = new Marked({
    renderer: {
      html: ({ text }) => escapeHtml(text),
      link: ({ text }) => escapeHtml(text),
      image: ({ text }) => escapeHtml(text),
    },
  })
  return await marked.parse(markdown)
}

function readScript(name: string): string {
  return name === 'minisearch' ? readMiniSearch() : readTemplate(`scripts/${name}.js`)
}

/** The package's build for browsers, without the comments that its source has for readers. */
function readMiniSearch(): string {
  const entry = createRequire(import.meta.url).resolve('minisearch')
  const text = readFileSync(join(dirname(entry), '../umd/index.js'), 'utf8')
  const bare = text
    .replace(/^ *\/\*\*.*?\*\/\n/gms, '')
    .replace(/^ *\/\/.*\n?/gm, '')
    .replace(/^ +/gm, '')
  const licence = readFileSync(join(dirname(entry), '../../LICENSE.txt'), 'utf8').trim()
  return `/* MiniSearch\n${licence} */\n${bare}`
}

/** A file of templates/, as it is. */
export function readTemplate(path: string): string {
  return readFileSync(join(folder, path), 'utf8')
}
