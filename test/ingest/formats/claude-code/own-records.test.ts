import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { ownRecords } from '../../../../pipeline/ingest/formats/claude-code/own-records.js'

function placeWith(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'debrief-own-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  const place = join(folder, 'projects')
  mkdirSync(place)
  return place
}

async function cleanupDays(files: Record<string, string>) {
  const problems: string[] = []
  const days = await ownRecords.readCleanupDays(placeWith(files), (path, message) =>
    problems.push(`${path.split('/').at(-1)}: ${message}`),
  )
  return { days, problems }
}

describe('how long Claude Code keeps its logs', () => {
  it('is 30 days where no settings say otherwise', async () => {
    expect(await cleanupDays({})).toEqual({ days: 30, problems: [] })
    expect(await cleanupDays({ 'settings.json': '{"model": "opus"}' })).toEqual({ days: 30, problems: [] })
  })

  it('is what the settings say, and of two the shorter', async () => {
    expect((await cleanupDays({ 'settings.json': '{"cleanupPeriodDays": 365}' })).days).toBe(365)
    const both = {
      'settings.json': '{"cleanupPeriodDays": 365}',
      'settings.local.json': '{"cleanupPeriodDays": 14}',
    }
    expect((await cleanupDays(both)).days).toBe(14)
  })

  it.each(['{"cleanupPeriodDays": "soon"}', '{"cleanupPeriodDays": -1}', '{"cleanupPeriodDays": 2.5}', '{,'])(
    'is not known, and the file is named, where they say %s',
    async (text) => {
      const { days, problems } = await cleanupDays({ 'settings.json': text })
      expect(days).toBeNull()
      expect(problems).toEqual([
        expect.stringMatching(/^settings\.json: expected settings with cleanupPeriodDays, a whole number/),
      ])
    },
  )
})

it('settings that are no JSON are not quoted, as they may hold a key', async () => {
  const { problems } = await cleanupDays({ 'settings.json': '{"env": {"TOKEN": "canary-5f2" "x": 1}}' })
  expect(problems).toEqual([expect.stringContaining('it is not valid JSON')])
  expect(problems.join()).not.toContain('canary')
})

describe('the totals of Claude Code', () => {
  const parse = (cache: object) => ownRecords.parseTotals(JSON.stringify(cache))

  it('lie beside the folder of its logs, and beside no other', () => {
    expect(ownRecords.totalsFile('/home/sam/.claude/projects')).toBe('/home/sam/.claude/stats-cache.json')
    expect(ownRecords.totalsFile('/home/sam/logs')).toBeNull()
  })

  it('are read by day, and for all time by model', () => {
    const { totals, ...rest } = parse({
      version: 1,
      lastComputedDate: '2026-02-08',
      firstSessionDate: '2026-01-05T09:00:00.000Z',
      totalSessions: 12,
      dailyActivity: [{ date: '2026-02-07', messageCount: 40, sessionCount: 2, toolCallCount: 9 }],
      dailyModelTokens: [{ date: '2026-02-07', tokensByModel: { 'model-a': 500 } }],
      modelUsage: { 'model-a': { inputTokens: 1, outputTokens: 2, cacheReadInputTokens: 3, costUSD: 0.5 } },
      hourCounts: { '9': 3 },
    })
    expect(rest).toEqual({ from: '2026-01-05', until: '2026-02-08', oddCount: 0 })
    expect(
      totals.map(({ localDate, measure, model, amount }) => [localDate, measure, model, amount]),
    ).toEqual([
      [null, 'session_count', null, 12],
      ['2026-02-07', 'session_count', null, 2],
      ['2026-02-07', 'message_count', null, 40],
      ['2026-02-07', 'tool_call_count', null, 9],
      ['2026-02-07', 'input_output_tokens', 'model-a', 500],
      [null, 'input_tokens', 'model-a', 1],
      [null, 'output_tokens', 'model-a', 2],
      [null, 'cache_read_tokens', 'model-a', 3],
    ])
  })

  it('may lack anything; then their days say what they cover', () => {
    expect(parse({})).toEqual({ from: null, until: null, totals: [], oddCount: 0 })
    expect(parse({ dailyActivity: [{ date: '2026-02-07', sessionCount: 1 }] })).toMatchObject({
      from: '2026-02-07',
      until: '2026-02-07',
    })
  })

  it('are left out one by one, and counted, where they are odd or there twice', () => {
    const { totals, oddCount } = parse({
      totalSessions: -3,
      dailyActivity: [
        { date: '2026-02-30', sessionCount: 1 },
        { date: '2026-02-07', sessionCount: 1.5, toolCallCount: 9 },
        { date: '2026-02-07', toolCallCount: 8 },
        'yesterday',
      ],
      modelUsage: { 'model-a': { inputTokens: 2 ** 60 } },
    })
    expect(totals).toEqual([{ localDate: '2026-02-07', measure: 'tool_call_count', model: null, amount: 9 }])
    expect(oddCount).toBe(6)
  })

  it.each(['{"dailyActivity": 7}', '[]', '"no"', '{"version": 1, "dailyAct'])(
    'are refused whole where the file is %s',
    (text) => expect(() => ownRecords.parseTotals(text)).toThrow(),
  )
})
