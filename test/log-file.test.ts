import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type Config, readConfig } from '../pipeline/config.js'
import { clearJournals } from '../pipeline/forget/journals.js'
import { clearKeptJournals, pruneJournals } from '../pipeline/journal.js'
import { logFileCount, openLogFile } from '../pipeline/log-file.js'
import { createWorkspace } from './support/workspace.js'

function configIn(folder: string, content: Config['privacy']['content'] = 'summaries'): Config {
  const config = readConfig(
    { cwd: folder, out: join(folder, 'out') },
    { HOME: folder, ANTHROPIC_API_KEY: 'key-quite-a-secret' },
  )
  return { ...config, privacy: { ...config.privacy, content } }
}

const linesOf = (config: Config, name = 'debrief.jsonl') =>
  readFileSync(join(config.paths.logs, name), 'utf8').trimEnd().split('\n')

describe('the log on disk', () => {
  test('holds one JSON object a line, for its owner alone', () => {
    const config = configIn(createWorkspace().folder)
    openLogFile(config).append({ step: 'sync', action: 'note', message: 'first\nline' })
    openLogFile(config).append({ step: 'sync', action: 'done', rows: 3 })
    expect(linesOf(config).map((line) => JSON.parse(line))).toEqual([
      { step: 'sync', action: 'note', message: 'first\nline' },
      { step: 'sync', action: 'done', rows: 3 },
    ])
    expect(statSync(join(config.paths.logs, 'debrief.jsonl')).mode & 0o777).toBe(0o600)
    expect(statSync(config.paths.logs).mode & 0o777).toBe(0o700)
  })

  test('holds no secret and, where no words are kept, nothing that an error quotes', () => {
    const config = configIn(createWorkspace().folder, 'none')
    openLogFile(config).append({ message: 'expected a date, got "words of a log", key-quite-a-secret' })
    const [line] = linesOf(config)
    expect(line).toContain('[secret]')
    expect(line).not.toMatch(/words of a log|key-quite-a-secret/)
  })

  test('turns over by size, and the oldest goes', () => {
    const config = configIn(createWorkspace().folder)
    const maxBytes = 200
    const log = openLogFile(config, maxBytes)
    for (let number = 1; number <= 60; number += 1) log.append({ message: `line ${number} of many` })
    const names = readdirSync(config.paths.logs).sort()
    expect(names).toHaveLength(logFileCount)
    for (const name of names)
      expect(statSync(join(config.paths.logs, name)).size).toBeLessThanOrEqual(maxBytes)
    const kept = [...names.filter((name) => name !== 'debrief.jsonl').reverse(), 'debrief.jsonl']
    const numbers = kept.flatMap((name) => linesOf(config, name)).map((line) => Number(/\d+/.exec(line)?.[0]))
    expect(numbers).toEqual(Array.from(numbers, (_, index) => 60 - numbers.length + 1 + index))
    expect(numbers.length).toBeGreaterThan(logFileCount)
  })

  test('is passed over where it cannot be written', () => {
    const config = configIn(createWorkspace().folder)
    mkdirSync(config.paths.out, { recursive: true })
    writeFileSync(config.paths.logs, 'a file where the folder would be')
    expect(() => openLogFile(config).append({ action: 'note' })).not.toThrow()
  })

  test('follows when less may be kept, or a session is forgotten', async () => {
    const config = configIn(createWorkspace().folder)
    const log = openLogFile(config)
    log.append({ subject: 's1', message: 'got "words of a log"' })
    log.append({ subject: 's2', message: 'plain' })
    await clearKeptJournals(config.paths.logs, { ...config, privacy: { ...config.privacy, content: 'none' } })
    expect(linesOf(config)[0]).toBe('{"subject":"s1","message":"got \\"…\\""}')
    await clearJournals(config.paths.logs, ['s1'])
    expect(linesOf(config)).toEqual(['{"subject":"s2","message":"plain"}'])
  })
})

test('of each command the newest journals stay, however many another has', async () => {
  const { folder } = createWorkspace()
  const weekly = '20260201T060000000Z-run-weekly-7.json'
  const syncs = [1, 2, 3, 4].map((hour) => `20260202T0${hour}0000000Z-sync-${hour}.json`)
  for (const name of [weekly, ...syncs]) writeFileSync(join(folder, name), '{}')
  await pruneJournals(folder, 2)
  expect(
    readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .sort(),
  ).toEqual([weekly, ...syncs.slice(2)])
})
