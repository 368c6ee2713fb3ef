// The three ways to have a machine start the schedule: what each writes, how it is put in place, and how it is undone.
import { existsSync, readFileSync } from 'node:fs'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Config } from '../pipeline/config.js'
import { UserError } from '../pipeline/errors.js'
import { crontabBlock, withBlock, withoutBlock } from '../pipeline/schedule/install/crontab.js'
import type { Launch, StarterKind } from '../pipeline/schedule/install/launch.js'
import { launchdLabel, launchdText } from '../pipeline/schedule/install/launchd.js'
import { systemdText, systemdUnit } from '../pipeline/schedule/install/systemd.js'
import { type CommandResult, runCommand } from './machine-commands.js'

export interface Starter {
  /** Where it is written, for a person. */
  readonly place: string
  /** Whether this machine can be told so. */
  fits(): Promise<boolean>
  isInstalled(): Promise<boolean>
  textFor(launch: Launch): string
  /** Puts it in place and starts it; an earlier one is replaced. */
  install(launch: Launch): Promise<void>
  uninstall(): Promise<void>
  /** What a person should know beside. */
  readonly advice: string | null
}

export function createStarters(config: Config): Readonly<Record<StarterKind, Starter>> {
  return { systemd: systemdStarter(config), launchd: launchdStarter(config), crontab: crontabStarter(config) }
}

/** The folder of this user's settings, where the environment file lies too. */
export function settingsFolder({ agentEnv, home }: Config): string {
  return agentEnv.XDG_CONFIG_HOME || join(home, '.config')
}

function systemdStarter(config: Config): Starter {
  const file = join(settingsFolder(config), 'systemd', 'user', systemdUnit)
  const systemctl = (...args: readonly string[]) =>
    runCommand(config.commandEnv(), 'systemctl', ['--user', ...args])
  return {
    place: file,
    fits: async () => process.platform === 'linux' && (await systemctl('show-environment')).code === 0,
    isInstalled: async () => existsSync(file),
    textFor: systemdText,
    install: async (launch) => {
      await replaceFile(file, systemdText(launch))
      mustWork(await systemctl('daemon-reload'), 'systemctl --user daemon-reload')
      mustWork(await systemctl('enable', systemdUnit), `systemctl --user enable ${systemdUnit}`)
      mustWork(await systemctl('restart', systemdUnit), `systemctl --user restart ${systemdUnit}`)
    },
    uninstall: async () => {
      mustWork(
        await systemctl('disable', '--now', systemdUnit),
        `systemctl --user disable --now ${systemdUnit}`,
      )
      await rm(file, { force: true })
      mustWork(await systemctl('daemon-reload'), 'systemctl --user daemon-reload')
    },
    advice: 'To have it run while you are not logged in: loginctl enable-linger',
  }
}

function launchdStarter(config: Config): Starter {
  const file = join(config.home, 'Library', 'LaunchAgents', `${launchdLabel}.plist`)
  const logFile = join(config.home, 'Library', 'Logs', 'debrief.log')
  const domain = `gui/${process.getuid?.() ?? 501}`
  const launchctl = (...args: readonly string[]) => runCommand(config.commandEnv(), 'launchctl', args)
  const textFor = (launch: Launch) => launchdText(launch, logFile)
  return {
    place: file,
    fits: async () => process.platform === 'darwin',
    isInstalled: async () => existsSync(file),
    textFor,
    install: async (launch) => {
      await mkdir(dirname(logFile), { recursive: true })
      await replaceFile(file, textFor(launch))
      await launchctl('bootout', `${domain}/${launchdLabel}`) // Fails where it is not loaded.
      mustWork(await launchctl('bootstrap', domain, file), `launchctl bootstrap ${domain}`)
    },
    uninstall: async () => {
      await launchctl('bootout', `${domain}/${launchdLabel}`)
      await rm(file, { force: true })
    },
    advice: `What it reports: ${logFile}`,
  }
}

function crontabStarter(config: Config): Starter {
  const crontab = (args: readonly string[], input?: string) =>
    runCommand(config.commandEnv(), 'crontab', args, input)
  const write = async (text: string) =>
    text === ''
      ? mustWork(await crontab(['-r']), 'crontab -r')
      : mustWork(await crontab(['-'], text), 'crontab -')
  const read = async () => {
    const { code, stdout, stderr } = await crontab(['-l'])
    if (code === 0) return stdout
    if (code === 1 && /no crontab for/i.test(stderr)) return ''
    // Taken for empty, somebody's crontab would be written over.
    throw new UserError(`crontab -l failed: ${stderr.trim()}`, 'Install cron, or choose another --kind.')
  }
  return {
    place: 'your crontab (crontab -l)',
    fits: async () => (await crontab(['-l'])).code !== null,
    isInstalled: async () => {
      if ((await crontab(['-l'])).code === null) return false
      const text = await read()
      return withoutBlock(text) !== text
    },
    textFor: crontabBlock,
    install: async (launch) => write(withBlock(await read(), crontabBlock(launch))),
    uninstall: async () => write(withoutBlock(await read())),
    advice: null,
  }
}

async function replaceFile(file: string, text: string): Promise<void> {
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return
  await mkdir(dirname(file), { recursive: true })
  await writeFile(`${file}.tmp`, text)
  await rename(`${file}.tmp`, file)
}

function mustWork({ code, stderr }: CommandResult, command: string): void {
  if (code === 0) return
  throw new UserError(
    `${command} failed: ${stderr.trim() || `it ended with code ${code}`}`,
    'Choose another way with --kind systemd, launchd or crontab, or see what it would write with --dry-run.',
  )
}
