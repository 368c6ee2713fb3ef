// What a reader sees of a page's parts, as text: one line a cell or paragraph, without SQL, scripts and drawings.

import type { Part } from '../../pipeline/report/contents.js'

export interface ShownPart {
  readonly id: string
  /** One entry a cell, heading or paragraph, in the order of the page. */
  readonly lines: readonly string[]
  /** Of these, what stands in Markdown too: all but the sessions' own pages. */
  readonly list: readonly string[]
  /** The ids within the page that it links to. */
  readonly links: readonly string[]
  /** The labels that charts write beside their marks; those of axes are scales and left out. */
  readonly chartLabels: readonly string[]
}

/** The parts of a report, in order. */
export function partsOfPage(html: string): ShownPart[] {
  const main = html.slice(html.indexOf('<main>'), html.lastIndexOf('</main>'))
  return [...main.matchAll(/<section [^>]*id="([\w-]+)"[^>]*>([\s\S]*?)<\/section>/g)].map(
    ([, id = '', inner = '']) => ({
      id,
      lines: linesOf(inner),
      list: linesOf(inner.split('<div class="pages">')[0] ?? ''),
      links: [...inner.matchAll(/ href="#([^"]+)"/g)].map(([, to = '']) => to),
      chartLabels: chartLabelsOf(inner),
    }),
  )
}

/** The same parts of the Markdown, each beginning where its own first block does. */
export function partsOfMarkdown(markdown: string, parts: readonly Part[]): ShownPart[] {
  let at = 0
  const starts = parts.map((part) => {
    at = markdown.indexOf(part.markdown.join('\n\n'), at)
    if (at < 0) throw new Error(`expected the Markdown of ${part.partial} in the report, found it nowhere`)
    return at
  })
  return parts.map((part, i) => {
    const lines = markdownLines(markdown.slice(starts[i], starts[i + 1]))
    return { id: part.partial, lines, list: lines, links: [], chartLabels: [] }
  })
}

function markdownLines(markdown: string): string[] {
  return markdown
    .split('\n')
    .filter((line) => !/^\| -/.test(line))
    .flatMap((line) => line.split(/(?<!\\)\|/))
    .map((cell) =>
      cell
        .replace(/\[([^\]]*)\]\(#[^)]*\)/g, '$1')
        .replace(/(?<!\\)(?:\*\*|[`*])/g, '')
        .replace(/\\([\\`*_{}[\]()#+\-.!|<>~&])/g, '$1')
        .replace(/^(?:#+|-|\d+\.) /, '')
        .trim(),
    )
    .filter((cell) => cell !== '')
}

/** What leads from part to part or stands for a reader's tools, and what only a drawing says. */
const unread = [
  /<details class="sql">[\s\S]*?<\/details>/g,
  /<script[\s\S]*?<\/script>/g,
  /<template[\s\S]*?<\/template>/g,
  /<form[\s\S]*?<\/form>/g,
  /<svg[\s\S]*?<\/svg>/g,
]

/** Elements that stand within a line. */
const inline = /<\/?(?:a|b|small|em|strong|code|q|i)(?:\s[^>]*)?>/g

function linesOf(html: string): string[] {
  const shown = unread.reduce((text, pattern) => text.replace(pattern, '\n'), html)
  return shown
    .replace(inline, '')
    .split(/<[^>]*>|\n/)
    .map((line) => unescaped(line).trim())
    .filter((line) => line !== '')
}

function chartLabelsOf(html: string): string[] {
  const marks = [...html.matchAll(/<g class="mark-text role-mark[^>]*>([\s\S]*?)<\/g>/g)]
  return marks.flatMap(([, inner = '']) =>
    [...inner.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text = '']) => unescaped(text)),
  )
}

function unescaped(text: string): string {
  return text
    .replaceAll(/&#x([\dA-F]+);/gi, (_all, code: string) => String.fromCodePoint(Number.parseInt(code, 16)))
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')
}
