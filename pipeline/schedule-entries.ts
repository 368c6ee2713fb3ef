// Which entries on this machine start Debrief by themselves: systemd user units, launchd agents, lines of the crontab.
import { execFile } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Config } from './config.js'

export interface ScheduleUnit {
  readonly kind: 'systemd' | 'launchd' | 'crontab'
  /** A file, or a line of the crontab. */
  readonly place: string
  /** How to take it off by hand. */
  readonly removal: string
}

const timeoutMs = 5000

/** By name alone, whoever made them: an entry of an earlier version or one by hand counts too. */
export async function findScheduleUnits(config: Config): Promise<ScheduleUnit[]> {
  const { home, agentEnv } = config
  const systemd = join(agentEnv.XDG_CONFIG_HOME || join(home, '.config'), 'systemd/user')
  const launchd = join(home, 'Library/LaunchAgents')
  return [
    ...namedIn(systemd, /debrief.*\.(service|timer)$/i).map((name) => ({
      kind: 'systemd' as const,
      place: join(systemd, name),
      removal: `systemctl --user disable --now ${name}; rm "${join(systemd, name)}"`,
    })),
    ...namedIn(launchd, /debrief.*\.plist$/i).map((name) => ({
      kind: 'launchd' as const,
      place: join(launchd, name),
      removal: `launchctl bootout gui/$(id -u) "${join(launchd, name)}"; rm "${join(launchd, name)}"`,
    })),
    ...(await crontabLines(config)).map((line) => ({
      kind: 'crontab' as const,
      place: line,
      removal: 'crontab -e, and take out the line',
    })),
  ]
}

function namedIn(folder: string, pattern: RegExp): string[] {
  return existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => pattern.test(name))
        .sort()
    : []
}

/** None where there is no crontab, or no such command. */
async function crontabLines({ commandEnv }: Config): Promise<string[]> {
  try {
    const { stdout } = await promisify(execFile)('crontab', ['-l'], {
      env: { PATH: commandEnv().PATH, HOME: commandEnv().HOME },
      timeout: timeoutMs,
    })
    return stdout.split('\n').filter((line) => /^\s*[^#\s].*\bdebrief\b/.test(line))
  } catch {
    return []
  }
}
