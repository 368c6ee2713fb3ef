import { appendFileSync, cpSync, readdirSync, rmSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { generateLogs } from '../../pipeline/demo/generate.js'
import { packageRoot } from '../../pipeline/root.js'
import { runSync } from '../../pipeline/run.js'
import { createWorkspace, queryFile, queryMarts } from '../support/workspace.js'

const fixture = join(packageRoot, 'fixtures/logs/claude-code/rule-01-session-in-two-files/home')

async function loadedWorkspace() {
  const workspace = createWorkspace()
  cpSync(fixture, workspace.home, { recursive: true })
  await runSync(workspace.ctx)
  const files = await queryFile<{ path: string }>(
    workspace.ctx.config.paths.ledger,
    'select path from state.files',
  )
  return { ...workspace, file: files[0]!.path }
}

describe('sync', () => {
  it('reads no file and rebuilds nothing when nothing changed', async () => {
    const { ctx } = await loadedWorkspace()
    const { ingest, build } = await runSync(ctx)
    expect(ingest).toMatchObject({ filesFound: 2, filesRead: 0, hasChanged: false })
    expect(build).toEqual({ isRebuilt: false, modelCount: 0 })
  })

  it('reads a grown file again, whole, and counts nothing twice', async () => {
    const { ctx, file } = await loadedWorkspace()
    const [before] = await queryMarts(ctx.config, 'select count(*) as n from events')
    appendFileSync(
      file,
      '{"type":"user","uuid":"later","sessionId":"s","timestamp":"2026-02-01T10:00:00Z","message":{"role":"user","content":"one more"}}\n',
    )
    const { ingest } = await runSync(ctx)
    expect(ingest).toMatchObject({ filesRead: 1, hasChanged: true })
    const [after] = await queryMarts(ctx.config, 'select count(*) as n from events')
    expect(Number(after!.n)).toBe(Number(before!.n) + 1)
  })

  it('reads a file again whose time alone changed', async () => {
    const { ctx, file } = await loadedWorkspace()
    utimesSync(file, new Date(), new Date('2026-02-02T00:00:00Z'))
    expect((await runSync(ctx)).ingest.filesRead).toBe(1)
  })

  it('keeps what it read of a file that is gone, and marks the file', async () => {
    const { ctx, file } = await loadedWorkspace()
    const tokens = 'select sum(output_tokens) as tokens, count(*) as calls from llm_calls'
    const before = await queryMarts(ctx.config, tokens)
    rmSync(file)
    expect((await runSync(ctx)).ingest.hasChanged).toBe(true)
    expect(await queryMarts(ctx.config, tokens)).toEqual(before)
    expect(await queryMarts(ctx.config, 'select count(*) as n from files where is_gone')).toEqual([{ n: 1 }])
  })

  it.each(['events.jsonl', 'transcript.jsonl'])(
    'keeps what it read of a log of several files where %s is gone',
    async (part) => {
      const { ctx, home } = createWorkspace()
      cpSync(join(packageRoot, 'fixtures/logs/amplifier/one-session/home'), home, { recursive: true })
      await runSync(ctx)
      const counts =
        'select (select count(*) from events) as events, (select count(*) from prompts) as prompts'
      const before = await queryMarts(ctx.config, counts)
      const parts = readdirSync(home, { recursive: true, encoding: 'utf8' }).filter((path) =>
        path.endsWith(part),
      )
      expect(parts).not.toEqual([])
      for (const path of parts) rmSync(join(home, path))
      for (let time = 0; time < 2; time++) expect((await runSync(ctx)).ingest.filesRead).toBe(0)
      expect(await queryMarts(ctx.config, counts)).toEqual(before)
    },
  )

  it('gives the totals that the generator knows by construction', async () => {
    const { ctx, home } = createWorkspace()
    const known = await generateLogs({
      folder: home,
      seed: 7,
      weeks: ['2026-W05', '2026-W06'],
      sessionsPerWeek: 12,
      hasFaults: true,
    })
    await runSync(ctx)
    const [actual] = await queryMarts(
      ctx.config,
      `select count(*) as calls, sum(input_tokens) as input, sum(output_tokens) as output,
         sum(cache_read_tokens) as cache_read, sum(cache_write_5m_tokens) as cache_write_5m,
         sum(cache_write_1h_tokens) as cache_write_1h,
         (select count(*) from sessions where not is_subagent) as sessions,
         (select count(*) from sessions where is_subagent) as subagent_sessions,
         (select count(*) from prompts) as prompts,
         (select count(*) from tool_calls) as tool_calls,
         (select count(*) from tool_calls where is_error) as tool_errors,
         (select sum(line_count) from files) as lines
       from llm_calls`,
    )
    expect(actual).toEqual({
      calls: known.llmCalls,
      input: known.inputTokens,
      output: known.outputTokens,
      cache_read: known.cacheReadTokens,
      cache_write_5m: known.cacheWrite5mTokens,
      cache_write_1h: known.cacheWrite1hTokens,
      sessions: known.sessions,
      subagent_sessions: known.subagentSessions,
      prompts: known.prompts,
      tool_calls: known.toolCalls,
      tool_errors: known.toolErrors,
      lines: known.lines,
    })
  })
})
