// Who said what the sessions were about: how many were judged, by whom, where rules stood in, and how much of it can be checked.
import { coverageOf, coverageWords, standInWords } from '../coverage.js'
import type { ReportData } from './data.js'
import { countOf, formatCount, formatShare, listed } from './format.js'
import type { TrustParts } from './trust.js'

export function facetParts({ rows: { facet_coverage } }: ReportData): TrustParts {
  const coverage = coverageOf(facet_coverage)
  if (coverage.eligible_count === 0) return { points: [], tables: [] }
  const judges = coverage.extractors.map(
    ({ extractor, session_count }) => `${extractor} (${formatCount(session_count)})`,
  )
  const standIns = standInWords(coverage)
  const { evidence_count: grounds, verified_evidence_count: verified } = coverage
  const sentences = [
    `${coverageWords(coverage)}.`,
    ...(judges.length > 0 ? [`Judged by ${listed(judges)}.`] : []),
    ...(standIns === '' ? [] : [`${standIns}.`]),
    ...(grounds > 0
      ? [`Of ${countOf(grounds, 'ground')} given, the logs bear out ${formatShare(verified / grounds)}.`]
      : []),
  ]
  return { points: [{ label: 'Judged', text: sentences.join(' ') }], tables: [] }
}
