// Starts the machine's own commands (systemctl, launchctl, crontab) and returns what they say.
import { execFile } from 'node:child_process'

export interface CommandResult {
  /** Null where there is no such command. */
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

type Env = Readonly<Record<string, string | undefined>>

export function runCommand(
  env: Env,
  command: string,
  args: readonly string[],
  input = '',
): Promise<CommandResult> {
  return new Promise((resolve) => {
    const child = execFile(command, [...args], { env: { ...env } }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : null
      resolve({ code, stdout, stderr: stderr || (error?.message ?? '') })
    })
    child.stdin?.on('error', () => {}) // A command that reads nothing closes it.
    child.stdin?.end(input)
  })
}
