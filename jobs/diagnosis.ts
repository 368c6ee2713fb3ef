// Judges what was found on this machine: what must be mended, and what is merely worth knowing.
import type { Config } from '../pipeline/config.js'
import { discordSecretName } from '../pipeline/discord-spec.js'
import type { InspectedSource } from '../pipeline/ingest/inspect.js'
import type { Inspection } from '../pipeline/run/inspect.js'
import type { LedgerState, LoadedSource, WarehouseState } from '../pipeline/warehouse/state.js'
import { expiringLogs, machineProblems } from './machine-problems.js'
import { mend, note, type Problem } from './problem.js'

export type DiagnosedSource = InspectedSource & { readonly loaded: LoadedSource | null }

export interface Diagnosis {
  readonly config_file: string | null
  readonly timezone: string
  readonly out: string
  readonly sources: readonly DiagnosedSource[]
  readonly ledger: LedgerState
  readonly warehouse: Omit<WarehouseState, 'sources'>
  readonly s3: { readonly bucket: string; readonly has_credentials: boolean } | null
  readonly discord: readonly { readonly variable: string; readonly is_set: boolean }[]
  readonly machine: Inspection['machine']
  readonly schedule: Inspection['schedule']
  readonly probes: Inspection['probes']
  readonly problems: readonly Problem[]
}

const dayMs = 86_400_000
/** A source whose newest log is older, while another's is not, may have stopped. */
const stoppedDays = 7

/** Nothing in it is a secret: of what the environment holds it says only whether it is set. */
export function diagnose(
  config: Config,
  { sources: inspected, ledger, warehouse: { sources: loaded, ...warehouse }, ...rest }: Inspection,
  now: Date,
): Diagnosis {
  const sources = inspected.map((source) => ({
    ...source,
    loaded: loaded.find((row) => row.source === source.source) ?? null,
  }))
  const s3 = config.publish.s3
  const found = {
    config_file: config.configFile,
    timezone: config.timezone,
    out: config.paths.out,
    sources,
    ledger,
    warehouse,
    machine: rest.machine,
    schedule: rest.schedule,
    probes: rest.probes,
    s3: s3 && { bucket: s3.bucket, has_credentials: hasCredentials(config) },
    discord: config.discord.map((target) => ({
      variable: discordSecretName(target),
      is_set: config.secrets[discordSecretName(target)] !== undefined,
    })),
  }
  const problems = [
    ...sources.flatMap(sourceProblems),
    ...stoppedSources(sources, now),
    ...noLogsAtAll(sources),
    ...databaseProblems(ledger, warehouse),
    ...unsyncedFiles(sources, warehouse),
    ...deliveryProblems(found),
    ...machineProblems(found, now),
    ...expiringLogs(sources, ledger, now),
    ...(rest.probes ?? [])
      .filter(({ is_ok }) => !is_ok)
      .map(({ part, subject, message, advice }) => mend(part, `${subject}: ${message}`, advice)),
  ]
  return { ...found, problems: problems.sort((a, b) => rank(a) - rank(b)) }
}

function rank({ severity }: Problem): number {
  return severity === 'mend' ? 0 : 1
}

function hasCredentials({ secrets }: Config): boolean {
  return secrets.AWS_ACCESS_KEY_ID !== undefined && secrets.AWS_SECRET_ACCESS_KEY !== undefined
}

function sourceProblems(source: DiagnosedSource): Problem[] {
  const { source: subject, loaded } = source
  return [
    ...placeProblems(source),
    ...source.unreadable.map(({ path, message }) =>
      mend(
        subject,
        `${path} cannot be read: ${message}`,
        'Let this user read it, or point the source elsewhere.',
      ),
    ),
    ...(loaded !== null && loaded.unread_file_count > 0
      ? [
          note(
            subject,
            `${loaded.unread_file_count} of its files could not be read at the last sync`,
            `Which and why: debrief query "select path, read_error from files where source = '${subject}' and read_error is not null"`,
          ),
        ]
      : []),
    ...notUnderstood(subject, loaded),
  ]
}

function placeProblems({
  source,
  found_by,
  is_listed,
  places,
  file_count,
  unreadable,
}: DiagnosedSource): Problem[] {
  if (found_by === 'needs_paths' && is_listed)
    return [
      mend(
        source,
        'is listed, but has neither a usual place nor paths',
        'Give it paths: files or folders, under sources.',
      ),
    ]
  if (found_by !== 'paths') return []
  const missing = places.filter(({ is_there }) => !is_there)
  if (missing.length > 0)
    return missing.map(({ path }) =>
      mend(
        source,
        `${path} does not exist`,
        'Mend its paths under sources, or leave them out to look at the usual place.',
      ),
    )
  if (file_count > 0 || unreadable.length > 0) return []
  return [note(source, 'there is no log at its paths', 'Expected a file or folder of this agent’s logs.')]
}

function notUnderstood(subject: string, loaded: LoadedSource | null): Problem[] {
  if (loaded === null) return []
  const { rejected_line_count: rejected, unknown_line_count: unknown, unknown_line_types: types } = loaded
  return [
    ...(rejected > 0
      ? [
          note(
            subject,
            `${rejected} ${rejected === 1 ? 'line' : 'lines'} could not be read`,
            `Which and why: debrief query "select path, line_number, reason from rejects where source = '${subject}'"`,
          ),
        ]
      : []),
    ...(unknown > 0
      ? [
          note(
            subject,
            `${unknown} ${unknown === 1 ? 'line is of a type' : 'lines are of types'} not known yet: ${firstOf(types)}`,
            'They are counted, not read; a newer debrief may know them.',
          ),
        ]
      : []),
  ]
}

function firstOf(types: readonly string[]): string {
  return types.length <= 3 ? types.join(', ') : `${types.slice(0, 3).join(', ')} and ${types.length - 3} more`
}

function stoppedSources(sources: readonly DiagnosedSource[], now: Date): Problem[] {
  const ageDays = ({ newest_log_at: at }: DiagnosedSource) =>
    at === null ? Infinity : (now.getTime() - Date.parse(at)) / dayMs
  if (!sources.some((source) => ageDays(source) <= stoppedDays)) return []
  return sources
    .filter((source) => source.newest_log_at !== null && ageDays(source) > stoppedDays)
    .map((source) =>
      note(
        source.source,
        `its newest log is ${Math.floor(ageDays(source))} days old, while others are newer`,
        'If you still use it, it may write elsewhere now: give it paths under sources.',
      ),
    )
}

function noLogsAtAll(sources: readonly DiagnosedSource[]): Problem[] {
  if (sources.some(({ file_count }) => file_count > 0)) return []
  return [
    note(
      'sources',
      'no agent has a log here',
      'Work with an agent first, give paths under sources, or see made-up sessions with debrief demo.',
    ),
  ]
}

function databaseProblems(ledger: LedgerState, warehouse: Diagnosis['warehouse']): Problem[] {
  const { schema_version: version, expected_schema_version: expected } = ledger
  return [
    ...(ledger.error === null
      ? []
      : [
          mend(
            'ledger',
            `${ledger.path} cannot be read: ${ledger.error}`,
            'Check who owns it; a broken one is set aside by debrief restore --force.',
          ),
        ]),
    ...(version !== null && version > expected
      ? [
          mend(
            'ledger',
            `its schema version is ${version}, this debrief knows ${expected}`,
            'Use the version of debrief that wrote it, or a later one.',
          ),
        ]
      : []),
    ...(warehouse.error === null
      ? []
      : [
          note(
            'warehouse',
            `${warehouse.path} cannot be read: ${warehouse.error}`,
            'It is derived: remove it, and debrief sync builds it again.',
          ),
        ]),
    ...(ledger.is_there && !warehouse.is_there
      ? [note('warehouse', 'it is missing', 'debrief sync builds it from the ledger.')]
      : []),
  ]
}

function unsyncedFiles(sources: readonly DiagnosedSource[], warehouse: Diagnosis['warehouse']): Problem[] {
  if (warehouse.error !== null) return []
  return sources
    .filter(({ file_count, loaded }) => file_count > 0 && loaded === null)
    .map(({ source, file_count }) =>
      note(
        source,
        file_count === 1 ? 'its one file is not loaded yet' : `none of its ${file_count} files is loaded yet`,
        'Run debrief sync.',
      ),
    )
}

function deliveryProblems({ s3, discord }: Pick<Diagnosis, 's3' | 'discord'>): Problem[] {
  return [
    ...(s3 && !s3.has_credentials
      ? [
          mend(
            's3',
            'a bucket is configured, but its credentials are not in the environment',
            'Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.',
          ),
        ]
      : []),
    ...discord
      .filter(({ is_set }) => !is_set)
      .map(({ variable }) =>
        mend(
          'discord',
          `a webhook is configured, but ${variable} is not in the environment`,
          `Set ${variable} to the webhook’s address.`,
        ),
      ),
  ]
}
