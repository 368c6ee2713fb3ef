// A rendered period as publishing finds it in out/, with known bytes.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { readConfig } from '../../pipeline/config.js'
import type { PipelineEvent } from '../../pipeline/events.js'
import type { Digest } from '../../pipeline/publish/digest.js'
import { type Database, openDatabase } from '../../pipeline/warehouse/db.js'

export function sampleDigest(): Digest {
  return {
    schema: 'debrief.digest/1',
    kind: 'weekly',
    period: '2026-W07',
    title: 'Week of 9 February 2026',
    is_so_far: false,
    content: 'none',
    headlines: [
      { label: 'Sessions', value: '42', change: '+12 %', direction: 'up' },
      { label: 'Cost', value: '≥ $31.20', change: null, direction: null },
    ],
    sentences: ['A calm week: less spent, more finished.', 'Most of it went into the importer.'],
    sections: [{ heading: 'Top friction', lines: ['wrong approach, 5 times', 'buggy code, twice'] }],
    tips: [],
    open_loops: [],
    remarks: [],
    image: 'digest.png',
    image_alt: 'Cost by day',
  }
}

export interface PublishRoom {
  readonly folder: string
  readonly site: string
  readonly db: Database
  readonly events: PipelineEvent[]
  /** The stage's context for a configuration file with this text. */
  context(
    yaml: string,
    env?: Record<string, string>,
  ): Parameters<typeof import('../../pipeline/publish/publish.js').publish>[0]
  writeDigest(digest: Digest): void
  /** Writes a Parquet file below out/ with what this SELECT gives. */
  putTable(path: string, select: string): Promise<void>
  close(): void
}

/** A scratch out/ with one rendered week, a little Parquet tree, and an empty ledger. */
export async function openPublishRoom(): Promise<PublishRoom> {
  const folder = mkdtempSync(join(tmpdir(), 'debrief-publish-'))
  const out = join(folder, 'out')
  const put = (path: string, content: string | Buffer) => {
    mkdirSync(dirname(join(out, path)), { recursive: true })
    writeFileSync(join(out, path), content)
  }
  const week = 'site/weekly/2026-W07'
  const writeDigest = (digest: Digest) => put(`${week}/digest.json`, JSON.stringify(digest))
  writeDigest(sampleDigest())
  put(
    `${week}/index.html`,
    '<!doctype html><meta charset="utf-8"><meta name="debrief:content" content="none"><title>Week 7</title><p>naïve – 日本\n',
  )
  put(`${week}/report.md`, '# Week 7\n')
  put(`${week}/report.json`, '{"week":7}\n')
  put(`${week}/digest.png`, Buffer.from('89504e470d0a1a0a0001ff00fe', 'hex'))
  put(
    'site/index.html',
    '<!doctype html><meta name="debrief:content" content="none"><title>All reports</title>\n',
  )
  const db = await openDatabase(':memory:')
  const putTable = async (path: string, select: string) => {
    mkdirSync(dirname(join(out, path)), { recursive: true })
    await db.run(`copy (${select}) to '${join(out, path)}' (format parquet)`)
  }
  const table = 'parquet/sessions/user_id=me/machine_id=desk/week=2026-W07/data_0.parquet'
  await putTable(table, `select 's1' as session_id, 'A calm week' as title`)
  await putTable('parquet/_ledger/state_facets.parquet', `select 's1' as session_id`)
  put('parquet/manifest.json', '{"files":2}\n')
  await db.run(readFileSync(new URL('../../sql/ledger.sql', import.meta.url), 'utf8'))
  const events: PipelineEvent[] = []
  return {
    folder,
    site: join(out, week),
    db,
    events,
    writeDigest,
    putTable,
    context: (yaml, env = {}) => {
      const file = join(folder, 'debrief.yaml')
      writeFileSync(file, `user: me\nmachine: desk\n${yaml}\n`)
      const config = readConfig({ config: file, cwd: folder }, { HOME: folder, ...env })
      return { config, emit: (event) => events.push(event), now: () => new Date('2026-02-16T06:00:00Z') }
    },
    close: () => {
      db.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
