// The trust section: what was read to know all this, what was left out and why, and what is known to be wrong.
import { agentParts } from './agent-trust.js'
import { costParts } from './cost-trust.js'
import type { ReportData } from './data.js'
import { duplicateParts } from './duplicates.js'
import { facetParts } from './facet-trust.js'
import { readingParts } from './reading.js'
import { restatementParts } from './restatements.js'
import type { Section } from './sections.js'
import type { Table } from './table.js'

/** One question that a sceptic asks, and the answer. */
export interface Point {
  readonly label: string
  readonly text: string
}

export interface TrustSection extends Section {
  readonly points: readonly Point[]
}

/** What a topic adds to the section. */
export interface TrustParts {
  readonly points: readonly Point[]
  readonly tables: readonly Table[]
}

export function trustSection(data: ReportData, timezone: string): TrustSection {
  const parts = [
    readingParts(data),
    duplicateParts(data),
    costParts(data),
    facetParts(data),
    restatementParts(data, timezone),
    agentParts(data, timezone),
  ]
  return {
    id: 'trust',
    heading: 'What was read, and what was not',
    paragraphs: [],
    points: parts.flatMap(({ points }) => points),
    tables: parts.flatMap(({ tables }) => tables.map((table) => ({ ...table, isFolded: true }))),
  }
}
