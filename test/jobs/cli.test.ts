import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { packageRoot } from '../../pipeline/root.js'
import { createMachine, type Machine } from './debrief-command.js'

let machine: Machine

beforeAll(() => {
  machine = createMachine()
})
afterAll(() => machine.remove())

describe('debrief --help', () => {
  it('lists every command and the exit codes, and that is a success', async () => {
    const { code, stdout, stderr } = await machine.debrief('--help')
    expect([code, stderr]).toEqual([0, ''])
    for (const command of [
      'run',
      'sync',
      'facets',
      'report',
      'snapshot',
      'publish',
      'tips',
      'schedule',
      'query',
      'export',
      'demo',
    ])
      expect(stdout).toMatch(new RegExp(`^  ${command}\\b.* [a-z]`, 'm'))
    expect(stdout).toContain('2 you can mend it')
  })

  it.each([
    'run weekly',
    'run monthly',
    'sync',
    'facets',
    'report weekly',
    'snapshot',
    'publish',
    'tips list',
    'tips helpful',
    'tips dismiss',
    'schedule',
    'schedule list',
    'query',
    'export amp-jsonl',
    'demo',
  ])('of %s names the flags that every command takes', async (command) => {
    const { code, stdout } = await machine.debrief(...command.split(' '), '--help')
    expect(code).toBe(0)
    for (const flag of ['--config <file>', '--out <dir>', '--json', '--quiet']) expect(stdout).toContain(flag)
  })

  it('says the version of the package', async () => {
    const { version } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as {
      version: string
    }
    expect(await machine.debrief('--version')).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' })
  })
})

describe('what is called wrongly', () => {
  it.each([
    ['an unknown command', ['nonsense'], "unknown command 'nonsense'"],
    ['an unknown flag', ['sync', '--nonsense'], "unknown option '--nonsense'"],
    ['a missing argument', ['query'], "missing required argument 'sql'"],
    ['a value that is no choice', ['facets', '--provider', 'oracle'], 'Allowed choices are rules'],
    ['a number that is none', ['facets', '--limit', 'many'], 'expected a whole number from 1, got many'],
    [
      'flags that exclude each other',
      ['report', 'weekly', '--all', '--for', '2026-W07'],
      "cannot be used with option '--all'",
    ],
    ['a main job without its kind', ['run'], 'Usage: debrief run'],
    ['a configuration that is not there', ['sync', '--config', 'nowhere.yaml'], 'no configuration file at'],
  ])('ends with exit code 2, says why and shows no stack: %s', async (_, args, message) => {
    const { code, stdout, stderr } = await machine.debrief(...args)
    expect(stderr).toContain(message)
    expect(stderr).not.toMatch(/^\s+at .*:\d+:\d+/m)
    expect([code, stdout]).toEqual([2, ''])
  })
})
