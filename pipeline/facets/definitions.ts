// What each value means, worded so that two strangers pick the same one; a value without a meaning does not compile.
import type {
  FrictionKind,
  GoalCategory,
  Helpfulness,
  Outcome,
  SatisfactionKind,
  SessionType,
  WorkflowType,
} from './schema.js'

type Meanings<K extends string> = Readonly<Record<K, string>>

export const goalMeanings: Meanings<GoalCategory> = {
  implement_feature: 'new behaviour in a program, or existing behaviour extended',
  fix_bug:
    'something that does not work as it should is found or mended, failing tests and review findings included',
  refactor: 'same behaviour, better code: rename, move, simplify, remove what is unused',
  write_tests: 'tests are the thing asked for, not a by-product of a feature or fix',
  review_code: 'a change, branch or code base is judged, and findings are reported',
  explain_explore: 'the person wants to understand their own code, tools or data',
  docs: 'readme, changelog, comments or other text for readers',
  config_devops: 'settings, dependencies, builds, CI, deployment, the set-up of a machine or tool',
  git_ops: 'commits, branches, merges, conflicts, pull requests as such',
  plan_design: 'a plan, design or decision is the result wanted; nothing is built yet',
  research: 'information from outside the code base: web, products, papers, options compared',
  other: 'none of these',
}

export const outcomeMeanings: Meanings<Outcome> = {
  fully_achieved: 'everything asked for was done, and nothing in the log speaks against it',
  mostly_achieved: 'the main thing was done; something smaller is missing, unverified or left for later',
  partially_achieved: 'a real part was done, but the main thing is missing, fails, or was stopped half way',
  not_achieved:
    'nothing that the person asked for was delivered: refused or stopped before any change, given up, or failing at the end; a plan counts only where a plan was asked for',
  unclear_from_transcript:
    'the agent was still at work, or gaps hide the result, and no refusal, error or word of the person shows how it ended',
}

export const sessionTypeMeanings: Meanings<SessionType> = {
  quick_question: 'one or two questions answered without changing anything',
  single_task: 'one task, set at the start; later messages only approve it, move it on or put it right once',
  multi_task: 'two or more tasks that could have been separate sessions',
  iterative_refinement: 'one thing, reshaped over several rounds of feedback',
  exploration: 'understanding or researching at length; changes are not the point',
}

export const satisfactionMeanings: Meanings<SatisfactionKind> = {
  satisfied: 'thanks, praise, or says that it works',
  likely_satisfied:
    'approves without praise: "yes" or "go on" to work that is shown, "commit it", "now the next one"',
  neutral: 'comments on the result without saying whether it is good',
  dissatisfied: 'says that the result is wrong, missing or still broken',
  frustrated: 'shows anger: swearing, repeated complaints about one thing, giving up',
}

export const frictionMeanings: Meanings<FrictionKind> = {
  wrong_approach: 'understood the wish, but took a way that the person rejects or that had to be given up',
  misunderstood_request: 'worked on something other than what was meant',
  buggy_code:
    'code that the agent wrote in this session turns out broken, and it was not simply mended in its next step',
  tool_limitation: 'a tool cannot do what was needed: size limits, unsupported, time-outs, context used up',
  excessive_changes: 'did more than was asked: extra files, unwanted rewrites, over-engineering',
  user_rejected_action:
    'the person refused a tool call or interrupted the agent to stop one; it wins over wrong_approach where no reason was given. A refused plan is an approval, and no friction, where the next message begins “Implement the following plan”',
  loop_detected: 'the same failing action three times or more (see retry_loops)',
  environment_issue: "the machine's fault: missing program, permission, network, service down, wrong version",
  no_results: 'searches that found nothing, so often that it cost the session time',
}

export const helpfulnessMeanings: Meanings<Helpfulness> = {
  essential: 'the person could hardly have got there without it',
  very_helpful: 'did most of the work well',
  moderately_helpful: 'useful, but needed much steering, or left much undone',
  slightly_helpful: 'little of use remains',
  unhelpful: 'nothing of use, or harm',
}

export const workflowMeanings: Meanings<WorkflowType> = {
  email: 'messages are drafted, read or sorted',
  research: 'information is gathered',
  filing: 'notes, links or documents are put where they belong',
  'meeting-prep': 'a meeting is prepared or written up',
  agreement: 'contracts, terms, offers',
  'event-planning': 'an event is organised',
  'relationship-maintenance': 'keeping up with people',
  'skill-building': 'the agent itself gets new skills, commands or instructions',
  debugging: 'faults are looked for',
  'content-creation': 'texts, pages or media for readers',
  admin: 'upkeep of accounts, machines, repositories',
}

export const alignmentMeanings = {
  aligned: 'works directly on a priority',
  supportive: 'helps one indirectly',
  neutral: 'has nothing to do with any',
  drift: 'takes time away from them without a reason in the log',
} as const

export const outreachMeanings = {
  proactive: 'the user reaches out to somebody first',
  reactive: 'the user answers somebody',
  automated: 'it is sent without the user',
  none: 'nobody outside is written to',
} as const
