import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  demoOptions,
  type GeneratedTotals,
  generateDemo,
  generateLogs,
} from '../../pipeline/demo/generate.js'
import type { TokenTotals } from '../../pipeline/demo/totals.js'
import { createMemoryFiles } from './memory-files.js'
import { recount } from './recount.js'

const small = { folder: '/home', weeks: ['2026-W03'], sessionsPerWeek: 6, hasFaults: true } as const

describe('generated logs', () => {
  it('are the same bytes for the same seed', async () => {
    const [one, two] = [createMemoryFiles(), createMemoryFiles()]
    const totals = await generateLogs({ ...small, seed: 1 }, one)
    expect(await generateLogs({ ...small, seed: 1 }, two)).toEqual(totals)
    expect([...two.files]).toEqual([...one.files])
    expect(one.files.size).toBeGreaterThanOrEqual(6)
  })

  it('are other bytes for another seed', async () => {
    const [one, two] = [createMemoryFiles(), createMemoryFiles()]
    await generateLogs({ ...small, seed: 1 }, one)
    await generateLogs({ ...small, seed: 2 }, two)
    expect([...two.files.values()]).not.toEqual([...one.files.values()])
  })

  it.each([3, 4, 5])('hold the totals that a naive reader counts (seed %i)', async (seed) => {
    const memory = createMemoryFiles()
    const weeks = { firstMonday: '2026-01-05', weekCount: 4 }
    const totals = await generateLogs(
      { ...small, seed, weeks, sessionsPerWeek: 8, bytesPerSession: 200_000 },
      memory,
    )
    expectSameTotals(totals, memory.logs())
  })

  it('reach the size that is asked for', async () => {
    const memory = createMemoryFiles()
    await generateLogs({ ...small, seed: 6, bytesPerSession: 300_000, delegationShare: 0 }, memory)
    const sizes = [...memory.files.values()].map((content) => content.length)
    expect(sizes).toHaveLength(6)
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(300_000)
    expect(Math.max(...sizes)).toBeLessThan(600_000)
  })

  it('begin within the week, at working hours of the given offset', async () => {
    const memory = createMemoryFiles()
    const totals = await generateLogs({ ...small, seed: 7, utcOffsetMinutes: -300 }, memory)
    expect(Object.keys(totals.weeks)).toEqual(['2026-W03'])
    for (const content of memory.logs().values()) {
      const first = /"timestamp":"([^"]+)"/.exec(content)?.[1] ?? ''
      const localHour = new Date(Date.parse(first) - 300 * 60_000).getUTCHours()
      expect(localHour).toBeGreaterThanOrEqual(8)
    }
  })

  it('refuse a week that is none', async () => {
    await expect(generateLogs({ ...small, seed: 1, weeks: ['2026-7'] }, createMemoryFiles())).rejects.toThrow(
      'expected a week such as 2026-W07, got 2026-7',
    )
    const weeks = { firstMonday: '2026-01-06', weekCount: 1 }
    await expect(generateLogs({ ...small, seed: 1, weeks }, createMemoryFiles())).rejects.toThrow(
      'expected a Monday such as 2026-01-05, got 2026-01-06',
    )
  })
})

describe('the demo', () => {
  const memory = createMemoryFiles()
  let totals: GeneratedTotals
  let folder: string

  beforeAll(async () => {
    totals = await generateDemo('/home', memory)
    folder = await mkdtemp(join(tmpdir(), 'debrief-demo-'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  it('holds the totals that a naive reader counts', () => {
    expectSameTotals(totals, memory.logs())
  })

  it('spreads over six weeks in steps that rise and fall', () => {
    const sessions = Object.entries(totals.weeks).map(([week, { sessions }]) => [week, sessions])
    expect(sessions).toEqual(demoOptions.weeks.map((week, i) => [week, demoOptions.sessionsPerWeek[i]]))
  })

  it('stays small', () => {
    expect(totals.bytes).toBeLessThan(8_000_000)
  })

  it('adds up over weeks and over models', () => {
    const measures: (keyof TokenTotals)[] = ['llmCalls', 'inputTokens', 'outputTokens', 'cacheReadTokens']
    for (const groups of [Object.values(totals.weeks), Object.values(totals.models)])
      for (const measure of measures)
        expect(groups.reduce((sum, group) => sum + group[measure], 0)).toBe(totals[measure])
  })

  it('shows every kind of line, trouble and version that the report has something to say about', () => {
    const text = [...memory.files.values()].join('')
    const markers = [
      ...['"version":"1.0.17"', '"version":"2.0.76"', '"version":"2.1.81"', '"version":"2.1.205"'],
      ...['"type":"agent_progress"', '"type":"queued_command"', '"type":"ai-title"', '"type":"summary"'],
      ...['"type":"file-history-snapshot"', '"subtype":"compact_boundary"', '"isCompactSummary":true'],
      ...['[Request interrupted by user]', "The user doesn't want to proceed", '"model":"<synthetic>"'],
      ...['<command-name>', '<task-notification>', '<ide_opened_file>', '<system-reminder>', '"isMeta":true'],
      ...['"name":"Task"', '"name":"Agent"', '"name":"WebSearch"', '"name":"mcp__tracker__get_issue"'],
      ...['"name":"Skill"', 'git commit -m', 'git push', 'claude-preview-x', '.claude/worktrees/'],
    ]
    expect(markers.filter((marker) => !text.includes(marker))).toEqual([])
    const { badLines, gluedLines, rejections, interruptions, apiErrors, compactions, subagentSessions } =
      totals
    for (const count of [
      badLines,
      gluedLines,
      rejections,
      interruptions,
      apiErrors,
      compactions,
      subagentSessions,
    ])
      expect(count).toBeGreaterThan(0)
  })

  it('has sub-agents whose own file is gone and that live on in the parent', () => {
    const subagentFiles = [...memory.logs().keys()].filter((path) => path.includes('/subagents/'))
    expect(subagentFiles.length).toBeGreaterThan(0)
    expect(subagentFiles.length).toBeLessThan(totals.subagentSessions)
  })

  it('is written to disk byte for byte', async () => {
    expect(await generateDemo(folder)).toEqual(totals)
    const names = (await readdir(folder, { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    expect(names.sort()).toEqual([...memory.files.keys()].map((path) => relative('/home', path)).sort())
    for (const name of names)
      expect(await readFile(join(folder, name), 'utf8')).toBe(memory.files.get(`/home/${name}`))
  })
})

function expectSameTotals(totals: GeneratedTotals, logs: ReadonlyMap<string, string>): void {
  const { callsByModel, blankLines, ...counted } = recount(logs)
  expect(blankLines).toBe(0)
  expect(totals).toMatchObject(counted)
  expect(
    Object.fromEntries(Object.entries(totals.models).map(([model, { llmCalls }]) => [model, llmCalls])),
  ).toEqual(callsByModel)
  expect(totals.files).toBe(logs.size)
  expect(totals.bytes).toBe([...logs.values()].reduce((sum, content) => sum + Buffer.byteLength(content), 0))
}
