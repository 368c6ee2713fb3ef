// Single things that are very large: a file of 300 MB, and a line of 20 MB.
import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { createDebrief } from './contenders.mjs'
import { generatorOptions, linkLogs, logFiles, prepareLogs, singleFileOptions } from './logs.mjs'
import { compareTokens, knownTokens } from './tokens.mjs'

const fileMb = 300
const lineMb = 20

/** Rows of the table; `isRight` takes whether the tokens were. */
export async function measureExtremes(folder, run, program, isRight) {
  return [await measureLargeFile(folder, run, program, isRight), await measureLongLine(run, program, isRight)]
}

async function measureLargeFile(folder, run, program, isRight) {
  const { home, totals } = await prepareLogs(folder, `file-${fileMb}mb`, singleFileOptions(fileMb))
  const name = `a single file of ${fileMb} MB`
  return measureOne(name, createDebrief(program, home, join(run, 'out-file')), knownTokens(totals), isRight)
}

async function measureLongLine(run, program, isRight) {
  const { home, totals } = await prepareLogs(run, 'small', generatorOptions(10))
  const linked = join(run, 'home-line')
  const [first] = linkLogs(home, linked)
  // The links share their bytes with a set that is thrown away with this run.
  appendFileSync(join(linked, first), `${JSON.stringify(longLine())}\n`)
  const known = knownTokens({
    ...totals,
    inputTokens: totals.inputTokens + 11,
    outputTokens: totals.outputTokens + 22,
  })
  const name = `a line of ${lineMb} MB among ${logFiles(home).length} files`
  return measureOne(name, createDebrief(program, linked, join(run, 'out-line')), known, isRight)
}

async function measureOne(name, debrief, known, isRight) {
  const { seconds, peakMb } = await debrief.runCold()
  isRight.push(compareTokens(`debrief, ${name}`, (await debrief.readTotals()).tokens, known))
  debrief.remove()
  return { name, value: seconds, peakMb, target: { of: peakMb, most: 1500, unit: ' MB' } }
}

function longLine() {
  return {
    type: 'assistant',
    uuid: '00000000-0000-4000-8000-000000000001',
    sessionId: '00000000-0000-4000-8000-000000000002',
    timestamp: '2026-01-06T10:00:00.000Z',
    requestId: 'req_long',
    message: {
      id: 'msg_long',
      role: 'assistant',
      model: 'claude-opus-4-6',
      content: [{ type: 'text', text: 'recipe "box" \\ '.repeat((lineMb * 1e6) / 15) }],
      usage: { input_tokens: 11, output_tokens: 22 },
    },
  }
}
