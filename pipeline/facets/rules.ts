// The default provider: deterministic rules that need no key, explain themselves, and leave null what they cannot know.
import type { ExtractedFacets, FacetInput, FacetProvider } from './provider.js'
import { attribute } from './rules/context.js'
import { readConversation } from './rules/conversation.js'
import { findCorrections } from './rules/corrections.js'
import { judgeCutShort } from './rules/cut-short.js'
import { findFrictions } from './rules/frictions.js'
import { countGoals } from './rules/goal-category.js'
import { judgeOutcome } from './rules/outcome.js'
import { findRetryLoops } from './rules/retry-loops.js'
import { judgeHelpfulness, judgeSatisfaction } from './rules/satisfaction.js'
import { judgeSessionType } from './rules/session-type.js'
import { briefSummary, frictionDetail, pivotTrigger, underlyingGoal } from './rules/summary.js'
import {
  completionChain,
  countArtifacts,
  countServerFailures,
  initiatedBy,
  primarySuccess,
  skillsUsed,
  workflowOf,
} from './rules/work.js'
import type { Facets } from './schema.js'

export const rulesProvider: FacetProvider = {
  name: 'rules',
  promptVersion: 2,
  model: null,
  extract: async (input): Promise<ExtractedFacets> => ({ facets: judgeByRules(input), costUsd: 0 }),
  inBatches: null,
}

/** Every field, judged from one reading of the conversation. */
export function judgeByRules(input: FacetInput): Facets {
  const conversation = readConversation(input)
  const goals = countGoals(conversation)
  const shape = judgeSessionType(conversation, goals)
  const cutShort = judgeCutShort(conversation)
  const { outcome, evidence: outcomeEvidence } = judgeOutcome(conversation, cutShort)
  const corrections = findCorrections(conversation)
  const loops = findRetryLoops(conversation)
  const frictions = findFrictions(conversation, corrections, loops)
  const satisfaction = judgeSatisfaction(conversation, outcome)
  return {
    underlying_goal: underlyingGoal(conversation),
    goal_categories: goals.counts,
    outcome,
    user_satisfaction_counts: satisfaction.counts,
    claude_helpfulness: judgeHelpfulness(outcome, corrections),
    session_type: shape.type,
    friction_counts: frictions.counts,
    friction_detail: frictionDetail(frictions),
    primary_success: primarySuccess(conversation, outcome),
    brief_summary: briefSummary(conversation, outcome, cutShort.isCutShort),
    ...attribute(conversation),
    workflow_type: workflowOf(goals),
    initiated_by: initiatedBy(conversation),
    completion_chain: completionChain(conversation, goals, outcome),
    skills_used: skillsUsed(conversation),
    skills_missed: null,
    course_corrections: corrections.count,
    retry_loops: loops.count,
    pivot_trigger: pivotTrigger(conversation, corrections),
    mcp_failures: countServerFailures(conversation),
    session_cut_short: cutShort.isCutShort,
    resumed_from: null,
    relationship_actions: null,
    outreach_type: null,
    estimated_time_saved_minutes: null,
    artifacts_created: countArtifacts(conversation),
    knowledge_filed: null,
    decisions_made: null,
    evidence: [
      ...goals.evidence,
      ...outcomeEvidence,
      ...shape.evidence,
      ...cutShort.evidence,
      ...satisfaction.evidence,
      ...frictions.evidence,
      ...corrections.evidence,
      ...loops.evidence,
    ],
  }
}
