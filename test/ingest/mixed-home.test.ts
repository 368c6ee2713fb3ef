// One HOME with the logs of every agent: all are read, and whichever is broken stops only itself.
import { cpSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Source, sources } from '../../pipeline/ingest/formats/format.js'
import { packageRoot } from '../../pipeline/root.js'
import { runReport, runSync } from '../../pipeline/run.js'
import { createWorkspace, queryMarts } from '../support/workspace.js'

interface Total {
  readonly source: string
  readonly sessions: number
  readonly tools: number
  readonly tokens: number | null
}

/** A home for each source, so that it is known whose files are whose. */
function writeHomes(folder: string, isBroken: (source: Source) => boolean): Map<Source, string> {
  return new Map(
    sources.map((source) => {
      const home = join(folder, source)
      mkdirSync(home, { recursive: true })
      const fixtures = join(packageRoot, 'fixtures', 'logs', source)
      for (const entry of readdirSync(fixtures, { withFileTypes: true }).filter((e) => e.isDirectory()))
        cpSync(join(fixtures, entry.name, 'home'), home, { recursive: true })
      if (isBroken(source)) for (const file of filesOf(home)) writeFileSync(file, noise(statSync(file).size))
      return [source, home]
    }),
  )
}

function filesOf(home: string): string[] {
  return readdirSync(home, { recursive: true, encoding: 'utf8' })
    .map((name) => join(home, name))
    .filter((path) => statSync(path).isFile())
}

/** Bytes that are no JSON, the same each time. */
function noise(length: number): Buffer {
  return Buffer.from(Array.from({ length }, (_, i) => (i * 7919 + 13) % 251))
}

async function totalsOf(isBroken: (source: Source) => boolean): Promise<{ totals: Total[]; lines: Total[] }> {
  const { folder, ctx: base } = createWorkspace()
  const homes = writeHomes(join(folder, 'homes'), isBroken)
  const ctx = {
    ...base,
    config: {
      ...base.config,
      sources: [...homes].map(([source, home]) => ({ source, enabled: true, paths: [home] })),
    },
  }
  await runSync(ctx)
  const totals = await queryMarts<Total>(
    ctx.config,
    `select source, count(*) as sessions, sum(tool_call_count)::bigint as tools,
       sum(total_tokens)::bigint as tokens from sessions group by source order by source`,
  )
  const lines = await queryMarts<Total>(
    ctx.config,
    'select source from files where line_count <> loaded_line_count + blank_line_count + rejected_line_count',
  )
  return { totals, lines }
}

/** With nothing broken; worked out once. */
let whole: ReturnType<typeof totalsOf> | undefined

describe('a home with the logs of every agent', () => {
  it('gives sessions of each', async () => {
    const { totals, lines } = await totalsOf(() => false)
    expect(totals.map(({ source }) => source)).toEqual([...sources].sort())
    expect(lines).toEqual([])
  })

  it.each(sources)('in which those of %s are noise gives all others as before', async (broken) => {
    whole ??= totalsOf(() => false)
    const { totals, lines } = await totalsOf((source) => source === broken)
    const others = ({ source }: Total): boolean => source !== broken
    expect(totals.filter(others)).toEqual((await whole).totals.filter(others))
    expect(lines).toEqual([])
  })
})

/** An ordinary session of each, with its days moved into one week. */
const ordinary: Readonly<Record<Source, string>> = {
  'claude-code': 'version-2.1-late',
  amplifier: 'one-session',
  amp: 'calls-are-logged-as-they-begin-and-again',
  codex: 'plain-session',
  copilot: 'shutdown-totals',
  gemini: 'one-document',
  opencode: 'exported-document',
  pi: 'version-1',
}

function moveIntoWeek(home: string, monday: string): void {
  const files = filesOf(home)
  const days = files.flatMap((file) => readFileSync(file, 'utf8').match(/20\d\d-\d\d-\d\d(?=T)/g) ?? [])
  if (days.length === 0) return
  const shift = Date.parse(monday) - Date.parse(days.sort()[0]!)
  const moved = (day: string): string => new Date(Date.parse(day) + shift).toISOString().slice(0, 10)
  for (const file of files)
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll(/20\d\d-\d\d-\d\d(?=T)/g, moved))
}

describe('a week with sessions of every agent', () => {
  it('makes one report that tells the agents apart', async () => {
    const { folder, ctx: base } = createWorkspace({ now: '2026-02-10T12:00:00Z' })
    const homes = sources.map((source) => {
      const home = join(folder, 'homes', source)
      cpSync(join(packageRoot, 'fixtures', 'logs', source, ordinary[source], 'home'), home, {
        recursive: true,
      })
      moveIntoWeek(home, '2026-02-03')
      return { source, enabled: true, paths: [home] }
    })
    const ctx = { ...base, config: { ...base.config, sources: homes } }
    await runSync(ctx)
    await runReport(ctx, { kind: 'weekly', label: '2026-W06', isAll: false })
    const html = readFileSync(join(ctx.config.paths.site, 'weekly', '2026-W06', 'index.html'), 'utf8')
    const section = html.slice(html.indexOf('Attention by agent')).split('</section>')[0]
    for (const name of ['Claude Code', 'Amplifier', 'Amp', 'Codex', 'Copilot', 'Gemini', 'OpenCode', 'pi'])
      expect(section).toContain(name)
  })
})
