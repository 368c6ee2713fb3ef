// Logs of a few lines each, with words of their own that can be looked for afterwards.
import { mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { ReportEffects } from '../../pipeline/report/render.js'
import { realReportEffects } from '../../pipeline/report/render.js'
import type { RunEffects } from '../../pipeline/run/context.js'
import { realEffects } from '../../pipeline/run/context.js'
import { openDatabase } from '../../pipeline/warehouse/db.js'

export interface SmallSession {
  readonly id: string
  readonly directory: string
  /** UTC, ISO 8601. */
  readonly startedAt: string
  /** Directory from the second turn on. */
  readonly laterDirectory?: string
  readonly turns?: number
  /** Makes it a sub-agent of the session `id`. */
  readonly agentId?: string
}

/** Writes the session's log where Claude Code would, and returns its path. */
export function writeSession(home: string, session: SmallSession): string {
  const { id, agentId, directory } = session
  const folder = join(home, '.claude/projects', directory.replaceAll(/[^A-Za-z0-9]/g, '-'))
  const file = agentId ? join(folder, id, 'subagents', `agent-${agentId}.jsonl`) : join(folder, `${id}.jsonl`)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(
    file,
    sessionLines(session)
      .map((line) => `${JSON.stringify(line)}\n`)
      .join(''),
  )
  const settled = new Date('2026-02-20T00:00:00Z')
  utimesSync(file, settled, settled)
  return file
}

function sessionLines({
  id,
  agentId,
  directory,
  laterDirectory,
  startedAt,
  turns = 2,
}: SmallSession): object[] {
  const key = `${id}${agentId ?? ''}`
  return Array.from({ length: turns }, (_, n) => {
    const at = (second: number) => new Date(Date.parse(startedAt) + n * 60_000 + second * 1000).toISOString()
    const common = {
      sessionId: id,
      cwd: n === 0 ? directory : (laterDirectory ?? directory),
      version: '2.1.119',
      isSidechain: agentId !== undefined,
      ...(agentId === undefined ? {} : { agentId }),
    }
    const usage = { input_tokens: 10, output_tokens: 100 + n }
    return [
      {
        ...common,
        type: 'user',
        uuid: `${key}-u${n}`,
        timestamp: at(0),
        message: { role: 'user', content: `Do step ${n}, please.` },
      },
      {
        ...common,
        type: 'assistant',
        uuid: `${key}-a${n}`,
        requestId: `req-${key}-${n}`,
        timestamp: at(9),
        message: {
          id: `msg-${key}-${n}`,
          role: 'assistant',
          model: 'claude-sonnet-4-6',
          usage,
          content: [{ type: 'text', text: 'Done.' }],
        },
      },
    ]
  }).flat()
}

/** Pages without drawn charts: what they say is what matters here. */
const report: ReportEffects = {
  ...realReportEffects,
  drawSvg: async () => '<svg xmlns="http://www.w3.org/2000/svg"/>',
  drawPng: async () => Buffer.from('png'),
}
export const undrawn: RunEffects = { ...realEffects, report }

/** Files below the folder that hold the text as plain bytes, or as a value in a table. */
export async function findTraces(folder: string, text: string): Promise<string[]> {
  const found: string[] = []
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  )
  for (const entry of entries) {
    const file = join(entry.parentPath, entry.name)
    const isTable = /\.(parquet|duckdb)$/.test(file)
    if (readFileSync(file).includes(text) || (isTable && (await holdsValue(file, text)))) found.push(file)
  }
  return found.map((file) => file.slice(folder.length + 1)).sort()
}

async function holdsValue(file: string, text: string): Promise<boolean> {
  const db = await openDatabase(file.endsWith('.duckdb') ? file : ':memory:', {
    ...(file.endsWith('.duckdb') ? { readOnly: true } : {}),
  })
  try {
    const tables = file.endsWith('.duckdb')
      ? (
          await db.rows<{ name: string }>(
            `select schema_name || '.' || table_name as name from duckdb_tables() where not internal`,
          )
        ).map(({ name }) => name)
      : [`read_parquet('${file.replaceAll("'", "''")}')`]
    for (const table of tables)
      if (
        (await db.rows(`select 1 from ${table} as t where contains(t::varchar, ?) limit 1`, [text])).length >
        0
      )
        return true
    return false
  } finally {
    db.close()
  }
}
