// What a letter in a model's words speaks of: a sentence's part is known where its numbers and words fit one part alone.
import { knownNumbers, sentencesIn, unknownNumbers } from '../../number-check.js'
import type { ReportData } from '../data.js'
import { figureIn } from './figure-words.js'
import { type Claim, shortGoal, type Told } from './remarks.js'

interface Topic {
  readonly parts: readonly string[]
  readonly words: RegExp
  readonly rows: (data: ReportData) => unknown
}

/** What each part is called in a sentence, and the rows whose numbers it shows. */
const topics: readonly Topic[] = [
  {
    parts: ['cost-bridge', 'cost'],
    words: /\b(?:cost|spen[dt]|bill|price)|\$/i,
    rows: ({ rows }) => [
      rows.headlines.map(({ period_role, cost_usd }) => ({ period_role, cost_usd })),
      rows.cost_bridge,
      rows.cost_by_day_and_model,
    ],
  },
  {
    parts: ['attention'],
    words: /\b(?:project|hours?|time|active)\b/i,
    rows: ({ rows }) => [
      rows.attention_by_project,
      rows.headlines.map(({ period_role, active_seconds }) => ({ period_role, active_seconds })),
    ],
  },
  {
    parts: ['friction'],
    words: /\b(?:friction|correct|interrupt|refus|reject|retr(?:y|ies)|mend|recover)/i,
    rows: ({ rows }) => [rows.friction_kinds, rows.friction_signals, rows.friction_cost, rows.friction_trend],
  },
  {
    parts: ['tools'],
    words: /\b(?:tools?|calls?)\b/i,
    rows: ({ rows }) => [
      rows.tools,
      rows.headlines.map(({ period_role, tool_call_count, error_count }) => ({
        period_role,
        tool_call_count,
        error_count,
      })),
    ],
  },
  {
    parts: ['hours'],
    words: /\b(?:evening|night|morning|weekend|o’clock|prompts? (?:at|between))/i,
    rows: ({ rows }) => rows.when_you_worked,
  },
  {
    parts: ['letter-figures'],
    words: /\b(?:outcome|achieved|goal|test runs?|tests|compact|API|MCP)/i,
    rows: ({ rows }) => [rows.outcomes, rows.system_health],
  },
]

/** The claims of each sentence of a letter; sentences that fit no part, or several, have none. */
export function toldByMatch(markdown: string, data: ReportData): Told[] {
  const known = topics.map((topic) => ({ ...topic, numbers: knownNumbers(topic.rows(data)) }))
  const goals = goalsOf(data)
  return markdown
    .split('\n')
    .filter((line) => !/^\s*#/.test(line))
    .flatMap((line) => sentencesIn(line.replace(/^\s*(?:[-*+]|\d+[.)])\s+/, '')))
    .map((text) => {
      const quoted = quotedSessions(text, goals)
      const fitting = known.filter(
        ({ words, numbers }) => words.test(text) && unknownNumbers(text, numbers).length === 0,
      )
      // A sentence about a session gives that session's numbers.
      const isSure = quoted.length === 0 && fitting.length === 1 && isTelling(text)
      return { text, claims: [...quoted, ...(isSure ? [{ parts: fitting[0]!.parts }] : [])] }
    })
}

/** A small bare number fits too much to prove anything. */
function isTelling(text: string): boolean {
  const figure = figureIn(text)
  if (figure === null) return false
  return /[$%]|\d[ \u00a0](?:h|min|[kMB])\b/.test(figure) || Number(figure.replace(/[^\d.]/g, '')) >= 10
}

/** Sessions by their shortened goal; a goal that several share names none of them. */
function goalsOf({ rows }: ReportData): Map<string, string> {
  const goals = rows.sessions.flatMap((row) =>
    row.underlying_goal === null ? [] : [[shortGoal(row.underlying_goal), row.session_id] as const],
  )
  const counts = new Map<string, number>()
  for (const [goal] of goals) counts.set(goal, (counts.get(goal) ?? 0) + 1)
  return new Map(goals.filter(([goal]) => counts.get(goal) === 1))
}

function quotedSessions(text: string, goals: ReadonlyMap<string, string>): Claim[] {
  return [...text.matchAll(/[“"]([^”"]+)[”"]/g)].flatMap(([phrase, goal]) => {
    const sessionId = goals.get(shortGoal((goal ?? '').replace(/\\(?=[^\w\s])/g, '')))
    return sessionId === undefined ? [] : [{ parts: ['sessions'], sessionId, phrase }]
  })
}
