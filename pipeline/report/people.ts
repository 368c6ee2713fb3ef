// People: whom the sessions were about, of those that the user named, and what was done with them.
import type { Config } from '../config.js'
import type { ReportData } from './data.js'
import { periodNoun } from './figures.js'
import { capitalised, formatCount, listed, words } from './format.js'
import type { Section } from './sections.js'
import { judgedSentence, splitTables } from './split-table.js'
import { type Table, tablesOf } from './table.js'

/** Null where the user named nobody. */
export function peopleSection(data: ReportData, { context }: Config): Section | null {
  if (context.people.length === 0) return null
  const rows = data.rows.relationship_pulse
  const met = new Set(rows.flatMap((row) => (row.session_count > 0 ? row.person : [])))
  const others = context.people.map(({ name }) => name).filter((name) => !met.has(name))
  const without = others.length === 0 ? '' : ` No session was about ${listed(others)}.`
  return {
    id: 'people',
    heading: 'People',
    paragraphs: [
      met.size === 0
        ? `No session that was judged this ${periodNoun(data)} was about one of the people that you named.`
        : `Of the people that you named, the sessions of this ${periodNoun(data)} were about ${listed([...met])}.${without} ${judgedSentence(data)}`,
    ],
    tables: [
      ...splitTables(data, {
        caption: 'Whom the sessions were about',
        label: 'Person',
        rows,
        nameOf: (row) => row.person,
      }),
      ...actionTables(data),
    ],
  }
}

const beginnings: Readonly<Record<string, string>> = {
  proactive: 'you',
  reactive: 'they',
  automated: 'an automation',
}

function actionTables(data: ReportData): Table[] {
  const isCompared =
    !data.isSoFar && data.rows.relationship_actions.some((row) => row.previous_action_count > 0)
  return tablesOf({
    caption: 'What was done',
    texts: ['Person', 'What', 'Who began it'],
    numbers: ['Times', ...(isCompared ? ['Before'] : [])],
    rows: data.rows.relationship_actions.filter((row) => row.action_count > 0 || isCompared),
    cells: (row) => [
      row.person,
      row.relationship_action === null ? '–' : capitalised(words(row.relationship_action)),
      beginnings[row.outreach_type ?? ''] ?? '–',
      formatCount(row.action_count),
      ...(isCompared ? [formatCount(row.previous_action_count)] : []),
    ],
    maxRows: 15,
  })
}
