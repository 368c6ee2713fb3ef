// Which of a month's rows may be told: projects under their short names, and only people that the user named.
import type { Config } from '../../config.js'
import type { MonthlyRows } from './rows.js'

type Limited = Pick<MonthlyRows, 'project_weeks' | 'people_weeks'>

export function shownMonthlyRows(
  rows: MonthlyRows,
  { context }: Pick<Config, 'context'>,
  project: (path: string | null) => string | null,
): Limited {
  const people = new Set(context.people.map(({ name }) => name))
  return {
    project_weeks: rows.project_weeks.map((row) => ({ ...row, project: project(row.project) })),
    people_weeks: rows.people_weeks.filter(({ person }) => people.has(person)),
  }
}
