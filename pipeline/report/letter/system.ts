// System health: the machinery behind the work, told only where it failed, moved, or ran by itself.
import { currentRow, previousRow } from '../figures.js'
import { capitalised, formatCount, formatDollars, formatShare } from '../format.js'
import {
  against,
  costShare,
  isComparable,
  type LetterSection,
  type LetterSource,
  movement,
  partOf,
  type Sentence,
  section,
  shownIn,
  some,
} from './remarks.js'
import type { SystemHealthRow } from './rows.js'

export function systemLetter(source: LetterSource): LetterSection | null {
  return section(source, 'System health', [failingTool, tests, apiErrors, servers, compactions, headless], 3)
}

/** The tool with most failures, where it fails more often than the others. */
const failingTool: Sentence = (source) => {
  const all = currentRow(source.data)
  const [row] = source.data.rows.failing_tools
    .filter((tool) => tool.error_count >= 5)
    .sort((a, b) => b.error_count * b.error_share - a.error_count * a.error_share)
  if (!row || row.error_share < 0.05) return null
  const name = toolName(row.tool_name)
  const part = row.error_count / Math.max(1, all.error_count)
  const before = row.previous_call_count >= 20 && isComparable(source)
  const moved = before ? Math.abs(row.error_share - row.previous_error_share) : 0
  return {
    claims: shownIn('tools'),
    weight: 0.3 + row.error_share + moved * 2,
    text: `${row.error_share === 1 ? `All ${formatCount(row.call_count)} calls of ${name} failed` : `${name} failed in ${partOf(row.error_count, row.call_count, 'calls')}`}${
      before ? against(source, row.previous_error_share, row.error_share, formatShare) : ''
    }${part >= 0.5 && all.error_count > row.error_count ? `; that is ${formatShare(part)} of all failures` : ''}.`,
  }
}

/** mcp__calendar__list_events → "list_events of calendar" */
function toolName(name: string): string {
  const mcp = /^mcp__(.+?)__(.+)$/.exec(name)
  return mcp ? `${mcp[2]} of ${mcp[1]}` : name
}

const tests: Sentence = (source) => {
  const { now, before } = health(source)
  if (!now || now.test_run_count < 5) return null
  const share = now.failed_test_run_count / now.test_run_count
  const was =
    before && before.test_run_count >= 5 ? before.failed_test_run_count / before.test_run_count : null
  const ran = `Tests ran ${formatCount(now.test_run_count)} times`
  const failed =
    now.failed_test_run_count === 0 ? 'and never failed' : `and failed in ${formatShare(share)} of them`
  return {
    claims: shownIn('letter-figures'),
    weight: 0.2 + share / 2 + (was === null || !isComparable(source) ? 0 : Math.abs(share - was)),
    text: `${ran} ${failed}${was === null || share === 0 ? '' : against(source, was, share, formatShare)}.`,
  }
}

const apiErrors: Sentence = (source) => {
  const { now, before } = health(source)
  if (!now || now.api_error_count < 2) return null
  const was = before?.api_error_count ?? 0
  return {
    claims: shownIn('letter-figures'),
    weight: 0.3 + movement(was, now.api_error_count) / 3,
    text: `The API answered with an error ${formatCount(now.api_error_count)} times${against(source, was, now.api_error_count)}.`,
  }
}

const servers: Sentence = (source) => {
  const { now, before } = health(source)
  if (!now || now.mcp_error_count < 2) return null
  const share = now.mcp_error_count / now.mcp_call_count
  const was = before && before.mcp_call_count > 0 ? before.mcp_error_count / before.mcp_call_count : null
  return {
    claims: shownIn('letter-figures'),
    weight: 0.3 + share,
    text: `MCP servers failed in ${partOf(now.mcp_error_count, now.mcp_call_count, 'calls')}${was === null ? '' : against(source, was, share, formatShare)}.`,
  }
}

const compactions: Sentence = (source) => {
  const { now, before } = health(source)
  const was = before?.compaction_count ?? 0
  if (!now || now.compaction_count < 3) return null
  return {
    claims: shownIn('letter-figures'),
    weight: 0.2 + movement(was, now.compaction_count) / 3,
    text: `Contexts filled up and were compacted ${formatCount(now.compaction_count)} times${against(source, was, now.compaction_count)}.`,
  }
}

/** Sessions that a program started: what runs while nobody looks. */
const headless: Sentence = (source) => {
  const { now, before } = health(source)
  if (!now || now.headless_count < 2) return null
  const was = before?.headless_count ?? 0
  const all = Math.max(1, currentRow(source.data).session_count)
  const cost =
    now.headless_cost_usd >= 0.01 && currentRow(source.data).unpriced_call_count === 0
      ? `; together they cost ${formatDollars(now.headless_cost_usd)}`
      : ''
  return {
    claims: shownIn('letter-figures'),
    weight: 0.2 + Math.max(costShare(source, now.headless_cost_usd), now.headless_count / all / 2),
    text: `${capitalised(some(now.headless_count, 'session'))} ran without anybody typing${against(source, was, now.headless_count)}${cost}.`,
  }
}

function health(source: LetterSource): { now: SystemHealthRow | null; before: SystemHealthRow | null } {
  const find = (role: string) =>
    source.data.rows.system_health.find((row) => row.period_role === role) ?? null
  return { now: find('current'), before: previousRow(source.data) ? find('previous') : null }
}
