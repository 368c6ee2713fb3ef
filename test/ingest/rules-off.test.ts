// Every rule is held by a fixture: where the line that implements it says otherwise, its totals do not come out.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { CheckError } from '../../pipeline/errors.js'
import { claudeCodeMacros } from '../../pipeline/ingest/formats/claude-code/macros.js'
import type { Database } from '../../pipeline/warehouse/db.js'
import { sqlRoot } from '../../pipeline/warehouse/read-sql.js'
import { readFixture, runFixture } from './fixture-totals.js'

/** The SQL that is replaced while a rule is off, and how often that happened. */
const off = vi.hoisted(() => ({ piece: '', replacement: '', hits: 0, isGluedLost: false }))

vi.mock('../../pipeline/warehouse/db.js', async (importOriginal) => {
  const actual = await importOriginal<typeof import('../../pipeline/warehouse/db.js')>()
  const change = (sql: string): string => {
    if (off.piece === '' || !sql.includes(off.piece)) return sql
    off.hits += 1
    return sql.replaceAll(off.piece, () => off.replacement)
  }
  const changing = (db: Database): Database => ({
    ...db,
    run: (sql, values) => db.run(change(sql), values),
    rows: (sql, values) => db.rows(change(sql), values),
    connect: async () => changing(await db.connect()),
  })
  const openDatabase: typeof actual.openDatabase = async (...args) =>
    changing(await actual.openDatabase(...args))
  return { ...actual, openDatabase }
})

vi.mock('../../pipeline/ingest/split-objects.js', async (importOriginal) => {
  const actual = await importOriginal<typeof import('../../pipeline/ingest/split-objects.js')>()
  const splitObjects: typeof actual.splitObjects = (...args) => {
    const split = actual.splitObjects(...args)
    return off.isGluedLost ? { ...split, objects: [] } : split
  }
  return { ...actual, splitObjects }
})

/** A rule's fixture, where the rule is implemented (a file of sql/ or a macro), and its text with and without it. */
type Switch = readonly [fixture: string, place: string, on: string, off: string]

const deduplicated = 'intermediate/llm_calls_deduplicated'
const priced = 'intermediate/llm_calls_priced'
const ingest = 'ingest/claude_code'

const switches: readonly Switch[] = [
  ['rule-01-identity', 'staging/calls', '|| request_id', '|| request_id || file_id'],
  ['rule-02-streaming', deduplicated, 'output_tokens := output_tokens', 'output_tokens := -output_tokens'],
  ['rule-03-subagents', 'macro parent_of', "file_kind = 'subagent' or is_sidechain", 'false'],
  ['rule-04-btw-replay', deduplicated, 'where s.is_subagent', 'where false'],
  ['rule-05-background-copy', 'marts/events', 'h.event_uuid is null or', 'true or'],
  ['rule-05-fork', 'intermediate/prompts_deduplicated', 'by p.prompt_id', 'by p.prompt_id, p.session_id'],
  ['rule-05-resumed-twice', 'intermediate/session_claims', ':= holder_count', ':= 1'],
  ['rule-05-abandoned-branch', `${ingest}/abandoned`, 'newest_rank > 1', 'newest_rank > 99'],
  [
    'rule-06-compaction',
    `${ingest}/user_texts`,
    "when is_compaction or starts_with(logged_text, 'This",
    "when starts_with(logged_text, '-This",
  ],
  [
    'rule-07-synthetic',
    `${ingest}/calls`,
    "coalesce(model, '') <> '<synthetic>' and not is_api_error",
    'true',
  ],
  ['rule-08-human-prompts', 'macro human_text', 'then null else', 'then logged else'],
  ['rule-08-human-prompts', `${ingest}/user_texts`, "queued_mode = 'prompt'", "queued_mode = 'nothing'"],
  ['rule-08-prompt-source', `${ingest}/user_texts`, "then 'headless'", "then 'typed'"],
  ['rule-09-interruption-and-rejection', `${ingest}/user_texts`, "then 'interruption'", "then 'wrapper'"],
  ['rule-09-interruption-and-rejection', `${ingest}/user_texts`, 'in (from refusals)', 'is null'],
  ['rule-09-interruption-and-rejection', 'macro error_kind_of', "then 'rejected'", "then 'other'"],
  ['rule-10-cache-tiers', priced, '* cache_write_1h_rate', '* cache_write_5m_rate'],
  ['rule-11-long-context', priced, 'c.context_tokens > r.long', 'c.input_tokens > r.long'],
  ['rule-12-fast-mode', priced, "speed = 'fast'", "speed = 'nothing'"],
  ['rule-13-server-searches', priced, 'if(web_search_count = 0', 'if(true'],
  ['rule-13-searches-in-the-answer', deduplicated, 'cast(coalesce(s.web_search_count, 0) as bigint)', '0'],
  ['rule-13-inference-region', priced, 'coalesce(region_thousandths, 1000) as', '1000 as'],
  ['rule-13-advisor', `${ingest}/calls`, 'len(advisor_usage) > 0', 'len(advisor_usage) > 99'],
  [
    'rule-14-local-dates',
    'intermediate/local_quarters',
    "timezone(s.timezone, timezone('UTC', q.quarter_at)) - q.quarter_at",
    'interval (-5) hour',
  ],
  ['rule-15-unpriced-model', priced, 'left join rates', 'join rates'],
  ['rule-16-worktrees', 'macros', '|/\\.worktrees|', '|'],
  ['rule-16-windows-paths', 'macros', "replace(path, '\\', '/')", 'path'],
  [
    'rule-16-directory-changes',
    'intermediate/session_spine',
    'arg_min(working_directory',
    'arg_max(working_directory',
  ],
  ['rule-17-own-extraction', 'intermediate/extraction_sessions', "reference = 'debrief-", "reference = '-"],
  ['rule-18-mirrored-only', `${ingest}/lines`, "= 'agent_progress'", "= 'nothing'"],
  [
    'rule-20-retention',
    'staging/calls',
    'from raw.calls',
    'from raw.calls semi join (from state.files where not is_gone) using (file_id)',
  ],
]

beforeEach(() => {
  Object.assign(off, { piece: '', replacement: '', hits: 0, isGluedLost: false })
})

/** The SQL at a place, without its header: what is handed to the database whole. */
function sqlAt(place: string): string {
  if (place.startsWith('macro '))
    return claudeCodeMacros.find((macro) => macro.startsWith(`${place.slice('macro '.length)}(`)) ?? ''
  return readFileSync(join(sqlRoot, `${place}.sql`), 'utf8')
    .replace(/^(--.*\n)+/, '')
    .trim()
}

/** Whether the fixture's totals come out. A check may object first; any other error is one of the switch. */
async function comesOut(name: string): Promise<boolean> {
  const fixture = readFixture('claude-code', name)
  try {
    const { totals } = await runFixture(fixture)
    return JSON.stringify(sorted(totals)) === JSON.stringify(sorted(fixture.expected))
  } catch (error) {
    if (error instanceof CheckError) return false
    throw error
  }
}

function sorted(value: unknown): unknown {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value
  const entries = Object.entries(value).map(([key, inner]) => [key, sorted(inner)] as const)
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)))
}

describe('without its rule', () => {
  it.each(switches)('%s does not come out (%s)', async (name, place, on, without) => {
    const sql = sqlAt(place)
    expect(sql.split(on), `${place} is expected to say once: ${on}`).toHaveLength(2)
    Object.assign(off, { piece: sql, replacement: sql.replace(on, () => without) })
    expect(await comesOut(name)).toBe(false)
    expect(off.hits, `${place} is expected to be run`).toBeGreaterThan(0)
  })

  it('rule-19-glued-lines does not come out (split-objects.ts)', async () => {
    off.isGluedLost = true
    expect(await comesOut('rule-19-glued-lines')).toBe(false)
  })
})

describe('with all rules', () => {
  it('the comparison holds, so that what does not come out above does so for want of the rule', async () => {
    expect(await comesOut('rule-13-server-searches')).toBe(true)
  })

  it('every fixture of a rule is tried', () => {
    const rules = new Set(['19', ...switches.map(([name]) => name.slice(5, 7))])
    expect([...rules].sort()).toEqual(Array.from({ length: 20 }, (_, i) => String(i + 1).padStart(2, '0')))
  })
})
