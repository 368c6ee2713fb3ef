import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { parsePeriod } from '../../pipeline/period.js'
import { markdownAnchor } from '../../pipeline/report/anchors.js'
import { type ReportData, readReportData } from '../../pipeline/report/data.js'
import { figureIn } from '../../pipeline/report/letter/figure-words.js'
import { linkedHtml, linkedMarkdown, linkLetter } from '../../pipeline/report/letter/links.js'
import { toldByMatch } from '../../pipeline/report/letter/match.js'
import { renderReport } from '../../pipeline/report/render.js'
import { sampleContext } from '../support/report-config.js'
import { buildSampleWarehouse } from '../support/sample-warehouse.js'

const week = parsePeriod('weekly', '2026-W07', 'monday')
const ctx = sampleContext()
let data: ReportData
let html: string
let markdown: string
let json: { letter: { markdown: string; links: { phrase: string; part: string; href: string }[] } }

beforeAll(async () => {
  await buildSampleWarehouse(ctx.config.paths.warehouse)
  data = await readReportData(ctx.config, week, ctx.now())
  const { folder } = await renderReport(ctx, week)
  const read = (name: string) => readFileSync(join(folder, name), 'utf8')
  html = read('index.html')
  markdown = read('report.md')
  json = JSON.parse(read('report.json'))
})

describe('in a report', () => {
  test('every link within the page leads to something in it', () => {
    const ids = new Set([...html.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id))
    const hrefs = [...html.matchAll(/<a [^>]*href="#([^"]+)"/g)].map(([, href]) => href)
    expect(hrefs.length).toBeGreaterThan(20)
    expect(hrefs.filter((href) => !ids.has(href))).toEqual([])
  })

  test('every link within the Markdown leads to one of its headings', () => {
    const headings = [...markdown.matchAll(/^#+ (.+)$/gm)].map(([, text]) => `#${markdownAnchor(text!)}`)
    const hrefs = [...markdown.matchAll(/\]\((#[^)]+)\)/g)].map(([, href]) => href!)
    expect(hrefs.length).toBeGreaterThan(5)
    expect(hrefs.filter((href) => !headings.includes(href))).toEqual([])
  })

  test('each sentence of the letter by rules has a link, and page, Markdown and JSON have the same', () => {
    const linked = [...html.matchAll(/<a class="claim" href="([^"]+)"[^>]*>([^<]+)<\/a>/g)]
    expect(linked.map(([, href]) => href)).toEqual(json.letter.links.map(({ href }) => href))
    expect([...markdown.matchAll(/\[([^\]]+)\]\(#/g)].length).toBeGreaterThanOrEqual(linked.length)
    const told = json.letter.markdown.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
    const bare = told.filter((line) => !json.letter.links.some(({ phrase }) => line.includes(phrase)))
    expect(bare).toEqual([])
  })

  test('a session that the letter names leads to its own page', () => {
    const links = json.letter.links.filter(({ href }) => href.startsWith('#session/'))
    expect(links.length).toBeGreaterThan(0)
    expect(links.every(({ phrase }) => phrase.startsWith('“'))).toBe(true)
  })

  test('the kept letter has no link: it is frozen as text', () => {
    expect(json.letter.markdown).not.toMatch(/\]\(|[\ue000-\ue002]/)
  })
})

const targets = {
  anchors: new Map([
    ['cost', 'Cost'],
    ['tools', 'Tools'],
  ]),
  sessions: new Map([['s', '#session/3']]),
}

test('a claim whose part the page lacks, and a sentence that is not there, have no link', async () => {
  const told = [
    { text: 'It took $4.', claims: [{ parts: ['growth'] }] },
    { text: 'It took $5.', claims: [{ parts: ['growth', 'cost'] }] },
    { text: 'It took $6.', claims: [{ parts: ['cost'] }] },
  ]
  const { marked, links } = linkLetter('It took $4.\nIt took $5.', told, targets)
  expect(linkedMarkdown(marked, links)).toBe('It took $4.\nIt took [$5](#cost).')
  expect(await linkedHtml(marked, links)).toContain(
    '<a class="claim" href="#cost" aria-label="$5: Cost">$5</a>',
  )
})

test('what is quoted cannot break out of its link, and links that a letter brings along are words', async () => {
  const text = 'The worst was “<b onclick=x>\\*a”. [See](javascript:alert(1)) \ue0000\ue001'
  const phrase = '“<b onclick=x>\\*a”'
  const { marked, links } = linkLetter(
    text,
    [{ text: `The worst was ${phrase}.`, claims: [{ parts: ['cost'], sessionId: 's', phrase }] }],
    targets,
  )
  const page = await linkedHtml(marked, links)
  expect(page).toContain('href="#session/3"')
  expect(page.match(/<a /g)).toHaveLength(1)
  expect(page).not.toMatch(/<b|javascript/)
})

test('the figure of a sentence is its first that is neither quoted, nor a date, nor part of a name', () => {
  expect(figureIn('On 9 February claude-opus-4 had “12 things” in 31\u00a0% of calls.')).toBe('31\u00a0%')
  expect(figureIn('It took 5\u00a0h\u00a050\u00a0min.')).toBe('5\u00a0h\u00a050\u00a0min')
  expect(figureIn('You stopped it three\u00a0times.')).toBe('three\u00a0times')
  expect(figureIn('Nothing to count here.')).toBeNull()
})

describe('a letter in other words', () => {
  const claimsOf = (text: string) => toldByMatch(text, data).flatMap(({ claims }) => claims)
  const cost = () => data.rows.headlines.find((row) => row.period_role === 'current')!.cost_usd

  test('is linked where a number and a word fit one part alone', () => {
    expect(claimsOf(`The bill came to $${cost().toFixed(2)}.`)).toEqual([{ parts: ['cost-bridge', 'cost'] }])
  })

  test('is not where the number is none of that part’s, or the part is not named, or it is small', () => {
    expect(claimsOf(`The bill came to $${(cost() * 3.7).toFixed(2)}.`)).toEqual([])
    expect(claimsOf(`It all added up to ${cost().toFixed(2)}.`)).toEqual([])
    expect(claimsOf('You spent it on 3 things.')).toEqual([])
  })

  test('is not where a goal is that of several sessions', () => {
    expect(claimsOf('The worst was “a goal”.')).toEqual([])
    const rows = { ...data.rows, sessions: data.rows.sessions.slice(0, 1) }
    expect(toldByMatch('The worst was “a goal”.', { ...data, rows })[0]?.claims).toMatchObject([
      { sessionId: data.rows.sessions[0]!.session_id, phrase: '“a goal”' },
    ])
  })
})
