import { describe, expect, test } from 'vitest'
import { diagnose } from '../../jobs/diagnosis.js'
import { diagnosisText } from '../../jobs/doctor-text.js'
import { type Config, readConfig } from '../../pipeline/config.js'
import type { Inspection } from '../../pipeline/run/inspect.js'

const now = new Date('2026-03-01T12:00:00Z')
const config: Config = {
  ...readConfig({ cwd: '/home/sam', out: '/home/sam/out' }, { HOME: '/home/sam' }),
  timezone: 'Europe/Berlin',
}

type Source = Inspection['sources'][number]
type Loaded = Inspection['warehouse']['sources'][number]

function found(change: Partial<Source>): Source {
  return {
    source: 'claude-code',
    found_by: 'usual',
    is_listed: false,
    places: [{ path: '/home/sam/.claude/projects', is_there: true }],
    file_count: 3,
    size_bytes: 4_200_000,
    newest_log_at: '2026-02-28T10:00:00.000Z',
    cleanup_days: null,
    unreadable: [],
    ...change,
  }
}

function loaded(change: Partial<Loaded>): Loaded {
  return {
    source: 'claude-code',
    session_count: 3,
    newest_session_at: '2026-02-28T10:00:00.000Z',
    agent_versions: ['2.1.9', '2.1.10', '2.1.11'],
    loaded_file_count: 3,
    unread_file_count: 0,
    rejected_line_count: 0,
    unknown_line_count: 0,
    unknown_line_types: [],
    ...change,
  }
}

function inspection(
  sources: Source[],
  rows: Loaded[],
  ledger: Partial<Inspection['ledger']> = {},
  rest: Partial<Pick<Inspection, 'machine' | 'probes' | 'schedule'>> = {},
): Inspection {
  return {
    sources,
    ledger: {
      path: '/home/sam/out/ledger.duckdb',
      is_there: true,
      schema_version: 2,
      expected_schema_version: 2,
      file_count: 3,
      last_run: { command: 'sync', started_at: '2026-03-01T11:00:00.000Z', exit_code: 0 },
      schedule: null,
      is_in_use: false,
      error: null,
      ...ledger,
    },
    warehouse: {
      path: '/home/sam/out/warehouse.duckdb',
      is_there: true,
      built_at: '2026-03-01T11:00:05.000Z',
      models_digest: '0123456789abcdef',
      is_current: true,
      coverage: null,
      session_count: 3,
      sources: rows,
      error: null,
    },
    machine: {
      free_bytes: 20_000_000_000,
      now: now.toISOString(),
      debrief_version: '1.2.3',
      node_version: 'v20.0.0',
      duckdb_version: 'v1.5.5',
    },
    schedule: [],
    probes: [],
    ...rest,
  }
}

const problemsOf = (found: Inspection, settings = config) => diagnose(settings, found, now).problems

describe('a diagnosis', () => {
  test('of a sound machine has nothing to mend, and says what there is', () => {
    const diagnosis = diagnose(config, inspection([found({})], [loaded({})]), now)
    expect(diagnosis.problems).toEqual([])
    const text = diagnosisText(diagnosis, '/home/sam')
    expect(text).toMatch(
      /^claude-code +at its usual place +2\.1\.9 to 2\.1\.11 \(3\) +2026-02-28 11:00 +3 +4\.2 MB +3 +none$/m,
    )
    expect(text).toMatch(/^claude-code +~\/\.claude\/projects$/m)
    expect(text).toMatch(/^Ledger +schema version 2, 3 files; last command: sync, 2026-03-01 12:00$/m)
    expect(text).toMatch(/^Warehouse +models 0123456789ab, 3 sessions; built 2026-03-01 12:00$/m)
    expect(text).toContain('Nothing to mend.')
  })

  test('says which source stopped while others went on, and of none where all are old', () => {
    const old = found({ source: 'codex', newest_log_at: '2026-02-20T12:00:00.000Z' })
    const rows = [loaded({}), loaded({ source: 'codex' })]
    expect(problemsOf(inspection([found({}), old], rows))).toEqual([
      {
        severity: 'note',
        subject: 'codex',
        message: 'its newest log is 9 days old, while others are newer',
        advice: 'If you still use it, it may write elsewhere now: give it paths under sources.',
      },
    ])
    expect(problemsOf(inspection([old], rows))).toEqual([])
  })

  test('asks for paths where a listed source has none, not where nobody listed it', () => {
    const amp = {
      source: 'amp',
      found_by: 'needs_paths',
      places: [],
      file_count: 0,
      newest_log_at: null,
    } as const
    expect(problemsOf(inspection([found({}), found(amp)], [loaded({})]))).toEqual([])
    const [problem] = problemsOf(inspection([found({}), found({ ...amp, is_listed: true })], [loaded({})]))
    expect(problem).toMatchObject({ severity: 'mend', subject: 'amp' })
  })

  test('names paths that do not exist and folders that cannot be read', () => {
    const broken = found({
      found_by: 'paths',
      is_listed: true,
      places: [{ path: '/gone', is_there: false }],
      unreadable: [{ path: '/home/sam/locked', message: 'EACCES: permission denied' }],
    })
    const messages = problemsOf(inspection([broken], [loaded({})])).map((problem) => problem.message)
    expect(messages).toEqual([
      '/gone does not exist',
      '/home/sam/locked cannot be read: EACCES: permission denied',
    ])
  })

  test('counts what was not understood, and says how to see it', () => {
    const row = loaded({
      rejected_line_count: 2,
      unknown_line_count: 12,
      unknown_line_types: ['a', 'b', 'c', 'd'],
      unread_file_count: 1,
    })
    const problems = problemsOf(inspection([found({})], [row]))
    expect(problems.map(({ message }) => message)).toEqual([
      '1 of its files could not be read at the last sync',
      '2 lines could not be read',
      '12 lines are of types not known yet: a, b, c and 1 more',
    ])
    expect(problems.every(({ severity }) => severity === 'note')).toBe(true)
  })

  test('of a ledger of a later version asks for that version; of one in use for nothing', () => {
    const later = inspection([found({})], [loaded({})], { schema_version: 3 })
    expect(problemsOf(later)).toMatchObject([{ severity: 'mend', subject: 'ledger' }])
    const inUse = inspection([found({})], [loaded({})], { is_in_use: true, schema_version: null })
    expect(problemsOf(inUse)).toEqual([])
    expect(diagnosisText(diagnose(config, inUse, now), '/home/sam')).toContain('in use by another')
  })

  test('misses what publishing needs, and never says what it is', () => {
    const settings: Config = {
      ...config,
      publish: {
        s3: {
          endpoint: null,
          region: 'us-east-1',
          bucket: 'debriefs',
          prefix: 'debrief',
          access: 'presigned',
          explore: false,
          public_content: 'none',
          keep_reports: { weekly: null, monthly: null },
        },
      },
      discord: [
        {
          kind: 'webhook',
          url_env: 'TEAM_WEBHOOK',
          thread_id: null,
          thread_name: null,
          api_base_url: null,
          digests: ['weekly'],
          alerts: false,
        },
      ],
    }
    const subjects = problemsOf(inspection([found({})], [loaded({})]), settings).map(({ subject }) => subject)
    expect(subjects).toEqual(['s3', 'discord'])
  })

  test('finds a clock that was set back, a disk that is nearly full, and logs that go unread', () => {
    const { machine } = inspection([], [])
    const run = (started_at: string) => ({ last_run: { command: 'sync', started_at, exit_code: 0 } })
    const messages = (found: Inspection) =>
      problemsOf(found).map(({ subject, severity }) => [subject, severity])
    const ahead = inspection([found({})], [loaded({})], run('2026-03-02T00:00:00.000Z'))
    expect(messages(ahead)).toEqual([['clock', 'mend']])
    const full = inspection([found({})], [loaded({})], {}, { machine: { ...machine, free_bytes: 1_000_000 } })
    expect(messages(full)).toEqual([['disk', 'mend']])
    const late = inspection([found({ cleanup_days: 7 })], [loaded({})], run('2026-02-20T12:00:00.000Z'))
    expect(problemsOf(late)[0]?.message).toBe(
      'it deletes its logs after 7 days, and the last command ran 9 days ago',
    )
    expect(messages(inspection([found({ cleanup_days: 30 })], [loaded({})]))).toEqual([])
  })

  test('passes on what does not answer, and says what does', () => {
    const bad = {
      part: 's3',
      subject: 'debriefs',
      is_ok: false,
      message: 'no such bucket',
      advice: 'Make it.',
    } as const
    const good = {
      part: 'facets',
      subject: 'anthropic',
      is_ok: true,
      message: 'it answers; m',
      advice: '',
    } as const
    const seen = inspection([found({})], [loaded({})], {}, { probes: [bad, good] })
    expect(problemsOf(seen)).toEqual([
      { severity: 'mend', subject: 's3', message: 'debriefs: no such bucket', advice: 'Make it.' },
    ])
    expect(diagnosisText(diagnose(config, seen, now), '/home/sam')).toMatch(
      /^Facets by +anthropic: it answers; m$/m,
    )
  })
})
