// Secrets stand nowhere below out/, at no level: not in what is quoted, not in a name, not in what went wrong.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { journaled } from '../../jobs/job.js'
import type { Config } from '../../pipeline/config.js'
import { exitCodes } from '../../pipeline/errors.js'
import { readErrorReason } from '../../pipeline/ingest/read-error.js'
import { journalText } from '../../pipeline/journal.js'
import { runDebrief } from '../../pipeline/run.js'
import { openDatabase } from '../../pipeline/warehouse/db.js'
import { contextAt } from '../golden/golden-run.js'
import { readKeptTexts } from './kept-texts.js'
import { secretLines, secretSession } from './secret-logs.js'

/** Everything planted holds this, in the middle of what makes it a secret. */
const mark = 'Zq9Kx3Wv'
const token = `ghp_a1B2c3D4${mark}e5F6g7H8i9J0k1L2`
const password = `sword${mark}fish`

function createMachine(): { home: string; out: string } {
  const folder = mkdtempSync(join(tmpdir(), 'debrief-secrets-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const [home, out] = [join(folder, 'home'), join(folder, 'out')]
  // Claude Code names a folder after the project, so its name may hold the secret too.
  const projects = join(home, '.claude', 'projects', `-srv-${token}`)
  mkdirSync(projects, { recursive: true })
  writeFileSync(
    join(projects, 'secrets.jsonl'),
    `${secretSession({ token, password, session: 'secrets' }).join('\n')}\n`,
  )
  const second = secretLines('other').line({ type: 'user', message: { content: 'Two' }, cwd: '/srv/other' })
  writeFileSync(join(projects, 'other.jsonl'), `${second}\n`)
  return { home, out }
}

async function run({ home, out }: { home: string; out: string }, content: Config['privacy']['content']) {
  const { ctx } = contextAt('2026-02-18T12:00:00Z', home, out)
  const config: Config = { ...ctx.config, privacy: { ...ctx.config.privacy, content } }
  await journaled('run weekly', config, { emit: () => {} }, async (context) => {
    await runDebrief({ ...context, now: ctx.now }, { kind: 'weekly', label: '2026-W07', isPublished: false })
    return exitCodes.done
  })
}

it.each(['none', 'summaries', 'transcripts'] as const)(
  'with %s there is no secret below out/',
  async (content) => {
    const machine = createMachine()
    await run(machine, content)
    await run(machine, content)
    const leaks = [...(await readKeptTexts(machine.out))].flatMap(([file, text]) => {
      const at = text.indexOf(mark)
      return at === -1 ? [] : [`${file}: ${text.slice(Math.max(0, at - 80), at + 20)}`]
    })
    expect(leaks).toEqual([])
  },
)

it('files that differ in a secret stay apart, and are read once', async () => {
  const machine = createMachine()
  await run(machine, 'summaries')
  const read = async () => {
    const db = await openDatabase(join(machine.out, 'ledger.duckdb'), { readOnly: true })
    try {
      return await db.rows('select path, is_gone, line_count, loaded_at from state.files order by path')
    } finally {
      db.close()
    }
  }
  const first = await read()
  expect(first.map(({ path }) => String(path).replace(/^.*\[secret \w{8}\]/, ''))).toContain('/other.jsonl')
  await run(machine, 'summaries')
  expect(await read()).toEqual(first)
})

it('why a file could not be read is told without what stands in it', () => {
  const reason = (message: string) => readErrorReason(new Error(message), '/logs/a.jsonl')
  expect(reason(`Conversion Error: could not convert 'my words' to INT64\nLINE 1`)).toBe(
    'Conversion Error: could not convert …',
  )
  expect(reason(`IO Error: Cannot open file "/logs/a.jsonl": Permission denied`)).toBe(
    'IO Error: Cannot open file /logs/a.jsonl: Permission denied',
  )
  expect(reason(`Failed at ${token}`)).toBe('Failed at [secret]')
})

it('a journal quotes nothing where no words may be kept, and never a secret', () => {
  const journal = {
    run_id: '20260218T120000000Z-run-weekly-1',
    error: `Unexpected token 'w', ..."my words" is no JSON in '/logs/a.jsonl', it isn't`,
    events: [{ step: 'ingest', action: 'fail', subject: `/logs/${token}`, message: `password=${password}` }],
  }
  const config = (content: Config['privacy']['content']) => ({
    secrets: {},
    privacy: {
      content,
      redact_paths: true,
      exclude: { projects: [], sessions: [] },
      retention_days: null,
    },
  })
  const told = JSON.parse(journalText(journal, config('none')))
  expect(told).toEqual({
    run_id: journal.run_id,
    error: `Unexpected token '…', ..."…" is no JSON in '/logs/a.jsonl', it isn't`,
    events: [{ step: 'ingest', action: 'fail', subject: '/logs/[secret]', message: 'password=[secret]' }],
  })
  expect(JSON.parse(journalText(journal, config('summaries'))).error).toBe(journal.error)
})
