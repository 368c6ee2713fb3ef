// How the log's shape changed over the agent's versions, as far as a reader must cope with it.

export interface AgentVersion {
  readonly version: string
  readonly hasGitBranch: boolean
  /** Whether usage splits cache writes into 5-minute and 1-hour tiers. */
  readonly hasCacheTiers: boolean
  /** Which of a reply's lines carry its final output count. */
  readonly finalOutputOn: 'last' | 'every'
  /** Hook, command and sub-agent progress as lines of type `progress`. */
  readonly hasProgress: boolean
  /** Sub-agents' messages copied into the parent's file as progress. */
  readonly mirrorsSubagents: boolean
  /** `attachment`, `ai-title`, `last-prompt` and `permission-mode` lines. */
  readonly hasAttachments: boolean
  readonly hasPromptIds: boolean
  readonly delegationTool: 'Task' | 'Agent'
  /** A delegation answers at once; its result arrives later as a task notification. */
  readonly launchesAsync: boolean
}

const oldest: AgentVersion = {
  version: '1.0.17',
  hasGitBranch: false,
  hasCacheTiers: false,
  finalOutputOn: 'last',
  hasProgress: false,
  mirrorsSubagents: false,
  hasAttachments: false,
  hasPromptIds: false,
  delegationTool: 'Task',
  launchesAsync: false,
}
const v2: AgentVersion = {
  ...oldest,
  version: '2.0.76',
  hasGitBranch: true,
  hasCacheTiers: true,
  hasProgress: true,
}
const mirroring: AgentVersion = { ...v2, version: '2.1.29', mirrorsSubagents: true }
const lastMirroring: AgentVersion = {
  ...mirroring,
  version: '2.1.81',
  hasPromptIds: true,
  delegationTool: 'Agent',
}
const attaching: AgentVersion = {
  ...lastMirroring,
  version: '2.1.119',
  finalOutputOn: 'every',
  hasProgress: false,
  mirrorsSubagents: false,
  hasAttachments: true,
}
const newest: AgentVersion = { ...attaching, version: '2.1.205', launchesAsync: true }

/** Oldest first; the weight says how many sessions use it. */
export const agentVersions: readonly (readonly [AgentVersion, number])[] = [
  [oldest, 6],
  [v2, 8],
  [mirroring, 22],
  [lastMirroring, 22],
  [attaching, 30],
  [newest, 16],
]
