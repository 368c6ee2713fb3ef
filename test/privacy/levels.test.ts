// What privacy.content lets stand below out/, level by level, and what is left when it is lowered.
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { journaled } from '../../jobs/job.js'
import type { Config } from '../../pipeline/config.js'
import { exitCodes } from '../../pipeline/errors.js'
import type { RunContext } from '../../pipeline/run/context.js'
import { runDebrief, runReport, runSnapshot } from '../../pipeline/run.js'
import { contextAt, filesIn } from '../golden/golden-run.js'
import { canaryPattern, keptWithSummaries, writeCanaryLogs } from './canary-logs.js'
import { readKeptTexts } from './kept-texts.js'

type Content = Config['privacy']['content']

type Work = (context: RunContext) => Promise<unknown>

const now = '2026-02-18T12:00:00Z'

interface Machine {
  readonly out: string
  readonly planted: ReadonlySet<string>
  readonly home: string
  run(content: Content): Promise<void>
  command(content: Content, name: string, work: Work): Promise<void>
}

function createMachine(): Machine {
  const folder = mkdtempSync(join(tmpdir(), 'debrief-privacy-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const [home, out] = [join(folder, 'home'), join(folder, 'out')]
  const planted = writeCanaryLogs(home)
  const command = async (content: Content, name: string, work: Work): Promise<void> => {
    const { ctx } = contextAt(now, home, out)
    const config: Config = { ...ctx.config, privacy: { ...ctx.config.privacy, content } }
    await journaled(name, config, { emit: () => {} }, async (context) => {
      await work({ ...context, now: ctx.now })
      return exitCodes.done
    })
  }
  const run = async (content: Content): Promise<void> => {
    const journal = (name: string, work: Work): Promise<void> => command(content, name, work)
    await journal('run weekly', (context) =>
      runDebrief(context, { kind: 'weekly', label: '2026-W07', isPublished: false }),
    )
    if (!existsSync(join(out, 'site/monthly')))
      await journal('report monthly', (context) =>
        runReport(context, { kind: 'monthly', label: '2026-02', isAll: false }),
      )
  }
  return { out, planted, home, run, command }
}

/** Each canary below out/ with the kinds of files that it is in. */
async function canariesIn(out: string): Promise<Map<string, Set<string>>> {
  const found = new Map<string, Set<string>>()
  for (const [file, text] of await readKeptTexts(out))
    for (const [, field] of text.matchAll(canaryPattern)) {
      const places = found.get(field!) ?? new Set()
      found.set(field!, places.add(file.split('/')[0]!.replace('.duckdb', '')))
    }
  return found
}

function sorted(found: ReadonlyMap<string, Iterable<string>>): [string, string[]][] {
  return [...found].map(([field, places]): [string, string[]] => [field, [...places].sort()]).sort()
}

describe('of the words of a log there is below out/', () => {
  it('with none, nothing', async () => {
    const { out, run, planted } = createMachine()
    await run('none')
    expect(planted.size).toBeGreaterThan(100)
    expect(filesIn(out)).toEqual(
      expect.arrayContaining(['ledger.duckdb', 'site/weekly/2026-W07/digest.json']),
    )
    expect([...(await canariesIn(out))]).toEqual([])
  })

  it('with summaries, a goal, quotes and names', async () => {
    const { out, run } = createMachine()
    await run('summaries')
    expect(sorted(await canariesIn(out))).toEqual(sorted(keptWithSummaries))
  })

  it('with transcripts the same, and on the page the words of the conversation', async () => {
    const { out, run } = createMachine()
    await run('transcripts')
    const found = await canariesIn(out)
    const kept = [...found].map(
      ([field, places]) => [field, [...places].filter((place) => place !== 'site')] as const,
    )
    const databases = [...keptWithSummaries].map(
      ([field, places]) => [field, places.filter((place) => place !== 'site')] as const,
    )
    expect(sorted(new Map(kept.filter(([, places]) => places.length > 0)))).toEqual(
      sorted(new Map(databases)),
    )
    const onPage = kept.filter(([, places]) => places.length === 0).map(([field]) => field)
    expect(onPage).toEqual(
      expect.arrayContaining(['assistanttext', 'prompttext', 'bashoutput', 'queuedprompt']),
    )
    // What was called is named on the page, and never what it was called with.
    expect(onPage.filter((field) => /input|bashcommand|description|pattern/.test(field))).toEqual([])
  })
})

describe('when less may be kept than before', () => {
  it.each(['summaries', 'transcripts'] as const)('nothing is left of what %s kept', async (before) => {
    const { out, run } = createMachine()
    await run(before)
    await run('none')
    expect([...(await canariesIn(out))]).toEqual([])
  })

  it('nothing is left where the logs are gone, whichever command comes first', async () => {
    const { out, run, home, command } = createMachine()
    await run('summaries')
    rmSync(join(home, '.claude'), { recursive: true })
    await command('none', 'snapshot', runSnapshot)
    expect([...(await canariesIn(out))]).toEqual([])
    const page = JSON.parse(readFileSync(join(out, 'site/monthly/2026-02/report.json'), 'utf8'))
    expect(page).toMatchObject({ content: 'none', figures: { session_count: 1 } })
  })

  it('names come back with the next reading where more may be kept again', async () => {
    const { out, run } = createMachine()
    await run('none')
    await run('summaries')
    expect(sorted(await canariesIn(out))).toEqual(sorted(keptWithSummaries))
  })

  it('costs nothing where the level stays', async () => {
    const { out, run } = createMachine()
    await run('none')
    const before = statSync(join(out, 'site/monthly/2026-02/index.html')).mtimeMs
    await run('none')
    expect(statSync(join(out, 'site/monthly/2026-02/index.html')).mtimeMs).toBe(before)
  })
})
