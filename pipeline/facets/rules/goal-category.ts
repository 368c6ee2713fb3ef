// What kinds of goals a session served: each prompt counts for the task it set or carried on.
import { evidenceFrom } from '../evidence.js'
import type { Evidence, GoalCategory } from '../schema.js'
import type { Conversation, Prompt } from './conversation.js'

export interface Goals {
  /** Prompts by the goal they served. */
  readonly counts: Partial<Record<GoalCategory, number>>
  readonly main: GoalCategory
  /** Tasks set one after the other, as often as the kind of goal changed. */
  readonly asks: readonly Prompt[]
  readonly evidence: readonly Evidence[]
}

/** A sign and its weight; at equal weight the earlier category wins. */
const signs: readonly (readonly [GoalCategory, number, RegExp])[] = [
  [
    'write_tests',
    4,
    /\b(?:add|write|create|extend|improve|need|missing|lacks?)\s(?:[^.\n]{0,30}\s)?tests?\b|\btest coverage\b/i,
  ],
  ['write_tests', 3, /\b(?:e2e|integration|unit|smoke) tests?\b|\b(?:run|use) (?:the )?test\b/i],
  [
    'docs',
    4,
    /\b(?:update|write|add|generate|document|create|improve)\b[^.\n]{0,60}(?:\breadmes?\b|\bchangelog\b|\bdocs?\b|\bdocumentation\b|\.md\b)/i,
  ],
  ['docs', 2, /\b(?:readme|changelog|docstrings?|documentation|release notes)\b/i],
  [
    'git_ops',
    4,
    /\b(?:resolve|fix|have|facing|are)\b[^.\n]{0,30}\bconflicts?\b|\b(?:rebase|cherry-pick|squash|merge) (?:on|onto|from|to|the|in|main|master|into|branch)\b/i,
  ],
  ['git_ops', 2, /^(?:please )?(?:commit|push|merge|rebase)\b|\b(?:open|create) a (?:pr|pull request)\b/i],
  [
    'review_code',
    4,
    /\b(?:review|audit|look (?:at|over))\b[^.\n]{0,30}\b(?:pr|pull request|branch|changes|diff|code|implementation|commits?)\b/i,
  ],
  ['review_code', 2, /\breview\b(?!\.)/i],
  [
    'fix_bug',
    4,
    /^(?:please |can you |let'?s )*fix(?:es|ed|ing)?\b|\bfix\b[^.\n]{0,40}\b(?:bug|test|error|issue|crash|failure)/i,
  ],
  [
    'fix_bug',
    4,
    /\b(?:i don'?t (?:see|get)|(?:does|do|did)(?:n'?t| not) (?:show|appear|work|load|start|return)|no longer (?:works?|shows?)|stopped working)\b/i,
  ],
  [
    'fix_bug',
    3,
    /\b(?:feedback|review comments?|(?:low|medium|high|critical) severity|bugs?|debug|regression|crash(?:es|ed)?|stack ?trace|broken|what'?s the problem)\b/i,
  ],
  ['fix_bug', 2, /\b(?:fix|errors?|fail(?:s|ed|ing|ure)?|not working|wrong|investigate|exception|panic)\b/i],
  [
    'refactor',
    4,
    /\b(?:refactor\w*|clean ?up|dedup\w*|duplicat\w+|consolidat\w+|simplif\w+|redundant|unused|dead code)\b/i,
  ],
  [
    'refactor',
    3,
    /\b(?:rename|extract|reorgani[sz]e|restructure|inline|move)\b|\breplace\b[^.\n]{0,80}\bwith\b/i,
  ],
  [
    'plan_design',
    4,
    /\b(?:brainstorm|design (?:a|the|an)|write (?:a|the) (?:plan|spec|design)|make a plan|plan (?:for|out|how)|architecture|rfc)\b/i,
  ],
  [
    'config_devops',
    3,
    /\b(?:ci|github actions?|workflow file|docker\w*|deploy\w*|terraform|kubernetes|environment variables?|env vars?|\.env|settings\.json|gitignore|gitleaks|pipeline|release process|install(?:er|ation)? script)\b/i,
  ],
  ['config_devops', 2, /\b(?:config\w*|settings?|set ?up|upgrade|bump|dependenc\w+|permissions?)\b/i],
  [
    'research',
    4,
    /^(?:please |can you |let'?s )*(?:research|survey|compare)\b|\bresearch (?:the|how|what|which|whether|on|into|about)\b|\b(?:deep dive|benchmark|find out (?:which|what))\b/i,
  ],
  [
    'explain_explore',
    4,
    /^(?:please |can you )*(?:explain|show me|walk me through|tell me|describe|summari[sz]e|help me understand)\b/i,
  ],
  ['explain_explore', 2, /^(?:how|what|where|why|when|which|who|is|are|does|do)\b|\bunderstand\b/i],
  [
    'implement_feature',
    4,
    /^(?:please |can you |let'?s |now )*(?:implement|build|add|create|introduce|support)\b|\bnew feature\b/i,
  ],
  [
    'implement_feature',
    3,
    /\b(?:i(?:'d| would) like to|i want to|we (?:need|want) to|should (?:also )?(?:be able|support|show|allow))\b/i,
  ],
  [
    'implement_feature',
    2,
    /\b(?:implement|add|create|build|make|update|change|adjust|allow|support|enable)\b/i,
  ],
]

const strongSign = 3
const takeover = 4

const commitPrefixes: Readonly<Record<string, GoalCategory>> = {
  feat: 'implement_feature',
  fix: 'fix_bug',
  docs: 'docs',
  refactor: 'refactor',
  test: 'write_tests',
  tests: 'write_tests',
  ci: 'config_devops',
  build: 'config_devops',
}

export function countGoals(conversation: Conversation): Goals {
  const counts: Goals['counts'] = {}
  const asks: Prompt[] = []
  let current: GoalCategory | null = null
  for (const prompt of conversation.prompts) {
    const category = goalSetBy(prompt, current)
    if (category !== null && category !== current) asks.push(prompt)
    current = category ?? current
    if (current !== null) counts[current] = (counts[current] ?? 0) + 1
  }
  if (current === null && conversation.prompts.length > 0) counts[categoryOfWork(conversation)] = 1
  const opening = asks[0] ?? conversation.prompts[0]
  const main = mainCategory(counts, opening ? categoryOf(opening.text) : null)
  return {
    counts,
    main,
    asks,
    evidence: opening ? [evidenceFrom('goal_categories', main, [opening.message])] : [],
  }
}

/** The opening sets the goal on any sign; what comes later needs a strong one, or it carries on. */
function goalSetBy(prompt: Prompt, current: GoalCategory | null): GoalCategory | null {
  if (current === null) return prompt.kind === 'go' ? null : categoryOf(prompt.text)
  return prompt.kind === 'ask' ? categoryOf(prompt.text, strongSign) : null
}

/** The category whose signs weigh most, or null where nothing points anywhere. */
export function categoryOf(text: string, leastWeight = 1): GoalCategory | null {
  const gist = gistOf(text)
  const weights = new Map<GoalCategory, number>()
  for (const [category, weight, sign] of signs)
    if (weight >= leastWeight && sign.test(gist))
      weights.set(category, Math.max(weight, weights.get(category) ?? 0))
  const [best] = [...weights].sort(([, a], [, b]) => b - a)
  return best?.[0] ?? null
}

/** The part that says what is wanted: a plan's heading, else the first lines. */
function gistOf(text: string): string {
  const heading = /^implement the following plan:\s*#+\s*([^\n]+)/i.exec(text)?.[1]
  // A file's name says nothing of the task, its extension may.
  return (heading ?? text.slice(0, 400)).replaceAll(/@?[\w.~-]*\/[\w./~-]*?(\.\w+)?(?=[\s,;:)]|$)/g, 'file$1')
}

/** The goal the session opened with, unless another took it over by far. */
function mainCategory(counts: Goals['counts'], opening: GoalCategory | null): GoalCategory {
  const ranked = Object.entries(counts).sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
  const [most, prompts] = ranked[0] ?? ['other', 0]
  const isOpening = opening !== null && prompts <= takeover * (counts[opening] ?? 0)
  return isOpening ? opening : (most as GoalCategory)
}

/** Where the words say nothing: the commits' prefixes, else what kind of file was changed. */
function categoryOfWork(conversation: Conversation): GoalCategory {
  for (const action of conversation.actions) {
    const prefix =
      action.kind === 'commit' ? /["'\n](\w+)(?:\([^)]*\))?!?: /.exec(action.target)?.[1] : undefined
    const category = prefix ? commitPrefixes[prefix] : undefined
    if (category) return category
  }
  const files = conversation.actions.filter(({ kind }) => kind === 'edit').map(({ target }) => target)
  if (files.length === 0) return 'other'
  if (files.every((file) => /\.(?:md|mdx|rst|adoc|txt)$/i.test(file))) return 'docs'
  return files.every((file) => /(?:^|[/_.-])(?:tests?|spec)(?:[/_.-]|$)/i.test(file))
    ? 'write_tests'
    : 'implement_feature'
}
