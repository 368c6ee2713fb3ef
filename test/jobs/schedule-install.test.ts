import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createMachine, type Ended, endOf, type Machine } from './debrief-command.js'
import { createStartingMachine, type StartingMachine } from './starting-machine.js'

const kinds = ['systemd', 'launchd', 'crontab'] as const
type Kind = (typeof kinds)[number]

const secrets = {
  TEAM_WEBHOOK: 'https://discord.com/api/webhooks/1/quite-a-secret-token',
  AWS_ACCESS_KEY_ID: 'QUITEASECRETID',
  AWS_SECRET_ACCESS_KEY: 'quite-a-secret-key',
}
const otherLines = '# mine\n0 3 * * * /usr/bin/backup "$HOME" 2>&1\n'

let machine: Machine
let starting: StartingMachine
beforeEach(() => {
  machine = createMachine()
  starting = createStartingMachine()
  mkdirSync(join(starting.home, 'my settings'))
  writeFileSync(
    configFile(),
    'publish: {s3: {bucket: debriefs}}\ndiscord: [{url_env: TEAM_WEBHOOK}]\nout_dir: ../my reports\n',
    { mode: 0o600 },
  )
})
afterEach(() => {
  machine.remove()
  starting.remove()
})

const configFile = () => join(starting.home, 'my settings', 'debrief.yaml')
const envFile = () => join(starting.home, '.config/debrief/env')

function schedule(...args: readonly string[]): Promise<Ended> {
  return machine.debriefWith({ ...starting.env, ...secrets }, 'schedule', ...args, '--config', configFile())
}

/** Where each kind is told what to start. */
function placeOf(kind: Kind): string {
  if (kind === 'systemd') return join(starting.home, '.config/systemd/user/debrief.service')
  return join(starting.home, 'Library/LaunchAgents/debrief.schedule.plist')
}

function installedText(kind: Kind): string {
  return kind === 'crontab' ? (starting.kept('crontab') ?? '') : readFileSync(placeOf(kind), 'utf8')
}

describe.each(kinds)('schedule install --kind %s', (kind) => {
  it('writes for its owner alone, without a secret, the same however often', async () => {
    const before = starting.files()
    const shown = await schedule('install', '--kind', kind, '--dry-run')
    expect(starting.files(), 'a dry run writes nothing').toEqual(before)
    const { code, stdout, stderr } = await schedule('install', '--kind', kind)
    expect([code, stderr]).toEqual([0, ''])
    expect(shown.stdout).toContain(installedText(kind).trim())
    expect(stdout).toContain('To undo it: debrief schedule uninstall')
    const files = starting.files()
    expect(await schedule('install', '--kind', kind)).toMatchObject({ code: 0 })
    expect(starting.files()).toEqual(files)
    expect([...files.values(), stdout].join('\n')).not.toMatch(/quite-?a-?secret/i)
    expect(statSync(envFile()).mode & 0o777).toBe(0o600)
    expect(readFileSync(envFile(), 'utf8')).toContain('# TEAM_WEBHOOK=\n# AWS_ACCESS_KEY_ID=\n')
    expect(starting.readableByOthers().filter((path) => !path.includes('my settings'))).toEqual([])
  })

  it('is undone without a trace but the environment file, which is the user’s', async () => {
    starting.keep('crontab', otherLines)
    const filesWithout = () => [...starting.files()].filter(([, text]) => text !== 'folder')
    const before = filesWithout()
    await schedule('install', '--kind', kind)
    writeFileSync(envFile(), 'TEAM_WEBHOOK=mine\n', { mode: 0o600 })
    await schedule('install', '--kind', kind)
    expect(readFileSync(envFile(), 'utf8')).toBe('TEAM_WEBHOOK=mine\n')
    const { code, stdout } = await schedule('uninstall')
    expect([code, stdout]).toEqual([0, expect.stringMatching(new RegExp(`^Removed, of ${kind}: .*\\n`))])
    expect(filesWithout().filter(([path]) => path !== envFile())).toEqual(before)
    expect(await schedule('uninstall')).toMatchObject({ code: 0, stdout: 'The schedule is not installed.\n' })
  })

  it('starts the schedule from a folder and an environment of its own', async () => {
    await schedule('install', '--kind', kind)
    const { code, stdout, stderr } = await startAsTold(kind)
    expect({ code, stderr }).toMatchObject({ code: 0 })
    expect(stdout).toBe(kind === 'crontab' ? '' : 'Stopped.\n')
    expect(existsSync(join(starting.home, 'my reports/ledger.duckdb'))).toBe(true)
  })
})

it('a machine is told once: another kind takes the place of the first', async () => {
  await schedule('install', '--kind', 'systemd')
  expect(starting.kept('active/debrief.service')).toBe(installedText('systemd'))
  const { stdout } = await schedule('install', '--kind', 'crontab')
  expect(stdout).toContain(`Removed, of systemd: ${placeOf('systemd')}`)
  expect(existsSync(placeOf('systemd'))).toBe(false)
  expect(starting.kept('active/debrief.service')).toBeNull()
})

it('an unfinished crontab is not written over, and a crontab that cannot be read is left alone', async () => {
  starting.keep('crontab', '0 3 * * * /usr/bin/backup')
  await schedule('install', '--kind', 'crontab')
  expect(starting.kept('crontab')).toMatch(/^0 3 \* \* \* \/usr\/bin\/backup\n# debrief schedule: begin/)
  starting.breakCommand('crontab', 'you are not allowed to use this program')
  const { code, stderr } = await schedule('install', '--kind', 'crontab')
  expect([code, stderr]).toEqual([2, expect.stringContaining('you are not allowed to use this program')])
})

it('what cannot run is not installed', async () => {
  writeFileSync(configFile(), 'schedule: {weekly: "every day"}\n')
  const before = starting.files()
  const { code, stderr } = await schedule('install', '--kind', 'systemd')
  expect([code, stderr]).toEqual([2, expect.stringContaining('schedule.weekly: expected a cron expression')])
  expect(starting.files()).toEqual(before)
})

it('secrets come from the environment file, which others must not read', async () => {
  await schedule('install', '--kind', 'crontab')
  const start = () => machine.debriefWith(starting.env, 'schedule', '--once', '--env-file', envFile())
  writeFileSync(envFile(), 'not a variable, but a secret\n')
  expect(await start()).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/line 1: expected NAME=value(?!.*a secret)/s),
  })
  starting.open(envFile())
  expect(await start()).toMatchObject({ code: 2, stderr: expect.stringContaining('chmod 600') })
})

it('debrief uninstall takes the schedule off by itself', async () => {
  await schedule('install', '--kind', 'systemd')
  const { code, stdout } = await machine.debriefWith(
    { ...starting.env, ...secrets },
    'uninstall',
    '--config',
    configFile(),
  )
  expect(code).toBe(0)
  expect(stdout).toContain(`Taken off: ${placeOf('systemd')}`)
  expect(stdout).not.toContain('schedule entry')
  expect(existsSync(placeOf('systemd'))).toBe(false)
  expect(starting.kept('active/debrief.service')).toBeNull()
})

/** As the starter would, with nothing else in the environment; one that stays is stopped once it keeps the schedule. */
async function startAsTold(kind: Kind): Promise<Ended> {
  const { command, cwd, env } = toldBy[kind](installedText(kind))
  const [program = '', ...args] = command
  const child = spawn(program, args, {
    cwd,
    env: { HOME: starting.home, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ledger = join(starting.home, 'my reports/ledger.duckdb')
  const timer = setInterval(() => {
    if (kind === 'crontab' || !existsSync(ledger)) return
    clearInterval(timer)
    child.kill('SIGTERM')
  }, 50)
  return endOf(child).finally(() => clearInterval(timer))
}

interface Told {
  readonly command: readonly string[]
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
}

const toldBy: Readonly<Record<Kind, (text: string) => Told>> = {
  /** Cron ends a line at a bare percent sign, and hands it to sh. */
  crontab: (text) => {
    const line = text.split('\n').find((each) => /^\*\/5 \* \* \* \* /.test(each)) ?? ''
    const command = line.slice('*/5 * * * * '.length).replace(/(?<!\\)%.*$/, '')
    return {
      command: ['/bin/sh', '-c', command.replaceAll('\\%', '%')],
      cwd: '/',
      env: { PATH: '/usr/bin:/bin' },
    }
  },
  systemd: (text) => {
    const values = (key: string) =>
      [...text.matchAll(new RegExp(`^${key}=(.*)$`, 'gm'))].map(([, value = '']) => value)
    const unquoted = (word: string) => word.replaceAll('%%', '%').replace(/\\(.)/g, '$1')
    const words = (value: string) =>
      [...value.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, word = '']) => unquoted(word))
    return {
      command: words(values('ExecStart')[0] ?? '').map((word) => word.replaceAll('$$', '$')),
      cwd: (values('WorkingDirectory')[0] ?? '').replaceAll('%%', '%'),
      env: pairs(values('Environment').flatMap(words)),
    }
  },
  launchd: (text) => {
    const plain = (value: string) =>
      value.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&')
    const after = (key: string) => text.slice(text.indexOf(`<key>${key}</key>`))
    const strings = (part: string) =>
      [...part.matchAll(/<string>(.*?)<\/string>/g)].map(([, value = '']) => plain(value))
    const variables = after('EnvironmentVariables').split('</dict>')[0] ?? ''
    const names = [...variables.matchAll(/<key>(.*?)<\/key>/g)].slice(1).map(([, name = '']) => name)
    return {
      command: strings(after('ProgramArguments').split('</array>')[0] ?? ''),
      cwd: strings(after('WorkingDirectory'))[0] ?? '',
      env: Object.fromEntries(strings(variables).map((value, i) => [names[i] ?? '', value])),
    }
  },
}

function pairs(settings: readonly string[]): Record<string, string> {
  return Object.fromEntries(settings.map((text) => text.split(/=(.*)/s).slice(0, 2) as [string, string]))
}
