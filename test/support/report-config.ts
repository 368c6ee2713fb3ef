// A configuration for report tests: a fixed user, machine and zone, and an out folder of its own.
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Config, readConfig } from '../../pipeline/config.js'
import type { StageContext } from '../../pipeline/events.js'

export function sampleContext(
  overrides: Partial<Config> = {},
  now = '2026-02-20T12:00:00Z',
): StageContext<Config> {
  const out = mkdtempSync(join(tmpdir(), 'debrief-report-'))
  const config = readConfig({ cwd: out, out }, { HOME: '/home/sam' })
  return {
    config: { ...config, user: 'sam', machine: 'laptop', timezone: 'UTC', ...overrides },
    emit: () => {},
    now: () => new Date(now),
  }
}
