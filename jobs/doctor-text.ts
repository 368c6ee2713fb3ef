// How a diagnosis reads on a terminal.

import { coverageWords, standInWords } from '../pipeline/coverage.js'
import { alignedTable } from './aligned-table.js'
import type { DiagnosedSource, Diagnosis } from './diagnosis.js'
import type { Problem } from './problem.js'

export function diagnosisText(diagnosis: Diagnosis, home: string): string {
  const { problems, timezone } = diagnosis
  return [
    sourceTable(diagnosis.sources, timezone),
    placeList(diagnosis.sources, home),
    machineList(diagnosis, home),
    problemList(
      'To mend',
      problems.filter(({ severity }) => severity === 'mend'),
      home,
    ),
    problemList(
      'To know',
      problems.filter(({ severity }) => severity === 'note'),
      home,
    ),
    ...(problems.length === 0 ? ['Nothing to mend.'] : []),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
}

function sourceTable(sources: readonly DiagnosedSource[], timezone: string): string {
  const header = [
    'Source',
    'Found',
    'Versions',
    'Newest session',
    'Files',
    'Size',
    'Sessions',
    'Not understood',
  ]
  const rows = sources.map((source) => [
    source.source,
    foundWords(source),
    versionWords(source.loaded?.agent_versions ?? []),
    localTime(source.loaded?.newest_session_at ?? source.newest_log_at, timezone),
    source.file_count === 0 ? '' : count(source.file_count),
    source.file_count === 0 ? '' : byteWords(source.size_bytes),
    source.loaded === null ? '' : count(source.loaded.session_count),
    notUnderstood(source),
  ])
  return alignedTable(header, rows, 4)
}

function foundWords({ found_by, file_count, places }: DiagnosedSource): string {
  if (found_by === 'off') return 'switched off'
  if (found_by === 'needs_paths') return 'needs paths'
  if (found_by === 'paths') return file_count > 0 ? 'at its paths' : 'nothing at its paths'
  if (file_count > 0) return 'at its usual place'
  return places.some(({ is_there }) => is_there) ? 'no log yet' : 'not on this machine'
}

/** "2.1.9 to 2.1.40 (7)" */
function versionWords(versions: readonly string[]): string {
  if (versions.length < 3) return versions.join(', ')
  return `${versions[0]} to ${versions.at(-1)} (${versions.length})`
}

function notUnderstood({ loaded }: DiagnosedSource): string {
  if (loaded === null) return ''
  const lines = loaded.rejected_line_count + loaded.unknown_line_count
  return lines === 0 ? 'none' : `${count(lines)} ${lines === 1 ? 'line' : 'lines'}`
}

/** Where there is something, or was said to be; the usual places of agents that are not here would only be noise. */
function placeList(sources: readonly DiagnosedSource[], home: string): string {
  const lines = sources.flatMap(({ source, places, found_by }) =>
    places
      .filter(({ is_there }) => is_there || found_by === 'paths')
      .map(({ path, is_there }) => [source, `${fromHome(path, home)}${is_there ? '' : ' (not there)'}`]),
  )
  return lines.length === 0 ? '' : alignedTable(['Place of', 'Logs'], lines, 2)
}

function machineList(diagnosis: Diagnosis, home: string): string {
  const rows: [string, string][] = [
    [
      'Configuration',
      diagnosis.config_file === null ? 'none: defaults' : fromHome(diagnosis.config_file, home),
    ],
    ['Time zone', diagnosis.timezone],
    ['Out folder', fromHome(diagnosis.out, home)],
    ['Ledger', ledgerWords(diagnosis)],
    ['Warehouse', warehouseWords(diagnosis)],
    ['Facets', facetWords(diagnosis)],
    ['S3', s3Words(diagnosis)],
    ['Discord', discordWords(diagnosis)],
    ...modelRows(diagnosis),
    ['Schedule', scheduleWords(diagnosis)],
    [
      'Disk',
      diagnosis.machine.free_bytes === null ? 'not known' : `${byteWords(diagnosis.machine.free_bytes)} free`,
    ],
    ['Versions', versionList(diagnosis)],
  ]
  const width = Math.max(...rows.map(([label]) => label.length))
  return rows.map(([label, text]) => `${label.padEnd(width)}  ${text}`).join('\n')
}

function ledgerWords({ ledger, timezone }: Diagnosis): string {
  if (!ledger.is_there) return 'not there yet'
  if (ledger.is_in_use) return 'in use by another debrief command'
  if (ledger.error !== null) return 'cannot be read'
  const {
    schema_version: version,
    expected_schema_version: expected,
    file_count: files,
    last_run: run,
  } = ledger
  const older = version !== null && version < expected ? `, brought to ${expected} by the next command` : ''
  const last = run === null ? '' : `; last command: ${run.command}, ${localTime(run.started_at, timezone)}`
  return `schema version ${version}${older}, ${count(files ?? 0)} files${last}`
}

const shortDigestLength = 12

function warehouseWords({ warehouse, timezone }: Diagnosis): string {
  if (!warehouse.is_there) return 'not there yet'
  if (warehouse.error !== null) return 'cannot be read'
  const models = warehouse.models_digest?.slice(0, shortDigestLength) ?? 'unknown'
  const older = warehouse.is_current ? '' : ', of another version; the next command builds it anew'
  return `models ${models}${older}, ${count(warehouse.session_count ?? 0)} sessions; built ${localTime(warehouse.built_at, timezone)}`
}

function facetWords({ warehouse: { coverage } }: Diagnosis): string {
  return coverage === null
    ? 'none yet'
    : [coverageWords(coverage), standInWords(coverage)].filter(Boolean).join('; ')
}

function s3Words(diagnosis: Diagnosis): string {
  const { s3 } = diagnosis
  if (s3 === null) return 'not configured'
  return `bucket ${s3.bucket}, credentials ${s3.has_credentials ? 'set' : 'not set'}${probeWords(diagnosis, 's3').join('')}`
}

function discordWords(diagnosis: Diagnosis): string {
  const { discord } = diagnosis
  if (discord.length === 0) return 'not configured'
  const settings = discord.map(({ variable, is_set }) => `${variable} ${is_set ? 'set' : 'not set'}`)
  return settings.join(', ') + [...new Set(probeWords(diagnosis, 'discord'))].join('')
}

/** What was seen of a part by looking there; nothing where that was not done. */
function probeWords({ probes }: Diagnosis, part: string): string[] {
  if (probes === null) return [' (not looked at: --offline)']
  return probes.filter((seen) => seen.part === part && seen.is_ok).map(({ message }) => `; ${message}`)
}

function modelRows(diagnosis: Diagnosis): [string, string][] {
  return (diagnosis.probes ?? [])
    .filter(({ part }) => part === 'facets' || part === 'narrative')
    .map(({ part, subject, is_ok, message }) => [
      part === 'facets' ? 'Facets by' : 'Letter by',
      `${subject}: ${is_ok ? message : 'does not answer'}`,
    ])
}

function scheduleWords({ schedule, ledger, timezone }: Diagnosis): string {
  const entries =
    schedule.length === 0
      ? 'no entry starts it by itself'
      : schedule.map(({ kind, place }) => `${kind}: ${place}`).join(', ')
  if (ledger.schedule === null) return entries
  const { is_running: isRunning, last_run: run } = ledger.schedule
  const last = run && `last run: ${run.job}, ended ${localTime(run.ended_at, timezone)} with ${run.exit_code}`
  return [entries, isRunning ? 'running' : 'not running at the moment', last ?? 'no run yet'].join('; ')
}

function versionList({ machine }: Diagnosis): string {
  return `debrief ${machine.debrief_version}, Node ${machine.node_version}, DuckDB ${machine.duckdb_version}`
}

function problemList(heading: string, problems: readonly Problem[], home: string): string {
  if (problems.length === 0) return ''
  const lines = problems.map(
    ({ subject, message, advice }) => `- ${subject}: ${fromHome(message, home)}.\n  ${advice}`,
  )
  return [heading, ...lines].join('\n')
}

/** Also within a sentence; a home that is the root stands in every path and says nothing. */
function fromHome(text: string, home: string): string {
  return home.length < 2 ? text : text.replaceAll(`${home}/`, '~/')
}

function count(value: number): string {
  return value.toLocaleString('en-US')
}

/** 812345678 → 812 MB */
function byteWords(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  let [value, unit] = [bytes, 0]
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000
    unit += 1
  }
  return `${value >= 9.95 || unit === 0 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`
}

/** 2026-02-10 14:05 */
function localTime(instant: string | null, timezone: string): string {
  if (instant === null) return ''
  const at = new Date(instant)
  if (Number.isNaN(at.getTime())) return instant
  return new Intl.DateTimeFormat('sv-SE', {
    timeZone: timezone,
    dateStyle: 'short',
    timeStyle: 'short',
  }).format(at)
}
