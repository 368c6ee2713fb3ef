// The totals in fixtures/logs/claude-code were worked out by hand; a second reader guards against slips.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { packageRoot } from '../../pipeline/root.js'
import { recount } from './recount.js'

const root = join(packageRoot, 'fixtures', 'logs', 'claude-code')
const folders = readdirSync(root).filter((name) => existsSync(join(root, name, 'expected.json')))

describe('the fixtures', () => {
  it('exist for every rule of reading these logs', () => {
    const shown = new Set(folders.map((name) => /^rule-(\d\d)-/.exec(name)?.[1]))
    const all = Array.from({ length: 20 }, (_, i) => String(i + 1).padStart(2, '0'))
    expect(all.filter((rule) => !shown.has(rule))).toEqual([])
  })

  it.each(folders)('%s: a naive reader arrives at the expected totals', (name) => {
    const { why, ...expected } = JSON.parse(readFileSync(join(root, name, 'expected.json'), 'utf8'))
    expect(why).toMatch(/[.)]$/)
    const counted = recount(readLogs(join(root, name, 'home', '.claude', 'projects')))
    const totals: Record<string, unknown> = {
      llm_calls: counted.llmCalls,
      input_tokens: counted.inputTokens,
      output_tokens: counted.outputTokens,
      cache_read_tokens: counted.cacheReadTokens,
      cache_write_tokens: counted.cacheWrite5mTokens + counted.cacheWrite1hTokens,
      cache_write_5m_tokens: counted.cacheWrite5mTokens,
      cache_write_1h_tokens: counted.cacheWrite1hTokens,
      sessions: counted.sessions,
      subagent_sessions: counted.subagentSessions,
      prompts: counted.prompts,
      tool_calls: counted.toolCalls,
      tool_errors: counted.toolErrors,
      rejects: counted.badLines,
      lines: counted.lines,
      blank_lines: counted.blankLines,
      loaded_lines: counted.lines - counted.blankLines - counted.badLines,
    }
    const shared = Object.entries(expected).filter(([key]) => key in totals)
    expect(totals).toMatchObject(Object.fromEntries(shared))
    if (expected.cost_usd) expect(expected.cost_usd).toBeGreaterThan(0)
  })
})

function readLogs(folder: string): Map<string, string> {
  const names = readdirSync(folder, { recursive: true }).map(String)
  const logs = names.filter((name) => name.endsWith('.jsonl')).sort()
  return new Map(logs.map((name) => [name, readFileSync(join(folder, name), 'utf8')]))
}
