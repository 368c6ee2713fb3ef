// The default provider: deterministic rules that need no key, explain themselves, and leave null what they cannot know.
import type { ExtractedFacets, FacetInput, FacetProvider } from './provider.js'
import { attribute } from './rules/context.js'
import { readConversation } from './rules/conversation.js'
import { findCorrections } from './rules/corrections.js'
import { judgeCutShort } from './rules/cut-short.js'
import { findFrictions } from './rules/frictions.js'
import { countGoals } from './rules/goal-category.js'
import { judgeOutcome } from './rules/outcome.js'
import { findRelations } from './rules/people.js'
import { findRetryLoops } from './rules/retry-loops.js'
import { judgeHelpfulness, judgeSatisfaction } from './rules/satisfaction.js'
import { judgeSessionType } from './rules/session-type.js'
import { findMissedSkills, skillsUsed } from './rules/skills.js'
import { briefSummary, frictionDetail, pivotTrigger, underlyingGoal } from './rules/summary.js'
import { countFiledNotes, estimateTimeSaved, findDecisions } from './rules/value.js'
import {
  completionChain,
  countArtifacts,
  countServerFailures,
  initiatedBy,
  primarySuccess,
  workflowOf,
} from './rules/work.js'
import type { Facets } from './schema.js'

export const rulesProvider: FacetProvider = {
  name: 'rules',
  promptVersion: 3,
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
  const judged = judgeOutcome(conversation, cutShort)
  const { outcome } = judged
  const corrections = findCorrections(conversation)
  const loops = findRetryLoops(conversation)
  const frictions = findFrictions(conversation, corrections, loops)
  const missed = findMissedSkills(conversation)
  const relations = findRelations(conversation)
  const decisions = findDecisions(conversation)
  const satisfaction = judgeSatisfaction(conversation, judged)
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
    brief_summary: briefSummary(conversation, judged),
    ...attribute(conversation),
    workflow_type: workflowOf(conversation, goals),
    initiated_by: initiatedBy(conversation),
    completion_chain: completionChain(conversation, goals, outcome),
    skills_used: skillsUsed(conversation),
    skills_missed: missed.names,
    course_corrections: corrections.count,
    retry_loops: loops.count,
    pivot_trigger: pivotTrigger(conversation, corrections),
    mcp_failures: countServerFailures(conversation),
    session_cut_short: cutShort.isCutShort,
    resumed_from: null,
    relationship_actions: relations.actions,
    outreach_type: relations.outreach,
    estimated_time_saved_minutes: estimateTimeSaved(conversation),
    artifacts_created: countArtifacts(conversation),
    knowledge_filed: countFiledNotes(conversation),
    decisions_made: decisions.count,
    evidence: [
      ...goals.evidence,
      ...judged.evidence,
      ...shape.evidence,
      ...cutShort.evidence,
      ...satisfaction.evidence,
      ...frictions.evidence,
      ...corrections.evidence,
      ...loops.evidence,
      ...missed.evidence,
      ...relations.evidence,
      ...decisions.evidence,
    ],
  }
}
