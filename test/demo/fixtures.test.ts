// The totals in fixtures/logs/claude-code were worked out by hand; a second reader guards against slips.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { packageRoot } from '../../pipeline/root.js'
import { recount } from './recount.js'

const root = join(packageRoot, 'fixtures', 'logs', 'claude-code')
const folders = readdirSync(root).filter((name) => existsSync(join(root, name, 'expected.json')))

describe('the fixtures', () => {
  it('exist for every rule that ingest follows from the start', () => {
    const rules = [
      ...new Set(folders.map((name) => name.slice(0, 7)).filter((name) => name.startsWith('rule-'))),
    ]
    expect(rules.sort()).toEqual(
      ['01', '02', '03', '05', '06', '07', '08', '18', '19'].map((rule) => `rule-${rule}`),
    )
  })

  it.each(folders)('%s: a naive reader arrives at the expected totals', (name) => {
    const { why, cost_usd, loaded_lines, ...expected } = JSON.parse(
      readFileSync(join(root, name, 'expected.json'), 'utf8'),
    )
    expect(why).toMatch(/\.$/)
    const counted = recount(readLogs(join(root, name, 'home', '.claude', 'projects')))
    expect({
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
      rejects: counted.badLines,
      lines: counted.lines,
      blank_lines: counted.blankLines,
    }).toMatchObject(expected)
    if (loaded_lines) expect(counted.lines - counted.blankLines - counted.badLines).toBe(loaded_lines)
    if (cost_usd) expect(cost_usd).toBeGreaterThan(0)
  })
})

function readLogs(folder: string): Map<string, string> {
  const names = readdirSync(folder, { recursive: true }).map(String)
  const logs = names.filter((name) => name.endsWith('.jsonl')).sort()
  return new Map(logs.map((name) => [name, readFileSync(join(folder, name), 'utf8')]))
}
