// The month by week: how long each project was worked on, and what was done with people; each cell a colour and a number.
import { shortDates } from '../../period.js'
import type { ReportData } from '../data.js'
import { formatCount, formatHours } from '../format.js'
import { heatLevel, projectLabel, type Section } from '../sections.js'
import type { Table } from '../table.js'
import type { ProjectWeekRow, WeekSpan } from './rows.js'

export interface HeatCell {
  /** "–" where there was nothing. */
  readonly text: string
  /** 0 for nothing, else up to 4 by quarters of the most. */
  readonly level: number
}

export interface Heatmap {
  readonly caption: string
  /** What the rows are. */
  readonly corner: string
  readonly weeks: readonly string[]
  readonly rows: readonly {
    readonly label: string
    readonly cells: readonly HeatCell[]
    readonly total: string
  }[]
}

export interface HeatmapSection extends Section {
  readonly heatmaps: readonly Heatmap[]
}

interface HeatSpec<T extends WeekSpan> {
  readonly caption: string
  readonly corner: string
  readonly rows: readonly T[]
  readonly label: (row: T) => string
  readonly value: (row: T) => number
  readonly format: (value: number) => string
}

/** Null for a month in which nothing was worked on. */
export function heatmapSection(data: ReportData): HeatmapSection | null {
  const { project_weeks: projects, people_weeks: people } = data.rows
  if (projects.length === 0) return null
  const heatmaps = [
    heatmapOf({
      caption: 'Hours of active time, by project and week',
      corner: 'Project',
      rows: projects,
      label: projectLabel,
      value: (row: ProjectWeekRow) => row.active_seconds,
      format: formatHours,
    }),
    ...(people.length === 0
      ? []
      : [
          heatmapOf({
            caption: 'What was done with people, by week',
            corner: 'Person',
            rows: people,
            label: ({ person }) => person,
            value: (row) => row.action_count,
            format: formatCount,
          }),
        ]),
  ]
  return {
    id: 'weeks',
    heading: 'The month by week',
    paragraphs: [
      'The stronger the colour, the more, by quarters of the largest number in the table. The days of a first or last week that lie in another month are not in it.',
      ...(people.length === 0
        ? []
        : [
            'Of people, what the sessions’ facets name: something counts in the week in which its session began.',
          ]),
    ],
    tables: heatmaps.map(tableOf),
    heatmaps,
  }
}

function heatmapOf<T extends WeekSpan>({
  caption,
  corner,
  rows,
  label,
  value,
  format,
}: HeatSpec<T>): Heatmap {
  const largest = Math.max(...rows.map(value))
  const weeks = new Map(rows.map((row) => [row.week_start, shortDates(row.from_date, row.until_date)]))
  const groups = new Map<string, T[]>()
  for (const row of rows) groups.set(label(row), [...(groups.get(label(row)) ?? []), row])
  return {
    caption,
    corner,
    weeks: [...weeks.values()],
    rows: [...groups].map(([name, group]) => ({
      label: name,
      cells: group.map((row) => ({
        text: value(row) === 0 ? '–' : format(value(row)),
        level: heatLevel(value(row), largest),
      })),
      total: format(group.reduce((sum, row) => sum + value(row), 0)),
    })),
  }
}

/** The same for Markdown. */
function tableOf({ caption, corner, weeks, rows }: Heatmap): Table {
  return {
    caption,
    columns: [
      { label: corner, isNumber: false },
      ...[...weeks, 'Month'].map((label) => ({ label, isNumber: true })),
    ],
    rows: rows.map(({ label, cells, total }) => [label, ...cells.map(({ text }) => text), total]),
    more: null,
  }
}
