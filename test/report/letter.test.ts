import { beforeAll, describe, expect, test } from 'vitest'
import type { Config } from '../../pipeline/config.js'
import { knownNumbers, unknownNumbers } from '../../pipeline/number-check.js'
import { parsePeriod } from '../../pipeline/period.js'
import { type ReportData, readReportData } from '../../pipeline/report/data.js'
import { letterByRules, readLetter, rulesSignature, signed } from '../../pipeline/report/letter/letter.js'
import { pick, shortGoal } from '../../pipeline/report/letter/remarks.js'
import { shownData } from '../../pipeline/report/shown.js'
import { sampleContext } from '../support/report-config.js'
import { buildSampleWarehouse } from '../support/sample-warehouse.js'

const week = parsePeriod('weekly', '2026-W07', 'monday')
const context: Config['context'] = {
  businesses: [
    { slug: 'harbour', name: 'Harbour & Sons', projects: [] },
    { slug: 'school', name: 'Sailing School', projects: [] },
  ],
  priorities: [
    { slug: 'safe-boats', name: 'Safe Boats' },
    { slug: 'new-pier', name: 'New Pier' },
  ],
  skills: [{ name: 'compose', handles: 'writing an email' }],
  people: [{ name: 'Ada Quay' }],
  hourly_rate_usd: null,
}
const none = { businesses: [], priorities: [], skills: [], people: [], hourly_rate_usd: null }
const ctx = sampleContext()
let read: ReportData

beforeAll(async () => {
  await buildSampleWarehouse(ctx.config.paths.warehouse)
  read = await readReportData(ctx.config, week, ctx.now())
})

/** The sample week, bent, as the settings let it be shown. */
function letter(
  options: {
    context?: Config['context']
    rows?: Partial<ReportData['rows']>
    content?: 'none'
    isSoFar?: boolean
  } = {},
): string {
  const config = {
    ...ctx.config,
    context: options.context ?? none,
    privacy: { ...ctx.config.privacy, content: options.content ?? ('summaries' as const) },
  }
  const bent = { ...read, isSoFar: options.isSoFar ?? false, rows: { ...read.rows, ...options.rows } }
  const source = { data: shownData(bent, config), context: config.context }
  return letterByRules(source).replaceAll('\u00a0', ' ')
}

const headings = (text: string) => [...text.matchAll(/^### (.+)$/gm)].map(([, title]) => title)
const without = (role: string) => read.rows.headlines.filter((row) => row.period_role !== role)

test('an ordinary week is a lead and its sections, in no more than 500 words', () => {
  const text = letter()
  expect(text.split('\n\n')[0]).toMatch(/^You had 21 sessions on 7 days/)
  expect(headings(text)).toEqual([
    'Where your attention went',
    'Friction highlights',
    'System health',
    'What to try next',
  ])
  expect(text.split(/\s+/).length).toBeLessThan(500)
  expect(text).not.toMatch(/undefined|NaN|null|\[object/)
})

test('priorities, skills and people have sections only where the user named them', () => {
  const text = letter({ context })
  expect(headings(text).slice(1, 5)).toEqual([
    'Priority alignment',
    'Friction highlights',
    'Skills gap',
    'Relationship pulse',
  ])
  expect(text).toContain('Harbour \\& Sons had')
  expect(text).toMatch(/straight into your priorities, .* from .*: Safe Boats with \w+ sessions\./)
  expect(text).toContain('New Pier got no session.')
  expect(text).toMatch(/\/compose was waiting: \w+ sessions? did writing an email by hand/)
  expect(text).toMatch(/Your work touched Ada Quay in \w+ sessions/)
})

test('whom or what the user did not name is not told, although a facet names it', () => {
  const text = letter({ context: { ...none, people: [{ name: 'Somebody Else' }] } })
  expect(text).not.toContain('Ada Quay')
  expect(headings(text)).not.toContain('Relationship pulse')
})

describe('with nothing to compare with', () => {
  test.each([
    ['a first week', () => letter({ context, rows: { headlines: without('previous'), growth: [] } })],
    ['a running week', () => letter({ context, isSoFar: true })],
  ])('%s is not compared', (_what, write) => {
    expect(write()).not.toMatch(/the week before|up from|down from|than before|as before|better/)
  })
})

test('a week with hardly a session is a few sentences without sections', () => {
  const headlines = read.rows.headlines.map((row) =>
    row.period_role === 'current' ? { ...row, session_count: 2, subagent_count: 0 } : row,
  )
  const text = letter({ rows: { headlines } })
  expect(headings(text)).toEqual([])
  expect(text).toMatch(/^You had 2 sessions/)
})

test('a section without anything to say is left out', () => {
  const calm = letter({
    rows: {
      system_health: [],
      failing_tools: [],
      troubled_sessions: [],
      friction_kinds: [],
      friction_signals: [],
    },
  })
  expect(headings(calm)).not.toContain('System health')
  expect(calm).not.toMatch(/###[^\n]+\n\n(###|$)/)
})

test('with privacy.content none a session is named by day, work and project, and nothing is quoted', () => {
  const worst = read.rows.troubled_sessions[0]!.session_id
  const text = letter({ content: 'none' })
  expect(read.rows.sessions.find((row) => row.session_id === worst)?.underlying_goal).toBe('a goal')
  expect(letter()).toContain('“a goal” (')
  expect(text).toMatch(/rough(est)? sessions? was \w+day’s bug fixing/)
  expect(text).not.toMatch(/[“”]|a goal/)
})

test('every number of the letter follows from its data', () => {
  const text = letter({ context })
  // Shares, sums and rates of two rows are reckoned by the rules; what is left must stand in the rows.
  const counts = text.match(/\b\d+ (?:sessions|actions|days)\b/g) ?? []
  expect(counts.length).toBeGreaterThan(2)
  for (const claim of counts) expect(unknownNumbers(claim, knownNumbers(read.rows))).toEqual([])
})

test('the most telling remarks are picked, and keep their order', () => {
  const remark = (text: string, weight: number) => () => ({ text, weight, claims: [] })
  const source = { data: read, context: none }
  expect(
    pick(source, [remark('a', 0.1), remark('b', 0.9), () => null, remark('c', 0.5)], 2).map(
      ({ text }) => text,
    ),
  ).toEqual(['b', 'c'])
})

test('a goal is shortened at a word, and its own quotation marks do not end the quotation', () => {
  expect(shortGoal('Mend it.')).toBe('Mend it')
  expect(shortGoal('Say “yes”\n to all')).toBe('Say "yes" to all')
  const long = shortGoal(`${'word '.repeat(30)}end`)
  expect(long).toMatch(/word…$/)
  expect(long.length).toBeLessThan(75)
})

test('a letter is read back as it was signed, and three old sentences are by rules', () => {
  const text = 'One.\nTwo.\n\n### A\n\nThree *times*.'
  expect(readLetter(signed(text, 'Written by x_1 (a*b).'))).toEqual({
    lead: 'One.\nTwo.',
    markdown: text,
    signature: 'Written by x_1 (a*b).',
  })
  expect(readLetter('One.\nTwo.')).toEqual({
    lead: 'One.\nTwo.',
    markdown: 'One.\nTwo.',
    signature: rulesSignature,
  })
})
