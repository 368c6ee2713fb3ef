// What the site's pages and its API may show: projects by their short names, text cleared, and none where none is wanted.
import type { Config } from '../../config.js'
import { clearedRows, shownText } from '../clear-text.js'
import { projectLabels } from '../names.js'
import type { SiteRows } from './data.js'

/** Nothing after this sees a full path, or words that the settings keep out. */
export function shownSite(rows: SiteRows, config: Config): SiteRows {
  const hidesContent = config.privacy.content === 'none'
  const words = (text: string | null) => (hidesContent ? null : shownText(text))
  const labels = projectLabels(
    [...rows.sessions, ...rows.plans].flatMap((row) => row.project ?? []),
    { home: config.home, redactPaths: config.privacy.redact_paths },
  )
  const project = (path: string | null) => (path === null ? null : shownText(labels.get(path) ?? path))
  return clearedRows({
    ...rows,
    sessions: rows.sessions.map((row) => ({
      ...row,
      project: project(row.project),
      underlying_goal: words(row.underlying_goal),
      brief_summary: words(row.brief_summary),
    })),
    plans: hidesContent
      ? []
      : rows.plans.map((row) => ({ ...row, project: project(row.project), title: words(row.title) })),
  })
}
