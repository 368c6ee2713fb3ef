import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readConfig } from '../../pipeline/config.js'
import { configExamples } from '../../pipeline/config-words.js'
import { createMachine, type Machine, writeLog } from './debrief-command.js'

let machine: Machine
beforeEach(() => {
  machine = createMachine()
})
afterEach(() => machine.remove())

const usualFile = () => join(machine.folder, '.config/debrief/debrief.yaml')
const read = (file: string) => readConfig({ config: file }, { HOME: machine.folder })

/** All that is commented out put in force. */
const inForce = (yaml: string) =>
  yaml
    .split('\n')
    .map((line) => (/^#(?! \S|$)/.test(line) ? line.slice(1) : line))
    .join('\n')

describe('debrief init', () => {
  test('writes, without a terminal, what it found out, for its owner alone', async () => {
    const project = join(machine.folder, 'tidepool')
    mkdirSync(project)
    execFileSync('git', ['init', '-q', project])
    writeLog(machine, 's1.jsonl', `${JSON.stringify({ type: 'user', cwd: project, sessionId: 's1' })}\n`)
    const { code, stdout, stderr } = await machine.debriefWith(
      { ANTHROPIC_API_KEY: 'quite-a-secret' },
      'init',
    )
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toContain(`Written: ${usualFile()}`)
    expect(stdout).toContain('claude-code: 1 log')
    const yaml = readFileSync(usualFile(), 'utf8')
    expect(yaml).toMatch(/^# yaml-language-server: \$schema=(.*)$/m)
    const schema = /\$schema=(.*)$/m.exec(yaml)![1]!
    expect(JSON.parse(readFileSync(schema, 'utf8')).properties.timezone).toBeDefined()
    expect(yaml).toContain('# Found here: claude-code (1 log).')
    expect(yaml).toContain('# Seen in your logs: ~/tidepool.')
    expect(yaml).toContain('with provider: anthropic a model judges')
    expect(yaml).not.toContain('quite-a-secret')
    expect(statSync(usualFile()).mode & 0o777).toBe(0o600)
    expect(existsSync(machine.out)).toBe(false)
    expect(read(usualFile()).paths.out).toBe(join(machine.folder, '.local/share/debrief'))
    expect(read(usualFile()).timezone).toBe('UTC')
  })

  test('writes a file that means the defaults, and that is still valid with everything put in force', async () => {
    await machine.debrief('init', '--here')
    const file = join(machine.folder, 'debrief.yaml')
    const { commandEnv: _, configFile: __, ...written } = read(file)
    const {
      commandEnv: ___,
      configFile: ____,
      ...usual
    } = readConfig({ cwd: machine.folder }, { HOME: machine.folder })
    expect(written).toEqual(usual)
    writeFileSync(file, inForce(readFileSync(file, 'utf8')))
    const { discord, prices, publish, context, facets, schedule } = read(file)
    expect({ facets, schedule }).toEqual({ facets: usual.facets, schedule: usual.schedule })
    expect([discord.length, prices.length, context.businesses.length]).toEqual([1, 1, 1])
    expect(publish.s3?.bucket).toBe('debriefs')
    for (const example of Object.values(configExamples)) expect(readFileSync(file, 'utf8')).toContain(example)
  })

  test('never writes over a file that is there, unless it is told to, and then keeps it', async () => {
    const file = join(machine.folder, 'debrief.yaml')
    writeFileSync(file, 'user: sam\n')
    const refused = await machine.debrief('init', '--here')
    expect([refused.code, refused.stdout]).toEqual([2, ''])
    expect(refused.stderr).toContain('is already there')
    expect(readFileSync(file, 'utf8')).toBe('user: sam\n')
    expect((await machine.debrief('init', '--here', '--force')).code).toBe(0)
    expect(readFileSync(`${file}.before-init`, 'utf8')).toBe('user: sam\n')
    expect(read(file).user).toBe('sam')
  })
})
