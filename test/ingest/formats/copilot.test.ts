// Copilot CLI's events, read by the format alone.
import { describe, expect, it } from 'vitest'
import { copilot } from '../../../pipeline/ingest/formats/copilot/format.js'
import { shareUsage } from '../../../pipeline/ingest/formats/copilot/shares.js'
import { startUsageMeter, type UsageAdded } from '../../../pipeline/ingest/formats/copilot/usage.js'
import type { LogEntry } from '../../../pipeline/ingest/formats/entries.js'
import { openedLog, readEntryTranscript } from '../../../pipeline/ingest/read-entries.js'
import { toolFactsOf } from '../../../pipeline/ingest/tool-facts.js'
import { expectedOf, fixtureHome, fixtureNames, readHome, totalsOf } from './read-home.js'

const read = (name: string) => readHome(copilot, fixtureHome('copilot', name))
const id = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`

describe('fixtures of copilot', () => {
  it.each(fixtureNames('copilot'))('%s', async (name) => {
    expect(totalsOf(await read(name))).toMatchObject(expectedOf('copilot', name))
  })
})

describe('Copilot CLI’s events', () => {
  it('say where the session works, and in which version', async () => {
    const { said } = await read('tools-and-edits')
    expect(said[0]?.entry).toEqual({
      kind: 'setting',
      at: '2026-05-04T09:00:10.000Z',
      workingDirectory: '/home/dev/projects/recipe-box',
      gitBranch: 'main',
      agentVersion: '1.0.40',
    })
  })

  it('name files and programs that tools were called with, and the lines that edits changed', async () => {
    const entries = (await read('tools-and-edits')).said.map(({ entry }) => entry)
    const calls = entries.filter((entry) => entry.kind === 'tool_call')
    const edits = entries.flatMap((entry) => (entry.kind === 'tool_result' ? [entry.edit] : []))
    expect(calls.map((call) => toolFactsOf(call.toolName, call.input, call.delegatedAgent).target)).toEqual([
      '/home/dev/projects/recipe-box/src/list.ts',
      'npm test',
      '/home/dev/projects/recipe-box/src/list.ts',
      '/home/dev/projects/recipe-box/src/search.ts',
    ])
    expect(edits).toEqual([
      null,
      null,
      { operation: 'update', linesAdded: 2, linesDeleted: 1 },
      { operation: 'create', linesAdded: 1, linesDeleted: 0 },
    ])
  })

  it('tell no input where the session was not shut down', async () => {
    const calls = (await read('tools-and-edits')).said.map(({ entry }) => entry).filter(isCall)
    expect(
      calls.map(({ model, inputTokens, cacheReadTokens }) => [model, inputTokens, cacheReadTokens]),
    ).toEqual([
      ['gpt-5.4', null, null],
      ['gpt-5.4', null, null],
    ])
  })

  it('tell by running totals what their replies used and cost, in equal parts', async () => {
    const calls = (await read('shutdown-totals')).said.map(({ entry }) => entry).filter(isCall)
    const told = calls.map((call) => [
      call.model,
      call.inputTokens,
      call.outputTokens,
      call.cacheReadTokens,
      call.cacheWriteTokens,
      call.loggedCostUsd,
    ])
    expect(told).toEqual([
      ['gpt-5.4', 150, 100, 300, 50, '0.0125'],
      ['gpt-5.4', 150, 50, 300, 50, '0.0125'],
      ['gpt-5.4', 0, 20, 0, 0, null],
      ['gpt-5.4', 150, 40, 300, 50, '0.015'],
      ['claude-haiku-4.5', 80, 9, 0, 0, '0.005'],
    ])
    expect(new Set(calls.map((call) => call.id)).size).toBe(5)
  })

  it('tell cost without a shutdown where checkpoints do', async () => {
    const calls = (await read('checkpoints-alone')).said.map(({ entry }) => entry).filter(isCall)
    expect(calls.map((call) => [call.inputTokens, call.outputTokens, call.loggedCostUsd])).toEqual([
      [null, 30, '0.00456'],
    ])
  })

  it('hold the sub-agents of a session, with their own models', async () => {
    const { said, sessions } = await read('sub-agents')
    expect([...sessions]).toEqual([
      [id(106), null],
      [`${id(106)}/call_1`, id(106)],
      [`${id(106)}/call_3`, id(106)],
    ])
    const calls = said.flatMap(({ session, entry }) =>
      isCall(entry) ? [[session.slice(-6), entry.model, entry.outputTokens]] : [],
    )
    expect(calls).toEqual([
      ['000106', 'gpt-5.4', 70],
      ['call_1', 'claude-haiku-4.5', 20],
      ['call_1', 'claude-haiku-4.5', 25],
      ['000106', 'gpt-5.4', 15],
      ['call_3', null, 10],
    ])
    const agents = said.flatMap(({ entry }) => (entry.kind === 'tool_call' ? [entry.delegatedAgent] : []))
    expect(agents).toEqual(['explore', null, 'task', null])
  })

  it('make a transcript', async () => {
    const [path] = await paths('refusals-and-exit-codes')
    const { messages } = await readEntryTranscript(copilot, [path ?? ''], id(105))
    expect(messages.map(({ role, text }) => `${role}: ${text.split('\n')[0]}`)).toEqual([
      'human: Clean up the branches',
      'assistant: I delete the merged ones.',
      'tool: The user rejected this tool call.',
      'assistant: ',
      'tool: Permission denied',
      'assistant: ',
      'tool: fatal: not a git repository',
    ])
  })

  it('say of a bad line what was expected', async () => {
    const { logs } = await read('bad-lines')
    expect(logs[0]?.rejects.map(({ lineNumber, reason }) => `${lineNumber}: ${reason}`)).toEqual([
      '4: JSON object at column 1 is cut off',
      '7: expected a whole number in outputTokens',
      '8: expected an instant from 1970 to 2199 in timestamp',
      '9: expected an object in data',
    ])
    expect(logs[0]?.lineTypes.get('session.something_new')).toBe(1)
  })

  it('may name types as objects have fields by nature', async () => {
    const [path] = await paths('tools-and-edits')
    const reader = copilot.openLog(await openedLog(copilot, path ?? ''), () => {})
    for (const type of ['constructor', '__proto__', 'toString'])
      expect(() => reader.take({ path: '', lineNumber: 1, fields: { type } })).not.toThrow()
  })
})

describe('the usage meter', () => {
  it('leaves a count that is not told unknown', () => {
    const [added] = startUsageMeter().addShutdown({ modelMetrics: { m: { usage: { outputTokens: 5 } } } })
    expect(added).toEqual({ ...nothing, model: 'm', outputTokens: 5 })
  })

  it('gives the session’s cost to its first model where models have none', () => {
    const modelMetrics = { a: { usage: { outputTokens: 5 } }, b: { usage: { outputTokens: 6 } } }
    const meter = startUsageMeter()
    meter.addCheckpoint({ totalNanoAiu: 1e11 })
    const added = meter.addShutdown({ totalNanoAiu: 2e11, modelMetrics })
    expect(added.map(({ nanoAiu }) => nanoAiu)).toEqual([2e11, null])
    expect(meter.nanoAiuLeft()).toBe(0)
  })
})

describe('shares of usage', () => {
  const call = (outputTokens: number | null): Extract<LogEntry, { kind: 'llm_call' }> => ({
    kind: 'llm_call',
    at: null,
    id: null,
    model: 'm',
    inputTokens: null,
    outputTokens,
    cacheReadTokens: null,
    cacheWriteTokens: null,
    webSearchCount: 0,
    loggedCostUsd: null,
  })

  it('add up to what was told, and leave to calls the output that they told themselves', () => {
    const added = { ...nothing, inputTokens: 10, outputTokens: 108, cacheWriteTokens: 1, nanoAiu: 5 }
    const { calls, outputLeft } = shareUsage(added, [call(100), call(null), call(null)])
    expect(calls.map(({ inputTokens }) => inputTokens)).toEqual([3, 3, 4])
    expect(calls.map(({ outputTokens }) => outputTokens)).toEqual([100, 4, 4])
    expect(calls.map(({ cacheReadTokens }) => cacheReadTokens)).toEqual([null, null, null])
    expect(calls.map(({ cacheWriteTokens }) => cacheWriteTokens)).toEqual([0, 0, 1])
    expect(calls.map(({ loggedCostUsd }) => loggedCostUsd)).toEqual([
      '0.00000000001',
      '0.00000000001',
      '0.00000000003',
    ])
    expect(outputLeft).toBe(0)
  })

  it('leave output that no call can have told', () => {
    expect(shareUsage({ ...nothing, outputTokens: 108 }, [call(100)]).outputLeft).toBe(8)
    expect(shareUsage({ ...nothing, outputTokens: 90 }, [call(100)]).outputLeft).toBe(0)
  })
})

const nothing: UsageAdded = {
  model: 'm',
  inputTokens: null,
  outputTokens: null,
  cacheReadTokens: null,
  cacheWriteTokens: null,
  nanoAiu: null,
}

function isCall(entry: LogEntry): entry is Extract<LogEntry, { kind: 'llm_call' }> {
  return entry.kind === 'llm_call'
}

async function paths(name: string): Promise<readonly string[]> {
  const files = await copilot.findFiles([fixtureHome('copilot', name)], () => {})
  return files.map(({ path }) => path)
}
