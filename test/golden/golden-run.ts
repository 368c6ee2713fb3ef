// A whole run of the program on a HOME that a test laid out, with a fixed clock, and its output tree as text.
import {
  cpSync,
  lutimesSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type Config, readConfig } from '../../pipeline/config.js'
import type { PipelineEvent } from '../../pipeline/events.js'
import type { RunContext } from '../../pipeline/run/context.js'
import { type RunOptions, type RunResult, runDebrief } from '../../pipeline/run.js'
import { openDatabase, sqlText } from '../../pipeline/warehouse/db.js'

export const logTime = new Date('2026-02-15T20:00:00Z')

/** A folder that is removed when the tests of the file are over, by calling `remove`. */
export function makeScratch(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'debrief-golden-'))
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}

/** Every file gets the same time, as a checkout or a generator gives it another with every run. */
export function settleTimes(folder: string, time: Date = logTime): void {
  for (const file of filesIn(folder)) lutimesSync(join(folder, file), time, time)
}

/** A copy of logs with one time on every file. */
export function copyHome(from: string, to: string): void {
  cpSync(from, to, { recursive: true })
  settleTimes(to)
}

/** What a command is handed, at this time, and the events that it emitted so far. */
export function contextAt(
  now: string,
  home: string,
  out: string,
  overrides: Partial<Config> = {},
): { ctx: RunContext; events: PipelineEvent[] } {
  const events: PipelineEvent[] = []
  const config = readConfig({ cwd: home, out }, { HOME: home })
  const ctx: RunContext = {
    config: {
      ...config,
      user: 'sam',
      machine: 'laptop',
      timezone: 'America/New_York',
      explore: false,
      ...overrides,
    },
    emit: (event) => events.push(event),
    now: () => new Date(now),
    run: { id: `run-${now}`, command: 'run weekly', warningCount: () => 0 },
  }
  return { ctx, events }
}

export interface GoldenRun {
  readonly result: RunResult
  readonly events: readonly PipelineEvent[]
}

/** `debrief run weekly --for <label> --no-publish` at this time. */
export async function runAt(
  now: string,
  home: string,
  out: string,
  options: Pick<RunOptions, 'kind' | 'label'> & { config?: Partial<Config> },
): Promise<GoldenRun> {
  const { ctx, events } = contextAt(now, home, out, options.config)
  const result = await runDebrief(ctx, { ...options, isPublished: false })
  return { result, events }
}

/** Every file below, relative and sorted. */
export function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort()
}

/** The output tree as text files: pages as they are, Parquet as rows, pictures by their size. */
export async function describeOutput(out: string, home: string): Promise<Map<string, string>> {
  const files = new Map<string, string>()
  for (const file of filesIn(join(out, 'site'))) {
    const bytes = readFileSync(join(out, 'site', file))
    if (file.endsWith('.png')) files.set(`site/${file}.txt`, pictureSize(bytes))
    else files.set(`site/${file}`, bytes.toString('utf8'))
  }
  for (const [table, text] of await describeParquet(join(out, 'parquet'))) files.set(`parquet/${table}`, text)
  return new Map([...files].map(([name, text]) => [name, text.replaceAll(home, '/home/sam')]))
}

/** Width and height from the IHDR chunk. */
function pictureSize(bytes: Buffer): string {
  return `${bytes.toString('latin1', 1, 4)} ${bytes.readUInt32BE(16)} x ${bytes.readUInt32BE(20)}\n`
}

async function describeParquet(parquet: string): Promise<Map<string, string>> {
  const manifest = JSON.parse(readFileSync(join(parquet, 'manifest.json'), 'utf8')) as {
    files: Record<string, { rows: number }>
  }
  const described = new Map([
    [
      'files.txt',
      Object.entries(manifest.files)
        .map(([path, { rows }]) => `${path} ${rows}\n`)
        .join(''),
    ],
  ])
  const db = await openDatabase(':memory:')
  try {
    for (const table of new Set(Object.keys(manifest.files).map((path) => path.split('/')[0]!))) {
      if (table === '_ledger') continue
      const glob = sqlText(join(parquet, table, '**', '*.parquet'))
      const rows = await db.rows(`select * from read_parquet(${glob}, hive_partitioning = true) order by all`)
      described.set(`${table}.jsonl`, rows.map((row) => `${JSON.stringify(row)}\n`).join(''))
    }
  } finally {
    db.close()
  }
  return described
}

/** The files of a golden tree, or none. */
export function readTree(folder: string): Map<string, string> {
  return new Map(filesIn(folder).map((file) => [file, readFileSync(join(folder, file), 'utf8')]))
}

/** Puts this tree in the place of what was there. */
export function writeTree(folder: string, files: ReadonlyMap<string, string>): void {
  rmSync(folder, { recursive: true, force: true })
  for (const [file, text] of files) {
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    writeFileSync(join(folder, file), text)
  }
}

/** Names of files that the trees do not have in common or that differ by a byte. */
export function differingFiles(left: string, right: string): string[] {
  const all = new Set([...filesIn(left), ...filesIn(right)])
  return [...all].sort().filter((file) => {
    try {
      return !readFileSync(join(left, file)).equals(readFileSync(join(right, file)))
    } catch {
      return true
    }
  })
}
