// One HOME with the logs of every agent: all are read, and whichever is broken stops only itself.
import { cpSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Source, sources } from '../../pipeline/ingest/formats/format.js'
import { packageRoot } from '../../pipeline/root.js'
import { runSync } from '../../pipeline/run.js'
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

describe('a home with the logs of every agent', () => {
  it('gives sessions of each', async () => {
    const { totals, lines } = await totalsOf(() => false)
    expect(totals.map(({ source }) => source)).toEqual([...sources].sort())
    expect(lines).toEqual([])
  })

  it.each(sources)('in which those of %s are noise gives all others as before', async (broken) => {
    const whole = await totalsOf(() => false)
    const { totals, lines } = await totalsOf((source) => source === broken)
    const others = ({ source }: Total): boolean => source !== broken
    expect(totals.filter(others)).toEqual(whole.totals.filter(others))
    expect(lines).toEqual([])
  })
})
