// Fills the Handlebars templates in templates/: everything is escaped unless it is our own drawing.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { packageRoot } from '../root.js'
import type { Column } from './table.js'

const folder = join(packageRoot, 'templates')

/** The page templates/pages/<name>.hbs with this view; a field it names and the view lacks is an error. */
export async function renderPage(name: string, view: object): Promise<string> {
  return renderTemplate(`pages/${name}.hbs`, { ...view, styles: readTemplate('styles.css') })
}

export async function renderTemplate(path: string, view: object): Promise<string> {
  const { default: Handlebars } = await import('handlebars')
  const handlebars = Handlebars.create()
  handlebars.registerHelper(
    'isNumber',
    (index: number, columns: readonly Column[]) => columns[index]?.isNumber,
  )
  handlebars.registerPartial('layout', readTemplate('layout.hbs'))
  for (const file of readdirSync(join(folder, 'partials')).sort()) {
    if (file.endsWith('.hbs'))
      handlebars.registerPartial(file.slice(0, -'.hbs'.length), readTemplate(`partials/${file}`))
  }
  return handlebars.compile(readTemplate(path), { strict: true })(view)
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

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}

function readTemplate(path: string): string {
  return readFileSync(join(folder, path), 'utf8')
}
