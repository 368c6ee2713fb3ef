// What can go wrong around a run: what is said, with which exit code it ends, and that nothing is lost.
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { packageRoot } from '../../pipeline/root.js'
import { type DiscordServer, startDiscordServer } from '../support/discord-server.js'
import { mountDisk, type SmallDisk, whyNoDisk } from '../support/small-disk.js'
import { queryFile } from '../support/workspace.js'
import { createMachine, type Ended, endOf, type Machine } from './debrief-command.js'

const fixtures = join(packageRoot, 'fixtures/logs/claude-code')
const week = ['--for', '2026-W07'] as const
const nowhere = 'http://127.0.0.1:9'

/** A machine whose week was reported, copied for each test. */
let rendered: Machine
let machine: Machine
let discord: DiscordServer
const settings = (more = '') =>
  `user: tester\nmachine: bench\ntimezone: UTC\nexplore: false\ndiscord: [{api_base_url: "${discord.baseUrl}"}]\n${more}`
/** The logs stay where they were read: copies of the machine share this home. */
const env = () => ({ DISCORD_WEBHOOK_URL: discord.webhookUrl, HOME: rendered.folder })

beforeAll(async () => {
  discord = await startDiscordServer()
  rendered = createMachine()
  cpSync(join(fixtures, 'bad-lines/home'), rendered.folder, { recursive: true })
  rendered.configure(settings())
  await rendered.debriefWith(env(), 'run', 'weekly', ...week, '--no-publish')
})
afterAll(async () => {
  rendered.remove()
  await discord.stop()
})
beforeEach(() => {
  machine = createMachine()
  cpSync(rendered.folder, machine.folder, { recursive: true, preserveTimestamps: true })
  discord.messages.clear()
  discord.requests.length = 0
})
afterEach(() => machine.remove())

const run = (more: Readonly<Record<string, string>> = {}): Promise<Ended> =>
  machine.debriefWith({ ...env(), ...more }, 'run', 'weekly', ...week)
const ledger = () => join(machine.out, 'ledger.duckdb')

/** Rows of every table that holds what was read, judged or frozen. */
async function keptRows(out = machine.out): Promise<Record<string, number>> {
  const file = join(out, 'ledger.duckdb')
  const tables = await queryFile<{ name: string }>(
    file,
    `select schema_name || '.' || table_name as name from duckdb_tables()
     where schema_name = 'raw' or table_name in ('files', 'facets', 'periods', 'period_sessions') order by 1`,
  )
  const counts: Record<string, number> = {}
  for (const { name } of tables)
    counts[name] = (await queryFile<{ n: number }>(file, `select count(*) as n from ${name}`))[0]!.n
  return counts
}

/** Bytes of the file's latter half are no longer those that were written. */
function damage(file: string): void {
  const bytes = readFileSync(file)
  for (let at = bytes.length >> 1; at < bytes.length; at += 997) bytes[at]! ^= 0xff
  writeFileSync(file, bytes)
}

describe('a place that cannot be reached', () => {
  it('in S3 leaves the digest to be posted without a link, and the upload for later', async () => {
    machine.configure(settings(`publish: {s3: {endpoint: "${nowhere}", bucket: debriefs}}\n`))
    const keys = { AWS_ACCESS_KEY_ID: 'AKEXAMPLE', AWS_SECRET_ACCESS_KEY: 'not-a-secret-0123456789' }
    const before = await keptRows()
    const ended = await run(keys)
    expect([ended.code, ended.stdout]).toEqual([3, expect.stringContaining(`s3: `)])
    expect(ended.stdout).toContain('127.0.0.1:9')
    expect(ended.stdout).toContain('without the link: it follows when the upload succeeds')
    expect([discord.messages.size, await keptRows()]).toEqual([1, before])
  })

  it('in Discord leaves the message for later, which is then posted once', async () => {
    machine.configure(settings().replace(discord.baseUrl, `${nowhere}/api`))
    const before = await keptRows()
    const ended = await run()
    expect([ended.code, ended.stdout]).toEqual([3, expect.stringMatching(/discord:\d+: .*ECONNREFUSED/)])
    expect(await keptRows()).toEqual(before)
    machine.configure(settings())
    expect([(await run()).code, discord.messages.size]).toEqual([0, 1])
  })
})

describe('a configuration that is broken', () => {
  it.each([
    ['discord: [', /debrief\.yaml/],
    ['timezone: Mars/Base', /timezone/],
    ['publsh: {}', /publsh/],
  ])('as in %j is named, and nothing is touched', async (text, named) => {
    const before = statSync(ledger()).mtimeMs
    machine.configure(text)
    const ended = await run()
    expect([ended.code, ended.stderr]).toEqual([2, expect.stringMatching(named)])
    expect(ended.stderr).not.toMatch(/\n\s+at /)
    expect([statSync(ledger()).mtimeMs, discord.requests]).toEqual([before, []])
  })
})

describe('a database that is damaged', () => {
  it.each(['all of it', 'inside'])('the warehouse, %s, is built anew', async (extent) => {
    const before = await keptRows()
    const warehouse = join(machine.out, 'warehouse.duckdb')
    if (extent === 'inside') damage(warehouse)
    else writeFileSync(warehouse, 'not a database')
    const ended = await run()
    expect([ended.code, discord.messages.size], ended.stderr).toEqual([0, 1])
    expect(await keptRows()).toEqual(before)
    const asked = await machine.debrief('query', 'select count(*) as n from sessions', '--json')
    expect(JSON.parse(asked.stdout)).toEqual([{ n: 1 }])
  })

  it('the ledger, inside, is set aside and made again, and nothing is posted twice', async () => {
    expect((await run()).code).toBe(0)
    const before = await keptRows()
    damage(ledger())
    const damaged = readFileSync(ledger())
    const ended = await run()
    expect([ended.code, ended.stderr], ended.stdout).toEqual([
      0,
      expect.stringMatching(
        /ledger is damaged .* set aside as .*corrupt-1, and made again from the snapshot/,
      ),
    ])
    expect(readFileSync(`${ledger()}.corrupt-1`).length).toBe(damaged.length)
    expect([await keptRows(), discord.messages.size]).toEqual([before, 1])
  })

  it('a ledger that is gone is made again from the snapshot, without the logs too', async () => {
    const before = await keptRows()
    rmSync(ledger())
    const empty = join(machine.folder, 'empty')
    mkdirSync(empty)
    const ended = await run({ HOME: empty })
    expect([ended.code, ended.stderr]).toEqual([
      0,
      expect.stringMatching(/ledger is gone .*made again from the snapshot/),
    ])
    expect(await keptRows()).toEqual(before)
  })
})

it('two runs at once: the second waits, and the week is posted once', async () => {
  const before = await keptRows()
  const both = await Promise.all([1, 2].map(() => endOf(machine.startWith(env(), 'run', 'weekly', ...week))))
  expect(both.map(({ code }) => code)).toEqual([0, 0])
  expect(discord.messages.size).toBe(1)
  expect(await keptRows()).toEqual(before)
})

it('a clock that was set back into the week: nothing is posted twice, and nothing that is frozen changes', async () => {
  expect((await run()).code).toBe(0)
  const before = await keptRows()
  const periods = await queryFile(ledger(), 'select period, frozen_at, figures from state.periods')
  const clock = join(machine.folder, 'clock.mjs')
  writeFileSync(
    clock,
    `const Now = Date, shift = Now.now() - Now.parse('2026-02-12T12:00:00Z')
     globalThis.Date = class extends Now {
       constructor(...args) { super(...(args.length ? args : [Now.now() - shift])) }
       static now() { return Now.now() - shift }
     }`,
  )
  const back = await run({ NODE_OPTIONS: `--import ${clock}` })
  expect(back.stderr).not.toMatch(/bug/)
  expect([back.code, discord.messages.size], back.stderr).toEqual([0, 1])
  expect((await run()).code).toBe(0)
  expect([discord.messages.size, await keptRows()]).toEqual([1, before])
  expect(await queryFile(ledger(), 'select period, frozen_at, figures from state.periods')).toEqual(periods)
})

const noDisk = whyNoDisk()
const skipped = noDisk === null ? '' : ` (SKIPPED: ${noDisk})`

describe.skipIf(noDisk !== null)(`a disk${skipped}`, () => {
  let disk: SmallDisk | null = null
  afterEach(() => {
    disk?.remove()
    disk = null
  })

  it('that is full stops the run with a word on it, and the next run with room goes on', async () => {
    disk = mountDisk(join(machine.folder, 'disk'), 64)
    const out = join(disk.folder, 'out')
    cpSync(machine.out, out, { recursive: true })
    const before = await keptRows(out)
    const filler = join(disk.folder, 'filler')
    try {
      for (;;) appendFileSync(filler, Buffer.alloc(65_536))
    } catch {
      // Now it is full.
    }
    const more = { ...env(), HOME: join(machine.folder, 'more') }
    cpSync(join(fixtures, 'version-2.1-late/home'), more.HOME, { recursive: true })
    const full = await machine.debriefWith(more, 'run', 'weekly', ...week, '--out', out)
    expect(full.stderr).toMatch(/no space|disk/i)
    expect(full.stderr).not.toMatch(/\n\s+at /)
    expect([full.code, discord.messages.size]).toEqual([2, 0])
    rmSync(filler)
    expect(await keptRows(out)).toMatchObject(before)
    const ended = await machine.debriefWith(more, 'run', 'weekly', ...week, '--out', out)
    expect([ended.code, discord.messages.size], ended.stderr).toEqual([0, 1])
    expect((await keptRows(out))['raw.events']!).toBeGreaterThan(before['raw.events']!)
  })

  it('that may only be read says where to write instead, and serves as home all the same', async () => {
    disk = mountDisk(join(machine.folder, 'home'), 64)
    cpSync(join(fixtures, 'bad-lines/home'), disk.folder, { recursive: true })
    disk.makeReadOnly()
    const home = { HOME: disk.folder }
    const inside = await machine.debriefWith({ ...env(), ...home }, 'sync', '--out', join(disk.folder, 'out'))
    expect([inside.code, inside.stderr]).toEqual([2, expect.stringContaining('Name a folder that can')])
    expect(existsSync(join(disk.folder, 'out'))).toBe(false)
    const elsewhere = join(machine.folder, 'elsewhere')
    const ended = await machine.debriefWith(
      { ...env(), ...home },
      'run',
      'weekly',
      ...week,
      '--out',
      elsewhere,
    )
    expect([ended.code, discord.messages.size], ended.stderr).toEqual([0, 1])
  })
})
