// Logs grow, appear, shrink and go at random; after each step the patched marts must be those of a build from nothing.
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { outPaths } from '../../pipeline/config.js'
import { generateLogs } from '../../pipeline/demo/generate.js'
import { createRandom } from '../../pipeline/demo/random.js'
import type { RunContext } from '../../pipeline/run/context.js'
import { runSync } from '../../pipeline/run.js'
import { buildWarehouse } from '../../pipeline/warehouse/build.js'
import { openLedger } from '../../pipeline/warehouse/ledger.js'
import { differingMarts } from '../support/same-marts.js'
import { createWorkspace, queryMarts } from '../support/workspace.js'

const fixtures = 'fixtures/logs/claude-code'

/** What the files hold in the end, by their path within a HOME; those of one case share a folder and ids. */
let whole: Map<string, string[]>
let folder: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'debrief-patch-'))
  await generateLogs({
    folder,
    seed: 5,
    weeks: ['2026-W05', '2026-W06'],
    sessionsPerWeek: 12,
    textScale: 0.1,
    noise: 0.02,
  })
  for (const name of readdirSync(fixtures).filter((entry) => /^rule-(01|03|04|05|13|16|18)/.test(entry)))
    cpSync(join(fixtures, name, 'home'), folder, { recursive: true })
  whole = new Map(
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.jsonl'))
      .sort()
      .map((name) => [name, readFileSync(join(folder, name), 'utf8').split(/(?<=\n)/)]),
  )
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Marts whose rows are not those of a build from nothing over the same ledger. */
async function differingFromNew(ctx: RunContext, name: string): Promise<Record<string, number>> {
  const out = join(ctx.config.paths.out, name)
  const config = { ...ctx.config, paths: outPaths(out) }
  mkdirSync(out, { recursive: true })
  cpSync(ctx.config.paths.ledger, config.paths.ledger)
  const ledger = await openLedger(config.paths.ledger)
  await buildWarehouse({ ...ctx, config, emit: () => {} }, ledger)
  ledger.close()
  return differingMarts(ctx.config, config, { runs: 'all' })
}

describe('marts that are patched', () => {
  it.each([1, 2, 3])('are those of a build from nothing, whatever the logs did (seed %i)', async (seed) => {
    const { ctx: base, home, events } = createWorkspace()
    let time = Date.parse('2026-02-05T15:00:00Z')
    const ctx: RunContext = { ...base, now: () => new Date(time) }
    const random = createRandom(seed)
    const shown = new Map<string, number>()
    const show = (name: string, lineCount: number): void => {
      shown.set(name, lineCount)
      mkdirSync(dirname(join(home, name)), { recursive: true })
      writeFileSync(join(home, name), whole.get(name)!.slice(0, lineCount).join(''))
    }
    for (const [name, lines] of whole)
      if (random.chance(0.8)) show(name, Math.ceil(lines.length * (0.3 + 0.7 * random.fraction())))
    await runSync(ctx)
    let patched = 0
    for (let step = 0; step < 6; step += 1) {
      const names = [...whole.keys()].filter(() => random.chance(0.06))
      for (const name of names) {
        const { length } = whole.get(name)!
        const before = shown.get(name) ?? 0
        if (random.chance(0.15)) rmSync(join(home, name), { force: true })
        else if (random.chance(0.2)) show(name, Math.ceil(before / 2))
        else show(name, Math.min(length, before + 1 + Math.floor(random.fraction() * length)))
      }
      time += 15 * 60_000 // A session that was running may have ended since, though nothing of it changed.
      events.length = 0
      await runSync(ctx)
      const [all] = await queryMarts<{ rows: number }>(ctx.config, 'select count(*) as rows from events')
      const made = events.findLast(({ subject }) => subject === 'marts.events')?.rows ?? 0
      if (made > 0 && made < all!.rows) patched += 1
      expect(await differingFromNew(ctx, `new-${step}`), `after ${names.join(', ')}`).toEqual({})
    }
    expect(patched).toBeGreaterThan(0)
  })

  it('say that a session ended which was running, though it had no line more', async () => {
    const { ctx: base, home } = createWorkspace()
    const show = (name: string): void => {
      mkdirSync(dirname(join(home, name)), { recursive: true })
      writeFileSync(join(home, name), whole.get(name)!.join(''))
    }
    const [late, ...others] = [...whole.keys()]
    for (const name of others) show(name)
    const instants = others.flatMap(
      (name) =>
        whole
          .get(name)!
          .join('')
          .match(/2026-02-\d\dT[\d:.]+Z/g) ?? [],
    )
    const newest = Date.parse(instants.sort().at(-1)!)
    const countActive = async (minutes: number): Promise<number> => {
      const ctx: RunContext = { ...base, now: () => new Date(newest + minutes * 60_000) }
      await runSync(ctx)
      const sql = `select count(*) as n from sessions where completion_status = 'active'`
      return (await queryMarts<{ n: number }>(ctx.config, sql))[0]!.n
    }
    expect(await countActive(10)).toBeGreaterThan(0)
    show(late!)
    expect(await countActive(60)).toBe(0)
  })
})
