import { createHash } from 'node:crypto'
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Config } from '../../pipeline/config.js'
import { generateLogs } from '../../pipeline/demo/generate.js'
import { runFacets, runSnapshot, runSync } from '../../pipeline/run.js'
import { openDatabase, type Row, sqlText } from '../../pipeline/warehouse/db.js'
import { discoverModels } from '../../pipeline/warehouse/models.js'
import { createWorkspace, queryMarts, type WorkspaceOptions } from '../support/workspace.js'

let home: string
/** out/ with those logs loaded: made once, and copied for each test. */
let template: string | null = null

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'debrief-snapshot-'))
  await generateLogs({
    folder: home,
    seed: 5,
    weeks: ['2026-W05', '2026-W06'],
    sessionsPerWeek: 4,
    textScale: 0.1,
    noise: 0,
    hasFaults: true,
  })
})
afterAll(() => rmSync(home, { recursive: true, force: true }))

async function loadedWorkspace(options: WorkspaceOptions = {}) {
  const workspace = createWorkspace({ home, ...options })
  const { out } = workspace.ctx.config.paths
  if (template) cpSync(template, out, { recursive: true })
  else {
    await runSync(workspace.ctx)
    await runFacets(workspace.ctx, {})
    template = join(home, 'template')
    cpSync(out, template, { recursive: true })
  }
  return workspace
}

interface Manifest {
  files: Record<string, { rows: number; bytes: number; sha256: string }>
  price_digest: string
}

function readManifest({ paths }: Config): Manifest {
  return JSON.parse(readFileSync(join(paths.parquet, 'manifest.json'), 'utf8')) as Manifest
}

/** Files below parquet/ with their bytes' digest, and none other. */
function digests({ paths }: Config): Map<string, string> {
  const entries = readdirSync(paths.parquet, { recursive: true, withFileTypes: true })
  return new Map(
    entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .sort()
      .map((file) => [
        file.slice(paths.parquet.length + 1),
        createHash('sha256').update(readFileSync(file)).digest('hex'),
      ]),
  )
}

/** Rows as a DuckDB that knows nothing of this program reads them. */
async function readParquet<T extends object = Row>(config: Config, sql: string): Promise<T[]> {
  const db = await openDatabase(':memory:')
  try {
    return await db.rows<T>(sql.replaceAll('PARQUET', config.paths.parquet.replaceAll("'", "''")))
  } finally {
    db.close()
  }
}

describe('a snapshot', () => {
  it('holds every mart but the journals, as any DuckDB reads it', async () => {
    const { ctx } = await loadedWorkspace()
    await runSnapshot(ctx)
    const marts = discoverModels().filter(
      ({ layer, table }) => layer === 'marts' && !['runs', 'deliveries'].includes(table),
    )
    expect(marts.length).toBeGreaterThan(10)
    const db = await openDatabase(':memory:')
    await db.run(`attach ${sqlText(ctx.config.paths.warehouse)} as w (read_only)`)
    for (const { table, columns } of marts) {
      const names = columns.map(({ name }) => `"${name}"`).join(', ')
      const files = sqlText(join(ctx.config.paths.parquet, table, '**', '*.parquet'))
      const parquet = `select ${names} from read_parquet(${files}, hive_partitioning = true)`
      const mart = `select ${names} from w.marts.${table}`
      const [difference] = await db.rows<{ n: number }>(
        `select count(*) as n from ((${parquet} except all ${mart}) union all (${mart} except all ${parquet}))`,
      )
      expect([table, difference?.n]).toEqual([table, 0])
    }
    db.close()
    const folders = readdirSync(ctx.config.paths.parquet).sort()
    expect(folders).toEqual([...marts.map(({ table }) => table), '_ledger', 'manifest.json'].sort())
  })

  it('lies in hive partitions of user, machine and week', async () => {
    const { ctx } = await loadedWorkspace()
    await runSnapshot(ctx)
    const paths = [...digests(ctx.config).keys()].filter((path) => path.startsWith('sessions/'))
    expect(paths).toEqual([
      'sessions/user_id=tester/machine_id=bench/week=2026-W05/data_0.parquet',
      'sessions/user_id=tester/machine_id=bench/week=2026-W06/data_0.parquet',
    ])
    expect(
      await readParquet(
        ctx.config,
        `select count(*) as n, any_value(compression) as compression
         from parquet_metadata('PARQUET/sessions/**/*.parquet') where compression <> 'ZSTD'`,
      ),
    ).toEqual([{ n: 0, compression: null }])
  })

  it('has a manifest that tells the truth about each file', async () => {
    const { ctx } = await loadedWorkspace()
    const result = await runSnapshot(ctx)
    const { files, price_digest } = readManifest(ctx.config)
    const actual = digests(ctx.config)
    actual.delete('manifest.json')
    expect(Object.keys(files)).toEqual([...actual.keys()])
    for (const [path, { rows, bytes, sha256 }] of Object.entries(files)) {
      const [counted] = await readParquet<{ n: number }>(
        ctx.config,
        `select count(*) as n from 'PARQUET/${path}'`,
      )
      expect({ path, rows, bytes, sha256 }).toEqual({
        path,
        rows: counted?.n,
        bytes: statSync(join(ctx.config.paths.parquet, path)).size,
        sha256: actual.get(path),
      })
    }
    expect(result).toMatchObject({
      isWritten: true,
      fileCount: Object.keys(files).length,
      rowCount: Object.values(files).reduce((sum, { rows }) => sum + rows, 0),
    })
    expect(price_digest).toMatch(/^[0-9a-f]{64}$/)
  })

  it('is not written again where nothing changed', async () => {
    const { ctx } = await loadedWorkspace()
    const first = await runSnapshot(ctx)
    const inode = statSync(first.manifest).ino
    expect(await runSnapshot(ctx)).toEqual({ ...first, isWritten: false })
    expect(statSync(first.manifest).ino).toBe(inode)
  })

  it.each<[string, (parquet: string) => void]>([
    ['a file is gone', (parquet) => rmSync(join(parquet, 'events'), { recursive: true })],
    ['a file was cut', (parquet) => writeFileSync(join(parquet, 'files/data_0.parquet'), 'PAR1')],
    [
      'a file is there that should not be',
      (parquet) => writeFileSync(join(parquet, 'files/data_1.parquet'), 'PAR1'),
    ],
    ['the manifest is no JSON', (parquet) => writeFileSync(join(parquet, 'manifest.json'), '{"inputs":')],
  ])('is written again, whole and equal, where %s', async (_, harm) => {
    const { ctx } = await loadedWorkspace()
    await runSnapshot(ctx)
    const before = digests(ctx.config)
    harm(ctx.config.paths.parquet)
    expect((await runSnapshot(ctx)).isWritten).toBe(true)
    expect(digests(ctx.config)).toEqual(before)
  })

  it('has the same bytes each time, and from a warehouse that was built anew', async () => {
    const { ctx } = await loadedWorkspace()
    await runSnapshot(ctx)
    const first = digests(ctx.config)
    for (const isBuiltAnew of [false, false, true]) {
      if (isBuiltAnew) rmSync(ctx.config.paths.warehouse)
      rmSync(join(ctx.config.paths.parquet, 'manifest.json'))
      expect((await runSnapshot(ctx)).isWritten).toBe(true)
      expect(digests(ctx.config)).toEqual(first)
    }
  })

  it('leaves nothing beside parquet/, even after a run that was killed', async () => {
    const { ctx } = await loadedWorkspace()
    const { out, parquet } = ctx.config.paths
    for (const left of [`${parquet}.writing`, `${parquet}.old`]) {
      mkdirSync(join(left, 'sessions'), { recursive: true })
      writeFileSync(join(left, 'sessions/half.parquet'), 'PAR1')
    }
    await runSnapshot(ctx)
    expect(readdirSync(out).filter((name) => name.startsWith('parquet'))).toEqual(['parquet'])
    expect([...digests(ctx.config).keys()].filter((path) => path.includes('half'))).toEqual([])
  })
})

describe('odd names', () => {
  it.each([
    ['with slashes and dots', '../o/brien', '..'],
    ['with umlauts, spaces, emoji, equals, percent and hash', 'Jürgen  Öß 💻', 'a=b&c 100%25#1'],
    ['with quotes and wildcards', `it's "me"`, '*?[x]{y}'],
    ['that look like a number and a date', '0042', '2026-02-09'],
  ])('%s come back as they were', async (_, user, machine) => {
    const { ctx } = await loadedWorkspace({ change: (config) => ({ ...config, user, machine }) })
    await runSnapshot(ctx)
    const names = await readParquet(
      ctx.config,
      `select distinct user_id, machine_id from read_parquet('PARQUET/sessions/**/*.parquet',
         hive_partitioning = true, hive_types = {'user_id': varchar, 'machine_id': varchar, 'week': varchar})`,
    )
    expect(names).toEqual([{ user_id: user, machine_id: machine }])
    const [count] = await queryMarts<{ n: number }>(ctx.config, 'select count(*) as n from sessions')
    expect(
      await readParquet(ctx.config, `select count(*) as n from 'PARQUET/sessions/**/*.parquet'`),
    ).toEqual([count])
    const deepest = [...digests(ctx.config).keys()].filter((path) => path.startsWith('sessions/'))
    expect(
      deepest.every((path) => path.split('/').length === 5),
      'each is one folder',
    ).toBe(true)
  })
})

describe('the home directory', () => {
  it.each(['/home/sam', '/var/home/sam'])('%s is named nowhere', async (home) => {
    const { ctx } = await workspaceWithPaths(home)
    await runSnapshot(ctx)
    const naming = []
    for (const path of digests(ctx.config).keys()) {
      if (!path.endsWith('.parquet')) continue
      const [row] = await readParquet<{ n: number; rows: number }>(
        ctx.config,
        `select count(*) filter (where contains(t::varchar, '${home}/')) as n from 'PARQUET/${path}' as t`,
      )
      if (row?.n !== 0) naming.push(path.replace(/\/.*(?=\/)/, ''))
    }
    expect(naming).toEqual([])
    expect(await queryMarts(ctx.config, 'select distinct project from sessions')).toEqual([
      { project: '~/projects/recipe-box' },
    ])
  })

  it('is ~ where a log file lies below it', async () => {
    const { ctx, log, home } = await workspaceWithPaths('/home/sam')
    await runSnapshot({ ...ctx, config: { ...ctx.config, home } })
    expect(await readParquet(ctx.config, `select path from 'PARQUET/_ledger/state.files.parquet'`)).toEqual([
      { path: log.replace(home, '~') },
    ])
  })
})

/** One loaded session whose every path lies below `below`, which is the home directory. */
async function workspaceWithPaths(below: string) {
  const workspace = createWorkspace({ change: (config) => ({ ...config, home: below }) })
  const id = '00000000-0000-4000-8000-00000000aaaa'
  const log = join(workspace.home, `.claude/projects/-x/${id}.jsonl`)
  const folder = `${below}/projects/recipe-box`
  const common = { cwd: folder, sessionId: id, timestamp: '2026-02-09T10:00:00Z' }
  const content = [
    { type: 'tool_use', id: 'toolu_1', name: 'Read', input: { file_path: `${folder}/menu.md` } },
    {
      type: 'tool_use',
      id: 'toolu_2',
      name: 'Write',
      input: { file_path: `${folder}/new.md`, content: 'a' },
    },
    { type: 'tool_use', id: 'toolu_3', name: 'Bash', input: { command: `${folder}/bin/tidy --all` } },
  ]
  const usage = { input_tokens: 1, output_tokens: 1 }
  const reply = { id: 'm', role: 'assistant', model: 'claude-sonnet-4-6', usage, content }
  const uuid = (n: number) => `11111111-0000-4000-8000-00000000000${n}`
  const lines = [
    { ...common, type: 'user', uuid: uuid(1), message: { role: 'user', content: 'hello' } },
    { ...common, type: 'assistant', uuid: uuid(2), requestId: 'r', message: reply },
  ]
  mkdirSync(dirname(log), { recursive: true })
  writeFileSync(log, lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
  const sources = [
    { source: 'claude-code', enabled: true, paths: [join(workspace.home, '.claude/projects')] },
  ]
  const ctx = { ...workspace.ctx, config: { ...workspace.ctx.config, sources } }
  await runSync(ctx)
  return { ...workspace, ctx, log }
}
