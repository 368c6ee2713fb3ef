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

/** Everything planted holds this, in the middle of what makes it a secret. */
const mark = 'Zq9Kx3Wv'
const token = `ghp_a1B2c3D4${mark}e5F6g7H8i9J0k1L2`
const password = `sword${mark}fish`

let place = 0
type Fields = Readonly<Record<string, unknown>>

function line(fields: Fields): string {
  place += 1
  return JSON.stringify({
    uuid: `00000000-0000-4000-8000-${String(place).padStart(12, '0')}`,
    timestamp: new Date(Date.UTC(2026, 1, 10, 9, 0, place)).toISOString(),
    sessionId: 'secrets',
    cwd: '/srv/garden',
    version: '2.1.9',
    ...fields,
  })
}
const said = (content: unknown, fields: Fields = {}): string =>
  line({ type: 'user', message: { role: 'user', content }, ...fields })
const answered = (content: readonly Fields[], model = 'claude-opus-4-6', fields: Fields = {}): string =>
  line({
    type: 'assistant',
    message: {
      id: `m${place}`,
      model,
      usage: {
        input_tokens: 9,
        output_tokens: 9,
        speed: token,
        inference_geo: token,
        iterations: [{ type: 'advisor_message', model: token, input_tokens: 1, output_tokens: 1 }],
      },
      content,
    },
    ...fields,
  })
const used = (name: string, input: Fields, result: string, isError = false): string[] => {
  const id = `t${place}`
  return [
    answered([{ type: 'tool_use', id, name, input }]),
    said([{ type: 'tool_result', tool_use_id: id, is_error: isError, content: result }]),
  ]
}

const lines = (): string[] => [
  line({ type: 'custom-title', customTitle: `Rotate ${token} today` }),
  said(`Fix postgres://robin:${password}@db.test/plants and the password is ${password} for now`),
  answered([{ type: 'text', text: `I use ${token} there` }]),
  ...used('Bash', { command: `TOKEN=${token} deploy`, description: token }, `denied for ${token}`, true),
  ...used('Bash', { command: token }, 'no such program', true),
  ...used('Read', { file_path: `/srv/garden/${token}.md` }, 'read'),
  ...used('Edit', { file_path: `/srv/garden/a?password=${password}` }, 'edited'),
  ...used('WebFetch', { url: `https://robin:${password}@example.org/`, prompt: token }, 'fetched'),
  ...used('WebFetch', { url: `https://${token}.example.org/`, prompt: token }, 'fetched'),
  ...used('Task', { subagent_type: token, prompt: token }, 'done'),
  ...used('Skill', { skill: token }, 'done'),
  ...used(`mcp__${token}`, {}, 'done'),
  answered([{ type: 'text', text: 'yes' }], token),
  said(`no, that is wrong: api_key=${password} is the one to use`, { gitBranch: `feature/${token}` }),
  said('and then', {
    gitBranch: `x?token=${password}`,
    cwd: `/srv/${token}`,
    entrypoint: token,
    version: token,
  }),
  said('and more', { promptSource: token }),
  said(`<command-name>/${token}</command-name>`),
  line({ type: token, text: 'odd' }),
  line({ type: 'system', subtype: token, content: 'odd' }),
  line({ type: 'attachment', attachment: { type: token } }),
  said('fine', { isMeta: token }),
  `not JSON ${token}`,
  said('Thanks, all good'),
  answered([{ type: 'text', text: 'Bye' }]),
]

function createMachine(): { home: string; out: string } {
  const folder = mkdtempSync(join(tmpdir(), 'debrief-secrets-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const [home, out] = [join(folder, 'home'), join(folder, 'out')]
  // Claude Code names a folder after the project, so its name may hold the secret too.
  const projects = join(home, '.claude', 'projects', `-srv-${token}`)
  mkdirSync(projects, { recursive: true })
  place = 0
  writeFileSync(join(projects, 'secrets.jsonl'), `${lines().join('\n')}\n`)
  const second = line({ type: 'user', sessionId: 'other', message: { content: 'Two' }, cwd: '/srv/other' })
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
