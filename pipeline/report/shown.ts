// What may be shown: paths shortened, text cleared of what could mislead, content left out where it must be.
import type { Config } from '../config.js'
import { clearedRows, shownText } from './clear-text.js'
import type { ReportData, ReportRows } from './data.js'
import { shownLetterRows } from './letter/shown.js'
import { shownMonthlyRows } from './monthly/shown.js'
import { fileLabel, fromHome, type NameOptions, projectLabels } from './names.js'
import { shownSessionTables } from './sessions/shown-sessions.js'

/** The data as every output may give it; nothing after this sees a full path. */
export function shownData(data: ReportData, config: Config): ReportData {
  const options = { home: config.home, redactPaths: config.privacy.redact_paths }
  const hidesContent = config.privacy.content === 'none'
  const projects = shownProjects(data.rows, options)
  // Projects of other periods alone: their names must not change those of this one's.
  const shownElsewhere = shownNames(
    [
      ...data.rows.project_changes.map((row) => row.project),
      ...data.rows.surprises.map((row) => (row.subject_kind === 'project' ? row.subject : null)),
    ].flatMap((path) => path ?? []),
    options,
  )
  const project = (path: string | null) =>
    path === null ? null : (projects.get(path) ?? shownElsewhere.get(path) ?? path)
  return {
    ...data,
    rows: clearedRows({
      ...data.rows,
      attention_by_project: data.rows.attention_by_project.map((row) => ({
        ...row,
        project: project(row.project),
      })),
      surprises: data.rows.surprises.map((row) => ({
        ...row,
        subject: row.subject_kind === 'project' ? project(row.subject) : shownText(row.subject),
      })),
      sessions: data.rows.sessions.map((row) => ({
        ...row,
        project: project(row.project),
        brief_summary: hidesContent ? null : shownText(row.brief_summary),
        underlying_goal: hidesContent ? null : shownText(row.underlying_goal),
      })),
      ...shownSessionTables(data.rows, data.rows.sessions, { ...options, hidesContent, shownText }),
      what_changed: data.rows.what_changed.map((row) => ({
        ...row,
        project: project(row.project),
        subject: shownText(fileLabel(row.subject, options)) ?? '',
      })),
      open_loops: data.rows.open_loops.map((row) => ({
        ...row,
        project: project(row.project),
        directory: unalteredText(row.directory && fromHome(row.directory, config.home)),
        underlying_goal: hidesContent ? null : shownText(row.underlying_goal),
      })),
      tips: data.rows.tips.map((row) => ({ ...row, project: project(row.project) })),
      contradictions: data.rows.contradictions.map((row) => ({ ...row, project: project(row.project) })),
      worst_moments: data.rows.worst_moments.map((row) => ({ ...row, project: project(row.project) })),
      slowest_calls: data.rows.slowest_calls.map((row) => ({
        ...row,
        project: project(row.project),
        target: hidesContent || row.target === null ? null : shownText(fileLabel(row.target, options)),
      })),
      anomalies: data.rows.anomalies.map((row) => ({ ...row, project: project(row.project) })),
      ...shownLetterRows(data.rows, config, project),
      ...shownMonthlyRows(data.rows, config, project),
      rejected_lines: data.rows.rejected_lines.map((row) => ({
        ...row,
        path: fileLabel(row.path, options),
        reason: shownText(row.reason) ?? '',
      })),
    }),
  }
}

/** A command is told with the very folder, or without one. */
function unalteredText(text: string | null): string | null {
  return shownText(text) === text ? text : null
}

function shownProjects(rows: ReportRows, options: NameOptions): Map<string, string> {
  const paths = [
    ...rows.attention_by_project,
    ...rows.sessions,
    ...rows.what_changed,
    ...rows.open_loops,
    ...rows.tips,
    ...rows.contradictions,
    ...rows.anomalies,
    ...rows.worst_moments,
    ...rows.slowest_calls,
  ].flatMap((row) => row.project ?? [])
  return shownNames(paths, options)
}

function shownNames(paths: readonly string[], options: NameOptions): Map<string, string> {
  const labels = projectLabels(paths, options)
  return new Map([...labels].map(([path, label]) => [path, shownText(label) ?? path]))
}
