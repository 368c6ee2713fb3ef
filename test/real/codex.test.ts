// Real rollouts come to what ccusage 20.0.24 makes of the same files (`ccusage codex daily --offline --json`).
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { Config } from '../../pipeline/config.js'
import { codex } from '../../pipeline/ingest/formats/codex/format.js'
import { openedLog, readEntries } from '../../pipeline/ingest/read-entries.js'

const home = process.env.REAL_HOME
const isReady = home !== undefined && existsSync(join(home, '.codex', 'sessions'))
const missing = isReady ? '' : ' (skipped: needs REAL_HOME with rollouts)'

/** Input that was not cached, cached input and output, by day and model. */
const counted: Readonly<Record<string, readonly number[]>> = {
  '2025-12-09 gpt-5.1-codex-max': [3828, 22912, 408],
  '2026-04-20 gpt-5.4': [1129146, 19016064, 63708],
  '2026-04-23 gpt-5.4': [87181, 2341888, 17440],
  '2026-04-24 gpt-5.4': [231201, 4747648, 22049],
  '2026-04-24 gpt-5.5': [264732, 3109120, 19776],
}

it.skipIf(!isReady)(`real rollouts come to the tokens that ccusage counts${missing}`, async () => {
  const places = codex.usualPlaces({ home, agentEnv: {} } as unknown as Config)
  const sums: Record<string, number[]> = {}
  for (const { path } of await codex.findFiles(places, () => {})) {
    const log = await openedLog(codex, path)
    const { rejects } = readEntries(codex, log, (_session, entry) => {
      if (entry.kind !== 'llm_call') return
      const key = `${entry.at?.slice(0, 10)} ${entry.model}`
      const counts = [entry.inputTokens, entry.cacheReadTokens, entry.outputTokens]
      sums[key] = counts.map((count, i) => (count ?? 0) + (sums[key]?.[i] ?? 0))
    })
    expect(rejects).toEqual([])
  }
  expect(sums).toEqual(counted)
})
