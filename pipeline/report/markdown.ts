// The report as Markdown: the same words and tables as the page, for whoever reads in a terminal or a wiki.
import type { FrictionSection } from './friction.js'
import type { Headline } from './headlines.js'
import { escapeMarkdown } from './narrative.js'
import type { ReportText } from './page.js'
import type { Section } from './sections.js'
import type { SessionList } from './sessions/session-list.js'
import { cellText, type Table } from './table.js'
import type { TipsSection } from './tips.js'
import type { TrustSection } from './trust.js'

export function reportMarkdown(text: ReportText): string {
  const blocks = [
    `# ${text.title}`,
    `${escapeMarkdown(text.owner)} · ${text.dates} · times in ${escapeMarkdown(text.timezone)} · ${text.asOf}`,
    ...text.parts.flatMap(({ markdown }) => markdown),
  ]
  return `${blocks.join('\n\n')}\n`
}

export function headlineBlocks(headlines: readonly Headline[]): string[] {
  const rows = headlines.map((headline) => [
    headline.label,
    headline.value,
    headline.change ?? '',
    headline.comparison,
    headline.usual.change ?? '',
    headline.usual.comparison,
    [headline.note, headline.restated].filter(Boolean).join('; '),
  ])
  const columns = ['Figure', 'Value', 'Change', 'Compared', 'From usual', 'Usual', 'Note'].map(
    (label, i) => ({
      label,
      isNumber: i === 1 || i === 2 || i === 4,
    }),
  )
  return ['## At a glance', markdownTable({ caption: '', columns, rows, more: null })]
}

export function sectionBlocks(section: Section): string[] {
  return [
    `## ${section.heading}`,
    ...section.paragraphs.map(escapeMarkdown),
    ...section.tables.flatMap(tableBlocks),
  ]
}

export function frictionBlocks(section: FrictionSection): string[] {
  const moments = section.moments.map(
    ({ cost, story, session, place }, i) =>
      `${i + 1}. **${escapeMarkdown(cost)}** ${escapeMarkdown(`${story} ${session}; ${place}`)}`,
  )
  return [
    `## ${section.heading}`,
    ...section.paragraphs.map(escapeMarkdown),
    ...(moments.length > 0 ? [`**${section.momentsHeading}**`, moments.join('\n')] : []),
    ...section.tables.flatMap(tableBlocks),
  ]
}

export function tipBlocks(section: TipsSection): string[] {
  const tips = section.tips.map(
    ({ title, note, observation, recommendation, expectedBenefit, where, id }) => [
      `**${escapeMarkdown(title)}** (${escapeMarkdown(note)})`,
      escapeMarkdown(observation),
      `→ ${escapeMarkdown(recommendation)}`,
      escapeMarkdown(expectedBenefit),
      [escapeMarkdown(where), `\`${id}\``].filter((part) => part !== '').join(' '),
    ],
  )
  return [
    `## ${section.heading}`,
    ...section.paragraphs.map(escapeMarkdown),
    ...tips.flat(),
    ...section.tables.flatMap(tableBlocks),
  ]
}

export function trustBlocks(section: TrustSection): string[] {
  return [
    `## ${section.heading}`,
    section.points.map(({ label, text }) => `- **${label}.** ${escapeMarkdown(text)}`).join('\n'),
    ...section.tables.flatMap(tableBlocks),
  ]
}

function tableBlocks(table: Table): string[] {
  return [
    `**${escapeMarkdown(table.caption)}**`,
    markdownTable(table),
    ...(table.more ? [escapeMarkdown(table.more)] : []),
  ]
}

export function sessionBlocks(list: SessionList): string[] {
  const labels = ['When', 'Project', 'What', 'Outcome', 'Prompts', 'Tools', 'Active', 'Cost']
  const columns = labels.map((label, i) => ({ label, isNumber: i > 3 }))
  const days = list.days.flatMap((day) => {
    const rows = day.sessions.map((session) => [
      session.time,
      session.project,
      [session.goal, session.what].filter(Boolean).join(' — '),
      session.outcome,
      session.prompts,
      session.tools,
      session.active,
      session.cost,
    ])
    return [`**${day.heading}**`, markdownTable({ caption: '', columns, rows, more: null })]
  })
  return [`## ${list.heading}`, list.paragraph, ...days]
}

function markdownTable(table: Table): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [
    line(table.columns.map((column) => escapeMarkdown(column.label))),
    line(table.columns.map((column) => (column.isNumber ? '--:' : '---'))),
    ...table.rows.map((row) => line(row.map((cell) => escapeMarkdown(cellText(cell))))),
  ].join('\n')
}
