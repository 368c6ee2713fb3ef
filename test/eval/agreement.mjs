// How far facets agree with labels of the same sessions, field by field; shared by the evaluation and its test.

/** From best to worst; `unclear_from_transcript` is no step among them. */
export const outcomeSteps = ['fully_achieved', 'mostly_achieved', 'partially_achieved', 'not_achieved']

/** The kinds that the labels tell; `no_results` is not among them. */
export const labelledFrictions = [
  'wrong_approach',
  'misunderstood_request',
  'buggy_code',
  'tool_limitation',
  'excessive_changes',
  'user_rejected_action',
  'loop_detected',
  'environment_issue',
]

const measures = [
  { field: 'outcome', measure: 'exact', label: 'outcome', read: ({ outcome }) => outcome, isNominal: true },
  {
    field: 'outcome',
    measure: 'within one step',
    label: 'outcome',
    read: ({ outcome }) => outcome,
    agrees: isWithinOneStep,
    goal: 0.9,
  },
  {
    field: 'goal category',
    measure: 'exact',
    label: 'goal_category',
    read: mainGoal,
    isNominal: true,
    goal: 0.6,
  },
  {
    field: 'session type',
    measure: 'exact',
    label: 'session_type',
    read: ({ session_type }) => session_type,
    isNominal: true,
  },
  { field: 'satisfaction', measure: 'exact', label: 'satisfaction', read: mainSatisfaction, isNominal: true },
  {
    field: 'helpfulness',
    measure: 'exact',
    label: 'helpfulness',
    read: ({ claude_helpfulness }) => claude_helpfulness,
    isNominal: true,
  },
  {
    field: 'corrections',
    measure: 'exact',
    label: 'course_corrections',
    read: ({ course_corrections }) => course_corrections,
  },
  {
    field: 'corrections',
    measure: 'within one',
    label: 'course_corrections',
    read: ({ course_corrections }) => course_corrections,
    agrees: (label, value) => value !== null && Math.abs(label - value) <= 1,
    goal: 0.85,
  },
  { field: 'retry loops', measure: 'exact', label: 'retry_loops', read: ({ retry_loops }) => retry_loops },
  {
    field: 'cut short',
    measure: 'exact',
    label: 'session_cut_short',
    read: ({ session_cut_short }) => session_cut_short,
    isNominal: true,
    goal: 0.9,
  },
]

/** @param judged of { label, facets }: a label without a field leaves it out, a facet that is null agrees with nothing */
export function compareFacets(judged) {
  return {
    sessionCount: judged.length,
    fields: [...measures.map((measure) => compareField(measure, judged)), compareAnyFriction(judged)],
    frictions: labelledFrictions.map((kind) => compareFriction(kind, judged)),
  }
}

function compareField({ field, measure, label: key, read, agrees, isNominal, goal }, judged) {
  const pairs = judged
    .filter(({ label }) => label[key] !== undefined && label[key] !== null)
    .map(({ label, facets }) => [label[key], read(facets) ?? null])
  const isSame = agrees ?? ((label, value) => label === value)
  return {
    field,
    measure,
    n: pairs.length,
    agreement: shareOf(pairs, ([label, value]) => isSame(label, value)),
    kappa: isNominal ? kappaOf(pairs) : null,
    goal: goal ?? null,
  }
}

/** Each session and kind is one answer: there or not. */
function compareAnyFriction(judged) {
  const pairs = judged.flatMap((pair) => labelledFrictions.map((kind) => frictionPair(kind, pair)))
  return {
    field: 'friction kinds',
    measure: 'each there or not',
    n: pairs.length,
    agreement: shareOf(pairs, ([label, value]) => label === value),
    kappa: kappaOf(pairs),
    goal: null,
  }
}

function compareFriction(kind, judged) {
  const pairs = judged.map((pair) => frictionPair(kind, pair))
  const labelled = pairs.filter(([label]) => label).length
  const found = pairs.filter(([, value]) => value).length
  const both = pairs.filter(([label, value]) => label && value).length
  return {
    kind,
    labelled,
    found,
    both,
    precision: found === 0 ? null : both / found,
    recall: labelled === 0 ? null : both / labelled,
  }
}

function frictionPair(kind, { label, facets }) {
  return [label.frictions.includes(kind), (facets.friction_counts?.[kind] ?? 0) > 0]
}

/** Cohen's kappa: agreement beyond chance; null where chance alone would agree always, or there is nothing to compare. */
export function kappaOf(pairs) {
  if (pairs.length === 0) return null
  const observed = shareOf(pairs, ([a, b]) => a === b)
  const values = [...new Set(pairs.flat())]
  const expected = values.reduce(
    (sum, value) => sum + shareOf(pairs, ([a]) => a === value) * shareOf(pairs, ([, b]) => b === value),
    0,
  )
  return 1 - expected < 1e-12 ? null : (observed - expected) / (1 - expected)
}

function shareOf(pairs, isMeant) {
  return pairs.length === 0 ? null : pairs.filter(isMeant).length / pairs.length
}

function isWithinOneStep(label, outcome) {
  const [a, b] = [outcomeSteps.indexOf(label), outcomeSteps.indexOf(outcome)]
  return label === outcome || (a >= 0 && b >= 0 && Math.abs(a - b) <= 1)
}

/** The main goal is told by its evidence; a judge that gives none is taken at what most prompts served. */
function mainGoal({ evidence, goal_categories }) {
  return (
    evidence.find(({ field, value }) => field === 'goal_categories' && value)?.value ??
    mostCounted(goal_categories)
  )
}

function mainSatisfaction({ user_satisfaction_counts }) {
  return mostCounted(user_satisfaction_counts)
}

function mostCounted(counts) {
  return Object.entries(counts ?? {}).sort(([, a], [, b]) => b - a)[0]?.[0] ?? null
}

/** One label a line; what is not a label is an error that names its line. */
export function parseLabels(text) {
  return text.split('\n').flatMap((line, i) => {
    if (line.trim() === '') return []
    const label = parseLine(line)
    if (typeof label?.session_id !== 'string' || !Array.isArray(label.frictions))
      throw new Error(
        `expected a label with session_id and frictions on line ${i + 1}, got ${line.slice(0, 80)}`,
      )
    return [label]
  })
}

function parseLine(line) {
  try {
    return JSON.parse(line)
  } catch {
    return null
  }
}
