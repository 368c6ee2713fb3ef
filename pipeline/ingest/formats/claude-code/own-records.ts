// What Claude Code keeps beside its logs: for how long it keeps these, and its own totals (stats-cache.json).
import { readFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { messageOf } from '../../../errors.js'
import * as z from '../../../zod.js'
import type { AgentTotal, AgentTotals, OwnRecords, ReportProblem } from '../format.js'

/** Where no settings file says otherwise. */
const usualCleanupDays = 30
/** "Never" is written as a number of days that nobody will see. */
const longestCleanupDays = 1_000_000

export const ownRecords: OwnRecords = {
  readCleanupDays,
  totalsFile: (place) => (basename(place) === 'projects' ? join(dirname(place), 'stats-cache.json') : null),
  parseTotals,
}

const settingsSchema = z.object({ cleanupPeriodDays: z.number().int().nonnegative().optional() })

/** Of two settings files the shorter period counts: either may hold when the agent starts and cleans up. */
async function readCleanupDays(place: string, report: ReportProblem): Promise<number | null> {
  const found: number[] = []
  for (const name of ['settings.json', 'settings.local.json']) {
    const file = join(dirname(place), name)
    try {
      const { cleanupPeriodDays } = settingsSchema.parse(JSON.parse(await readFile(file, 'utf8')))
      if (cleanupPeriodDays !== undefined) found.push(Math.min(cleanupPeriodDays, longestCleanupDays))
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') continue
      report(file, `expected settings with cleanupPeriodDays, a whole number of days; ${wrongWords(error)}`)
      return null
    }
  }
  return found.length === 0 ? usualCleanupDays : Math.min(...found)
}

/** A date, or an instant that begins with one. */
const date = z.string().refine((text) => isDate(text.slice(0, 10)), 'expected a date such as 2026-02-09')
const count = z.number().int().nonnegative().safe()
const dayCounts = z.object({ date }).catchall(z.unknown())
const cacheSchema = z
  .object({
    lastComputedDate: date.nullish().catch(null),
    firstSessionDate: date.nullish().catch(null),
    dailyActivity: z.array(z.unknown()).nullish(),
    dailyModelTokens: z.array(z.unknown()).nullish(),
    modelUsage: z.record(z.string(), z.unknown()).nullish(),
  })
  .catchall(z.unknown())

/** The names of its figures, and ours. */
const activityMeasures = {
  sessionCount: 'session_count',
  messageCount: 'message_count',
  toolCallCount: 'tool_call_count',
} as const
const allTimeMeasures = { totalSessions: 'session_count', totalMessages: 'message_count' } as const
const usageMeasures = {
  inputTokens: 'input_tokens',
  outputTokens: 'output_tokens',
  cacheReadInputTokens: 'cache_read_tokens',
  cacheCreationInputTokens: 'cache_write_tokens',
  webSearchRequests: 'web_search_count',
} as const

/** Throws where the text is not its format at all; a figure that is missing is left out, an odd one counted too. */
function parseTotals(text: string): AgentTotals {
  const cache = parseCache(text)
  const read = new FigureReader()
  read.figures(cache, allTimeMeasures, null, null)
  for (const day of cache.dailyActivity ?? [])
    read.day(day, (row, on) => read.figures(row, activityMeasures, on, null))
  for (const day of cache.dailyModelTokens ?? [])
    read.day(day, (row, on) => {
      for (const [model, amount] of entriesOf(row.tokensByModel))
        read.figure(amount, { localDate: on, measure: 'input_output_tokens', model })
    })
  for (const [model, usage] of entriesOf(cache.modelUsage))
    read.figures(recordOf(usage), usageMeasures, null, model)
  const days = read.totals.flatMap(({ localDate }) => localDate ?? []).sort()
  return {
    from: dayOf(cache.firstSessionDate) ?? days[0] ?? null,
    until: dayOf(cache.lastComputedDate) ?? days.at(-1) ?? null,
    totals: read.totals,
    oddCount: read.oddCount,
  }
}

function parseCache(text: string): z.output<typeof cacheSchema> {
  try {
    return cacheSchema.parse(JSON.parse(text))
  } catch (cause) {
    throw new Error(wrongWords(cause), { cause })
  }
}

/** Collects figures, and counts what was none or was there before. */
class FigureReader {
  private readonly seen = new Set<string>()
  readonly totals: AgentTotal[] = []
  oddCount = 0

  day(entry: unknown, use: (row: Record<string, unknown>, on: string) => void): void {
    const parsed = dayCounts.safeParse(entry)
    if (parsed.success) use(parsed.data, parsed.data.date.slice(0, 10))
    else this.oddCount += 1
  }

  figures(
    row: Readonly<Record<string, unknown>>,
    measures: Readonly<Record<string, AgentTotal['measure']>>,
    localDate: string | null,
    model: string | null,
  ): void {
    for (const [name, measure] of Object.entries(measures))
      if (row[name] !== undefined && row[name] !== null) this.figure(row[name], { localDate, measure, model })
  }

  figure(amount: unknown, of: Omit<AgentTotal, 'amount'>): void {
    const parsed = count.safeParse(amount)
    const key = JSON.stringify(of)
    if (!parsed.success || this.seen.has(key)) {
      this.oddCount += 1
      return
    }
    this.seen.add(key)
    this.totals.push({ ...of, amount: parsed.data })
  }
}

function isDate(text: string): boolean {
  const day = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text)
}

function recordOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}

function entriesOf(value: unknown): [string, unknown][] {
  return Object.entries(recordOf(value))
}

function dayOf(instant: string | null | undefined): string | null {
  return instant?.slice(0, 10) ?? null
}

/** Never the parser's own words: they quote the file, and settings can hold keys. */
function wrongWords(error: unknown): string {
  if (error instanceof SyntaxError) return 'it is not valid JSON'
  if (!(error instanceof z.ZodError)) return messageOf(error)
  const [issue] = error.issues
  return `${issue?.path.join('.') || 'the file'}: ${issue?.message ?? 'not as expected'}`
}
