// How many sessions have facets of those that are to have them, in figures and in words: the same in every place that says it.

/** Sessions that are alike in all of these; nulls as in the mart facet_coverage. */
export interface CoverageRow {
  readonly ineligible_reason: string | null
  readonly extractor: string | null
  readonly asked_extractor: string | null
  readonly stand_in_reason: string | null
  readonly session_count: number
  readonly evidence_count: number
  readonly verified_evidence_count: number
}

export interface Coverage {
  readonly eligible_count: number
  readonly with_facets_count: number
  readonly ineligible: readonly { readonly reason: string; readonly session_count: number }[]
  readonly extractors: readonly { readonly extractor: string; readonly session_count: number }[]
  /** Sessions that rules judged in the place of who was asked. */
  readonly stand_ins: readonly {
    readonly asked_extractor: string
    readonly reason: string
    readonly session_count: number
  }[]
  readonly evidence_count: number
  readonly verified_evidence_count: number
}

const reasons = ['subagent', 'too_few_prompts', 'still_active', 'warm_up', 'own_extraction']

export function coverageOf(rows: readonly CoverageRow[]): Coverage {
  const eligible = rows.filter((row) => row.ineligible_reason === null)
  const judged = eligible.filter((row) => row.extractor !== null)
  const count = (some: readonly CoverageRow[]) => some.reduce((total, row) => total + row.session_count, 0)
  const standIns = judged.filter((row) => row.extractor === 'rules' && row.stand_in_reason !== null)
  const extractors = [...new Set(judged.map((row) => row.extractor ?? ''))].sort()
  return {
    eligible_count: count(eligible),
    with_facets_count: count(judged),
    ineligible: reasons
      .map((reason) => ({
        reason,
        session_count: count(rows.filter((row) => row.ineligible_reason === reason)),
      }))
      .filter(({ session_count }) => session_count > 0),
    extractors: extractors.map((extractor) => ({
      extractor,
      session_count: count(judged.filter((row) => row.extractor === extractor)),
    })),
    stand_ins: standIns.map((row) => ({
      asked_extractor: row.asked_extractor ?? '',
      reason: row.stand_in_reason ?? '',
      session_count: row.session_count,
    })),
    evidence_count: judged.reduce((total, row) => total + row.evidence_count, 0),
    verified_evidence_count: judged.reduce((total, row) => total + row.verified_evidence_count, 0),
  }
}

/** 98 of 99 eligible sessions have facets (not eligible: 62 sub-agents, 12 with too few prompts) */
export function coverageWords(coverage: Coverage): string {
  const { eligible_count: all, with_facets_count: some, ineligible } = coverage
  const head = `${counted(some)} of ${counted(all)} eligible ${all === 1 ? 'session has' : 'sessions have'} facets`
  if (ineligible.length === 0) return head
  return `${head} (not eligible: ${ineligible.map(ineligibleWords).join(', ')})`
}

function ineligibleWords({ reason, session_count: n }: Coverage['ineligible'][number]): string {
  const [one, many] = ineligibleNouns[reason] ?? [reason, reason]
  return `${counted(n)} ${n === 1 ? one : many}`
}

const ineligibleNouns: Readonly<Record<string, readonly [string, string]>> = {
  subagent: ['sub-agent', 'sub-agents'],
  too_few_prompts: ['with too few prompts', 'with too few prompts'],
  still_active: ['still active', 'still active'],
  warm_up: ['warm-up', 'warm-ups'],
  own_extraction: ['of Debrief’s own', 'of Debrief’s own'],
}

/** Rules stood in for anthropic in 3 sessions (2 refused, 1 over budget); empty where they did not. */
export function standInWords({ stand_ins: standIns }: Coverage): string {
  const asked = [...new Set(standIns.map((row) => row.asked_extractor))].sort()
  return asked
    .map((name) => {
      const own = standIns.filter((row) => row.asked_extractor === name)
      const n = own.reduce((total, row) => total + row.session_count, 0)
      const why = own.map((row) => `${counted(row.session_count)} ${row.reason.replaceAll('_', ' ')}`).sort()
      return `Rules stood in for ${name} in ${counted(n)} ${n === 1 ? 'session' : 'sessions'} (${why.join(', ')})`
    })
    .join('; ')
}

/** What was asked of one provider in a month, as the mart model_requests has it. */
export interface Spending {
  readonly month: string
  readonly provider: string
  readonly request_count: number
  readonly session_count: number
  readonly total_tokens: number
  readonly cost_usd: number | string
  /** Requests whose price is not known. */
  readonly unpriced_count: number
}

/** 2026-02: 312 sessions, 1.2M tokens, $0.41 of $10 with anthropic */
export function spendingWords(row: Spending, maxUsd: number): string {
  const sessions = `${counted(row.session_count)} ${row.session_count === 1 ? 'session' : 'sessions'}`
  const known = `${row.unpriced_count > 0 ? '≥ ' : ''}${dollars(Number(row.cost_usd))}`
  return `${row.month}: ${sessions}, ${compactTokens(row.total_tokens)} tokens, ${known} of ${dollars(maxUsd)} with ${row.provider}`
}

/** $0.41, $10; what is less than a cent to the first digit that counts. */
export function dollars(usd: number): string {
  if (usd > 0 && usd < 0.01) return `$${Number(usd.toPrecision(1))}`
  return Number.isInteger(usd) ? `$${counted(usd)}` : `$${usd.toFixed(2)}`
}

function compactTokens(count: number): string {
  if (count < 1000) return String(count)
  return count < 999_500 ? `${Math.round(count / 1000)}k` : `${(count / 1e6).toFixed(1)}M`
}

function counted(count: number): string {
  return count.toLocaleString('en-US')
}
