import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Config } from '../../pipeline/config.js'
import { unknownNumbers } from '../../pipeline/number-check.js'
import { parsePeriod } from '../../pipeline/period.js'
import type { Part } from '../../pipeline/report/contents.js'
import { type ReportData, type ReportQuery, readReportData } from '../../pipeline/report/data.js'
import { readLetter } from '../../pipeline/report/letter/letter.js'
import { reportText } from '../../pipeline/report/page.js'
import { renderReport } from '../../pipeline/report/render.js'
import { shownData } from '../../pipeline/report/shown.js'
import { readNumbers } from '../../pipeline/written-numbers.js'
import { sampleContext } from '../support/report-config.js'
import { hourlyRateUsd, knownOf } from '../support/report-facts.js'
import { buildSampleWarehouse } from '../support/sample-warehouse.js'
import { partsOfMarkdown, partsOfPage, type ShownPart } from '../support/shown-text.js'

/** Everything that can be named, so that each part has something to say. */
const context: Config['context'] = {
  ...sampleContext().config.context,
  businesses: ['harbour', 'school'].map((slug) => ({ slug, name: slug, projects: [] })),
  priorities: [{ slug: 'safe-boats', name: 'Safe boats' }],
  skills: [
    { name: '/tides', handles: 'tide tables' },
    { name: '/compose', handles: 'writing a letter' },
  ],
  people: [{ name: 'Ada Quay' }],
  hourly_rate_usd: hourlyRateUsd,
}

/** Numbers of rules and of names, the same whatever was logged. */
const fixedWords: readonly [words: string | RegExp, why: string][] = [
  [/the (?:four-week|three-month) median/g, 'which span is usual'],
  [/between 22:00 and 06:00/g, 'what counts as late'],
  ['a session for two counts for both', 'how a shared session counts'],
  [/^95\s% within$/g, 'the percentile, as the name of a column'],
  [/from three (?:weeks|months) on, over at most eight/g, 'from when on a trend is told'],
  [
    /the usual day of the two weeks before|a usual day of the two weeks before/g,
    'what a day is held against',
  ],
  [/five tips at most, and none that was given in the three weeks before/g, 'how tips are chosen'],
  [/Of advice that is three weeks old/g, 'when advice is checked'],
  ['changed by a fifth', 'what counts as moved'],
  [/Within seven days of this/g, 'what counts as soon'],
  [
    /0\.1 minutes for a line changed, 3 for a file, 1 for a command and 0\.5 for a lookup/g,
    'the estimate’s assumptions',
  ],
  ['never below 0 nor above 240', 'the estimate’s bounds'],
  [/the five before(?: it)?/g, 'the months that a target looks back on'],
  [/a tenth better/g, 'how far a target goes without a better month'],
]

interface Rendered {
  readonly data: ReportData
  readonly parts: readonly Part[]
  readonly page: readonly ShownPart[]
  readonly markdown: readonly ShownPart[]
  readonly json: {
    rows: Record<string, object[]>
    headlines: JsonHeadline[]
    figures: Record<string, number>
  }
  readonly digest: { sections: { heading: string; lines: string[] }[]; sentences: string[] }
}

interface JsonHeadline {
  readonly label: string
  readonly value: string
  readonly note: string
}

async function render(kind: 'weekly' | 'monthly', label: string): Promise<Rendered> {
  const ctx = sampleContext({ context }, '2026-03-02T00:00:00Z')
  await buildSampleWarehouse(ctx.config.paths.warehouse)
  const period = parsePeriod(kind, label, 'monday')
  const report = await renderReport(ctx, period)
  const read = (name: string) => readFileSync(join(report.folder, name), 'utf8')
  const data = shownData(await readReportData(ctx.config, period, ctx.now()), ctx.config)
  const letter = readLetter(report.narrative)
  const { parts } = reportText({ data, config: ctx.config, letter, conversations: new Map() })
  const page = partsOfPage(read('index.html'))
  return {
    data,
    parts,
    page,
    markdown: partsOfMarkdown(read('report.md'), parts),
    json: JSON.parse(read('report.json')),
    digest: JSON.parse(read('digest.json')),
  }
}

/** A part that tells of others is held against the queries of those that it links to as well. */
function queriesOf({ parts, page }: Rendered, index: number): ReportQuery[] {
  const ids = page.map(({ id }) => id)
  const linked = (page[index]?.links ?? []).map(
    (id) => parts[id.startsWith('session/') ? ids.indexOf('sessions') : ids.indexOf(id)],
  )
  return [...new Set([...(parts[index]?.queries ?? []), ...linked.flatMap((part) => part?.queries ?? [])])]
}

function untraced(rendered: Rendered, index: number, lines: readonly string[]): string[] {
  const known = knownOf(rendered.data, queriesOf(rendered, index))
  return lines.flatMap((line) =>
    unknownNumbers(withoutFixed(line), known).map((number) => `${number} in “${line}”`),
  )
}

function withoutFixed(line: string): string {
  return fixedWords.reduce((rest, [words]) => rest.replaceAll(words, ''), line)
}

/** As written; a hard space is a space. */
const numbersOf = (lines: readonly string[]) =>
  lines.flatMap((line) => readNumbers(line)).map(({ written }) => written.replaceAll(/\s/g, ' '))

/** How the page and the Markdown of a part disagree; null where they do not. */
function disagreement(page: ShownPart, markdown: ShownPart): string | null {
  // At a glance the page says once in a note, in words, what each line of the table says for itself.
  const figures = (numbers: string[]) => [...new Set(numbers.filter((number) => /\d/.test(number)))].sort()
  const order = (numbers: string[]) => (page.id === 'glance' ? figures(numbers) : numbers)
  const [onPage, inMarkdown] = [order(numbersOf(page.list)), order(numbersOf(markdown.lines))]
  const at = onPage.findIndex((number, i) => number !== inMarkdown[i])
  if (at < 0 && onPage.length === inMarkdown.length) return null
  return `${page.id}: ${onPage[at] ?? 'nothing'} on the page, ${inMarkdown[at < 0 ? onPage.length : at]} in Markdown`
}

/** Every number of a line with another digit in its last place, one at a time. */
function altered(line: string): string[] {
  return [...line.matchAll(/\d(?!\d)/g)].map(
    ({ index, 0: digit }) => line.slice(0, index) + ((Number(digit) + 3) % 10) + line.slice(index + 1),
  )
}

describe.each([
  ['week', 'weekly', '2026-W07'],
  ['month', 'monthly', '2026-02'],
] as const)('every number of the %s', (_name, kind, label) => {
  let rendered: Rendered
  beforeAll(async () => {
    rendered = await render(kind, label)
  }, 60_000)
  const problemsOf = (find: (part: ShownPart, index: number) => readonly (string | null)[]) =>
    rendered.page.flatMap((part, i) =>
      find(part, i).flatMap((problem) => (problem ? [`${part.id}: ${problem}`] : [])),
    )

  test('on the page, its charts’ labels included, follows from the queries that its part names', () => {
    expect(rendered.page.map(({ id }) => id)).toEqual(rendered.parts.map(partId))
    expect(numbersOf(rendered.page.flatMap(({ lines }) => lines)).length).toBeGreaterThan(2000)
    expect(
      problemsOf(({ lines, chartLabels }, i) => untraced(rendered, i, [...lines, ...chartLabels])),
    ).toEqual([])
  })

  test('in the Markdown does so too', () => {
    expect(problemsOf((_part, i) => untraced(rendered, i, rendered.markdown[i]!.lines))).toEqual([])
  })

  test('stands in both in the same order; at a glance each figure’s words stand in another one', () => {
    expect(problemsOf((part, i) => [disagreement(part, rendered.markdown[i]!)])).toEqual([])
  })

  test('in report.json is that of the queries, and its headlines are those of the page', () => {
    const { frozen_figures: _frozen, ...rows } = rendered.data.rows
    expect(rendered.json.rows).toEqual(JSON.parse(JSON.stringify(rows)))
    const glance = rendered.page[0]?.lines ?? []
    for (const headline of rendered.json.headlines) {
      const at = glance.indexOf(headline.label)
      expect(glance.slice(at, at + 3)).toEqual([headline.label, headline.value, headline.note])
    }
    const [current] = rendered.data.rows.headlines
    expect(rendered.json.figures).toMatchObject({
      session_count: current?.session_count,
      active_seconds: current?.active_seconds,
      cost_usd: current?.cost_usd,
      total_tokens: current?.total_tokens,
    })
  })

  test('in the digest stands on the page', () => {
    // The digest writes 8× where the page has a column of counts.
    const onPage = new Set(numbersOf(rendered.page.flatMap(({ lines }) => lines)))
    const { sections, sentences } = rendered.digest
    const told = numbersOf([...sections.flatMap(({ lines }) => lines), ...sentences].map(unmarked))
    expect(told.length).toBeGreaterThan(8)
    expect(told.filter((number) => !onPage.has(number.replace(/×$/, '')))).toEqual([])
  })

  test('would be missed if it changed: in one format always, in all at once more than eight times of ten', () => {
    for (const [i, part] of rendered.page.entries()) {
      const other = oneChanged(part.list)
      expect(
        other === null || disagreement({ ...part, list: other }, rendered.markdown[i]!),
        part.id,
      ).not.toBe(null)
    }
    const [caught, all] = mutationScore(rendered)
    expect(all).toBeGreaterThan(300)
    expect(caught / all).toBeGreaterThan(0.85)
  })
})

/** With one number changed; null where there is none. */
function oneChanged(lines: readonly string[]): string[] | null {
  for (const [at, line] of lines.entries())
    for (const other of altered(line))
      if (numbersOf([other]).join() !== numbersOf([line]).join()) return lines.with(at, other)
  return null
}

/** Of all numbers of three digits and more, altered one at a time, how many tracing alone finds out. */
function mutationScore(rendered: Rendered): [caught: number, all: number] {
  const results = rendered.page.flatMap(({ list }, i) => {
    const known = knownOf(rendered.data, queriesOf(rendered, i))
    return list
      .map(withoutFixed)
      .flatMap((line) => altered(line).filter((other) => isLong(newNumber(line, other))))
      .map((line) => unknownNumbers(line, known).length > 0)
  })
  return [results.filter(Boolean).length, results.length]
}

function newNumber(line: string, other: string): string {
  const before = numbersOf([line])
  return numbersOf([other]).find((number, i) => number !== before[i]) ?? ''
}

/** A small count is likely to be another count's as well. */
const isLong = (number: string) => number.replaceAll(/\D/g, '').length >= 3

function partId({ partial, view }: Part): string {
  const { id } = view as { id?: string }
  return id ?? (partial === 'at-a-glance' ? 'glance' : partial)
}

const unmarked = (markdown: string) => markdown.replaceAll(/\\(?=[^\w\s])|\*\*/g, '')
