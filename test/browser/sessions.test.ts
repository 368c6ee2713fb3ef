import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parsePeriod } from '../../pipeline/period.js'
import { realReportEffects, renderReport } from '../../pipeline/report/render.js'
import type { Transcript } from '../../pipeline/transcript.js'
import { chromiumMissing, launchChromium, openFile, type PageOptions } from '../support/chromium.js'
import { sampleContext } from '../support/report-config.js'
import { buildSampleWarehouse } from '../support/sample-warehouse.js'

const title = chromiumMissing ? `the sessions in Chromium (${chromiumMissing})` : 'the sessions in Chromium'
const week = parsePeriod('weekly', '2026-W07', 'monday')

/** The sample's sessions 22 to 43 lie in this week; session 25 is given a timeline whose every mark is known. */
const knownTimeline = `
  delete from marts.prompts where session_id = 'session-025';
  delete from marts.tool_calls where session_id = 'session-025';
  insert into marts.prompts by name select 'p' || i as prompt_id, 'session-025' as session_id, false as is_correction,
    date '2026-02-09' as local_date, timestamp '2026-02-09 10:00:00' + i * interval '30 minutes' as prompted_at,
    false as is_abandoned, 10 + i // 2 as local_hour, 1 as local_weekday from range(3) numbers(i);
  insert into marts.tool_calls by name select 't' || i as tool_call_id, 'session-025' as session_id,
    'claude-code' as source, 'Bash' as tool_name, 'shell' as tool_kind, i = 1 as is_error, false as is_subagent,
    date '2026-02-09' as local_date, timestamp '2026-02-09 10:00:10' + i * interval '10 seconds' as called_at
    from range(3) numbers(i);
  update marts.session_facets set underlying_goal = 'Chart the shoals off Kelpie Point' where session_id = 'session-025';`

const transcript: Transcript = {
  sessionId: 'session-025',
  title: null,
  messages: [
    {
      ordinal: 1,
      role: 'human',
      text: 'Where are the shoals?',
      at: '2026-02-09T10:00:00.000Z',
      toolCalls: [],
    },
    { ordinal: 2, role: 'assistant', text: 'Off the point.', at: '2026-02-09T10:00:20.000Z', toolCalls: [] },
  ],
}

describe.skipIf(chromiumMissing)(title, () => {
  let [file, wordsFile] = ['', '']
  let browser: Browser
  const open = (options: PageOptions = {}) => openFile(browser, file, options)
  const shownRows = (page: Page) => page.locator('table.sessions tr[data-n]:visible')
  const heading = (page: Page) => page.locator('.session:visible h3')
  const anchors = (page: Page) =>
    page.locator('article.session').evaluateAll((articles) => articles.map(({ id }) => id))

  beforeAll(async () => {
    const ctx = sampleContext()
    await buildSampleWarehouse(ctx.config.paths.warehouse, { extraSql: knownTimeline })
    file = (await renderReport(ctx, week)).indexHtml
    const privacy = { ...ctx.config.privacy, content: 'transcripts' as const }
    const wordy = sampleContext({ privacy })
    await buildSampleWarehouse(wordy.config.paths.warehouse, { extraSql: knownTimeline })
    const readTranscript = async (id: string) => (id === 'session-025' ? transcript : null)
    wordsFile = (await renderReport(wordy, week, { ...realReportEffects, readTranscript })).indexHtml
    browser = await launchChromium()
  })
  afterAll(() => browser?.close())

  test('a column sorts by pointer and by keyboard, says so, and days come back with the first', async () => {
    const { page, context, messages, requests } = await open()
    const costs = async () =>
      (await shownRows(page).locator('.cost').allTextContents()).map((text) =>
        Number(text.replace(/[^\d.]/g, '')),
      )
    await page.getByRole('button', { name: 'Cost' }).click()
    const dear = await costs()
    expect(dear).toEqual([...dear].sort((a, b) => b - a))
    expect(new Set(dear).size).toBeGreaterThan(5)
    expect(await page.evaluate(readSorts)).toEqual(['cost descending'])
    await page.keyboard.press('Enter')
    expect(await costs()).toEqual([...dear].sort((a, b) => a - b))
    expect(await page.locator('.sessions .day:visible').count()).toBe(0)
    await page.getByRole('button', { name: 'Began' }).click()
    expect(await page.evaluate(readSorts)).toEqual(['began ascending'])
    expect(await page.locator('.sessions .day:visible').count()).toBeGreaterThan(3)
    expect([messages, requests]).toEqual([[], [`file://${file}`]])
    await context.close()
  })

  test('filters and the search narrow the list, together, and say how far', async () => {
    const { page, context, messages } = await open()
    const all = await shownRows(page).count()
    expect(await page.getByRole('status').textContent()).toBe(`${all} sessions`)
    await page.getByRole('search').getByLabel('Project').selectOption('tidepool')
    const ofProject = await shownRows(page).count()
    expect(ofProject).toBeGreaterThan(0)
    expect(ofProject).toBeLessThan(all)
    expect(new Set(await shownRows(page).locator('.project').allTextContents())).toEqual(
      new Set(['tidepool']),
    )
    expect(await page.getByRole('status').textContent()).toBe(`${ofProject} of ${all} sessions`)
    await page.getByRole('button', { name: 'Clear' }).click()
    await page.getByRole('status').getByText(`${all} sessions`, { exact: true }).waitFor()
    await page.getByRole('search').getByLabel('only with problems').check()
    const withProblems = await shownRows(page).count()
    expect(withProblems).toBeGreaterThan(0)
    expect(withProblems).toBeLessThan(all)
    await page.getByRole('search').getByLabel('only with problems').uncheck()
    await page.getByRole('search').getByLabel('Search').fill('shoal kelp')
    expect(await shownRows(page).locator('b').allTextContents()).toEqual([
      'Chart the shoals off Kelpie Point',
    ])
    await page.getByRole('search').getByLabel('Search').fill('lamps tides environment')
    expect(await shownRows(page).count()).toBeGreaterThan(0)
    await page.getByRole('search').getByLabel('Search').fill('nothing of the kind')
    expect(await shownRows(page).count()).toBe(0)
    expect(messages).toEqual([])
    await context.close()
  })

  test('a session opens by keyboard as a page of its own; Escape, back and the link lead back to its line', async () => {
    const { page, context, messages } = await open()
    const link = page.getByRole('link', { name: 'Chart the shoals off Kelpie Point', exact: true })
    for (const leave of ['Escape', 'back', 'link']) {
      await link.focus()
      await page.keyboard.press('Enter')
      await heading(page).waitFor()
      expect(await heading(page).textContent()).toBe('Chart the shoals off Kelpie Point')
      expect(await page.evaluate('document.activeElement.tagName')).toBe('H3')
      expect(
        await page
          .locator('.masthead nav, .dateline, .letter, table.sessions, #cost, #trust')
          .filter({ visible: true })
          .count(),
      ).toBe(0)
      if (leave === 'Escape') await page.keyboard.press('Escape')
      else if (leave === 'back') await page.goBack()
      else await page.getByRole('link', { name: 'All sessions' }).filter({ visible: true }).click()
      await link.waitFor()
      expect(await page.evaluate('document.activeElement.textContent'), leave).toBe(
        'Chart the shoals off Kelpie Point',
      )
      expect(await heading(page).count()).toBe(0)
    }
    expect(messages).toEqual([])
    await context.close()
  })

  test('from page to page goes to the neighbours, and one step back leads to the list', async () => {
    const { page, context } = await open()
    await page.locator('.sessions a').first().click()
    const [first, second] = await anchors(page)
    await page.locator(`[id="${first}"]`).waitFor()
    await page.getByRole('link', { name: 'Next' }).filter({ visible: true }).click()
    await page.locator(`[id="${second}"]`).waitFor()
    await page.getByRole('link', { name: 'Previous' }).filter({ visible: true }).click()
    await page.locator(`[id="${first}"]`).waitFor()
    await page.goBack()
    await page.locator('table.sessions').waitFor()
    await context.close()
  })

  test('the address of a session opens it, and Escape leads to the list', async () => {
    const { page, context } = await open()
    const third = (await anchors(page))[2]
    await page.goto(`file://${file}#${third}`)
    await page.reload()
    await page.locator(`[id="${third}"] .replay`).waitFor()
    await page.keyboard.press('Escape')
    await page.locator('table.sessions').waitFor()
    await context.close()
  })

  test('the replay goes from mark to mark, to the next prompt and to its end, and plays', async () => {
    const { page, context, messages } = await open()
    await page.getByRole('link', { name: 'Chart the shoals off Kelpie Point', exact: true }).click()
    const replay = page.locator('.session:visible .replay')
    const moment = () => replay.locator('.moment').textContent()
    const tally = () => replay.locator('.tally').textContent()
    expect(await moment()).toBe('10:00:00 · You asked')
    await page.getByRole('slider').filter({ visible: true }).focus()
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('ArrowRight')
    expect(await moment()).toBe('10:00:20 · Shell failed')
    expect(await tally()).toBe('Turn 1 of 3 · 2 of 3 tool calls · 1 of 1 failed')
    await page.keyboard.press('PageUp')
    expect(await moment()).toBe('10:30:00 · You asked after a pause of 30 min')
    expect(await page.locator('.session:visible .turns .now td').first().textContent()).toBe('2')
    await page.keyboard.press('End')
    expect(await tally()).toBe('Turn 3 of 3 · 3 of 3 tool calls · 1 of 1 failed')
    expect(await page.getByRole('slider').filter({ visible: true }).getAttribute('aria-valuetext')).toContain(
      'turn 3 of 3',
    )
    await page.keyboard.press('Home')
    const before = await replay.locator('input').inputValue()
    await replay.getByRole('button', { name: 'Play' }).click()
    await replay.getByRole('button', { name: 'Pause' }).waitFor()
    await expect
      .poll(async () => Number(await replay.locator('input').inputValue()))
      .toBeGreaterThan(Number(before))
    await replay.getByRole('button', { name: 'Pause' }).click()
    await replay.getByRole('button', { name: 'Play' }).waitFor()
    expect(messages).toEqual([])
    await context.close()
  })

  test('without JavaScript a link opens the page, its turns are a table, and a link leads back', async () => {
    const { page, context } = await open({ javaScriptEnabled: false })
    expect(await page.locator('.finder').filter({ visible: true }).count()).toBe(0)
    await page.getByRole('link', { name: 'Chart the shoals off Kelpie Point', exact: true }).click()
    const article = page.locator('.session:visible')
    const rows = await page.evaluate(readCells)
    expect(rows).toEqual([
      ['1', '10:00', '', '30 s', '3 shell', '1'],
      ['2', '10:30', '30 min', '0 s', 'no tool', ''],
      ['3', '11:00', '30 min', '0 s', 'no tool', ''],
    ])
    expect(await article.locator('.judged').textContent()).toContain('Both harbours show the right tide now.')
    expect(await page.locator('.dateline').filter({ visible: true }).count()).toBe(0)
    await page.getByRole('link', { name: 'All sessions' }).filter({ visible: true }).click()
    await page.locator('table.sessions').waitFor()
    await context.close()
  })

  test.each([1280, 390])('at %i pixels no session’s page scrolls sideways', async (width) => {
    const { page, context, messages } = await open({ width })
    const all = await anchors(page)
    expect(all.length).toBeGreaterThan(20)
    for (const anchor of all.filter((_, i) => i % 4 === 0)) {
      await page.evaluate(`location.hash = '${anchor}'`)
      await page.locator(`[id="${anchor}"] .replay`).waitFor()
      expect(await page.evaluate('[document.documentElement.scrollWidth, innerWidth]')).toEqual([
        width,
        width,
      ])
    }
    expect(messages).toEqual([])
    await context.close()
  })

  test('with transcripts the words stand on the page and follow the replay; where a log is gone it says so', async () => {
    const { page, context, messages } = await openFile(browser, wordsFile)
    await page.getByRole('link', { name: 'Chart the shoals off Kelpie Point', exact: true }).click()
    const now = page.locator('.session:visible .words .now p')
    expect(await now.textContent()).toBe('Where are the shoals?')
    await page.getByRole('slider').filter({ visible: true }).focus()
    await page.keyboard.press('End')
    expect(await now.textContent()).toBe('Off the point.')
    await page.keyboard.press('Escape')
    await page.locator('.sessions a').first().click()
    await page.getByText('The log is gone, and its words with it.').filter({ visible: true }).waitFor()
    expect(messages).toEqual([])
    await context.close()
  })
})

/** Run in the page. */
const readSorts = `[...document.querySelectorAll('th[aria-sort]')].map(
  (head) => head.dataset.key + ' ' + head.getAttribute('aria-sort'))`
const readCells = `[...document.querySelectorAll('.session:target .turns tbody tr')].map(
  (row) => [...row.cells].map((cell) => cell.textContent.trim().replaceAll('\\u00a0', ' ')))`
