// A whole small run over made-up logs, its site served on loopback: explore/ as a reader meets it.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Config } from '../../pipeline/config.js'
import { readConfig } from '../../pipeline/config.js'
import { generateLogs } from '../../pipeline/demo/generate.js'
import type { RunContext } from '../../pipeline/run/context.js'
import { runDebrief } from '../../pipeline/run.js'

export interface ExploredRun {
  readonly ctx: RunContext
  readonly remove: () => void
}

/** Two weeks of logs, the second of which is complete and rendered. */
export async function runWithExplore(overrides: Partial<Config> = {}): Promise<ExploredRun> {
  const folder = mkdtempSync(join(tmpdir(), 'debrief-explore-'))
  const home = join(folder, 'home')
  await generateLogs({
    folder: home,
    seed: 11,
    weeks: ['2026-W06', '2026-W07'],
    sessionsPerWeek: [3, 4],
    textScale: 0.05,
    noise: 0.2,
    hasFaults: true,
  })
  const config = readConfig({ cwd: folder, out: join(folder, 'out') }, { HOME: home })
  const ctx: RunContext = {
    config: { ...config, user: 'sam', machine: 'laptop', timezone: 'America/New_York', ...overrides },
    emit: () => {},
    now: () => new Date('2026-02-17T12:00:00Z'),
    run: { id: 'run-explore', command: 'run weekly', warningCount: () => 0 },
  }
  await runDebrief(ctx, { kind: 'weekly', label: '2026-W07', isPublished: false })
  return { ctx, remove: () => rmSync(folder, { recursive: true, force: true }) }
}
