// Which sessions are kept out: by what was forgotten, by privacy.exclude and by privacy.retention_days.
import { createHash } from 'node:crypto'
import type { Config } from '../config.js'
import { sqlHomeAsTilde, sqlText } from './db.js'

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/** A digest of the settings that keep sessions out: under other settings, files that were kept out are read again. */
export function rulesDigest({ privacy }: Config): string {
  return sha256(JSON.stringify(['debrief.rules/1', privacy.exclude, privacy.retention_days]))
}

/** Whether any setting keeps sessions out. */
export function hasRules({ privacy }: Config): boolean {
  const { exclude, retention_days } = privacy
  return exclude.projects.length + exclude.sessions.length > 0 || retention_days !== null
}

/** A path as it is remembered: with this home as ~, so that it is the same on the next machine. */
export function withHomeAsTilde(path: string, home: string): string {
  return path === home || path.startsWith(`${home}/`) ? `~${path.slice(home.length)}` : path
}

/** A project as somebody may write it (as shown, with ~, or absolute), in the one form that is remembered. */
export function canonicalProject(project: string, home: string): string {
  const slashed = project.replaceAll('\\', '/')
  return withHomeAsTilde(slashed.length > 1 ? slashed.replace(/\/+$/, '') : slashed, home)
}

/** SQL that is true where the path in `column` is one of the projects, which may be globs. */
export function matchesProject(column: string, projects: readonly string[], home: string): string {
  if (projects.length === 0) return 'false'
  const pattern = sqlText(projects.map((project) => globPattern(canonicalProject(project, home))).join('|'))
  const forms = [sqlHomeAsTilde(column, home), `without_home(${column})`, column]
  return `(${forms.map((form) => `regexp_full_match(${form}, ${pattern})`).join(' or ')})`
}

/** SQL that is true of a session, its columns as in withhold.ts, that settings keep out for good. */
export function isExcluded({ privacy: { exclude }, home }: Config): string {
  return anyOf([
    'sha256(root_id) in (select session_sha256 from state.withheld_sessions)',
    matchesProject('project', exclude.projects, home),
    `root_id in (${['null', ...exclude.sessions.map(sqlText)].join(', ')})`,
  ])
}

/** SQL that is true of a session that is too old; when it goes on, it is young again. */
export function isOutlived({ privacy: { retention_days } }: Config, now: Date): string {
  if (retention_days === null) return 'false'
  return anyOf([`ended_at < timestamp ${sqlText(now.toISOString())} - interval ${retention_days} days`])
}

/** Later work in a forgotten project counts again: only what began before is forgotten. */
export function isForgotten({ home }: Config): string {
  return anyOf([
    `sha256(root_id) in (select value from state.forgotten where forgotten_kind = 'session')`,
    `started_at <= (select map_from_entries(list((value, forgotten_at))) from state.forgotten
      where forgotten_kind = 'project')[sha256(${sqlHomeAsTilde('project', home)})]`,
    `len(list_filter(
      (select list(value) from state.forgotten where forgotten_kind = 'period'),
      lambda span: started_at >= try_cast(split_part(span, '/', 1) as timestamp)
        and started_at < try_cast(split_part(span, '/', 2) as timestamp))) > 0`,
  ])
}

function anyOf(conditions: readonly string[]): string {
  return `(${conditions.map((condition) => `coalesce(${condition}, false)`).join(' or ')})`
}

/** `**` is any folders, `*` and `?` are within one; `a/**` is `a` too. Everything else is meant as written. */
function globPattern(glob: string): string {
  const tokens = glob.split(/(\/\*\*\/|\/\*\*$|\*\*|\*|\?)/)
  return tokens.map((token) => wildcards[token] ?? token.replaceAll(/[\\^$.|?*+()[\]{}]/g, '\\$&')).join('')
}

const wildcards: Readonly<Record<string, string>> = {
  '/**/': '/(?:.*/)?',
  '/**': '(?:/.*)?',
  '**': '.*',
  '*': '[^/]*',
  '?': '[^/]',
}
