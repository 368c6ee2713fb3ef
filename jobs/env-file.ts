// A file of NAME=value lines, beside the environment: secrets for the schedule, which no shell profile reaches.
import { existsSync, readFileSync, statSync } from 'node:fs'
import { UserError } from '../pipeline/errors.js'

type Env = Readonly<Record<string, string | undefined>>

/** What the environment says comes first; UserError where the file is missing or others may read it. */
export function withEnvFile(env: Env, file: string | undefined): Env {
  if (file === undefined) return env
  if (!existsSync(file))
    throw new UserError(
      `no environment file at ${file}`,
      'Write NAME=value lines into it, or run `debrief schedule install` again, which makes it.',
    )
  const mode = statSync(file).mode & 0o777
  if (process.platform !== 'win32' && (mode & 0o077) !== 0)
    throw new UserError(
      `${file} has mode 0${mode.toString(8)}: expected one that only you may read`,
      `Run: chmod 600 ${file}`,
    )
  return { ...parseEnvFile(readFileSync(file, 'utf8'), file), ...env }
}

/** Lines of NAME=value; quotes around a value, blank lines and those that begin with # do not count. */
export function parseEnvFile(text: string, file: string): Record<string, string> {
  const lines = text.split(/\r?\n/).map((line, i) => ({ line: line.trim(), number: i + 1 }))
  return Object.fromEntries(
    lines
      .filter(({ line }) => line !== '' && !line.startsWith('#'))
      .map(({ line, number }) => {
        const found = /^(?:export\s+)?([A-Za-z_]\w*)\s*=\s*(.*)$/.exec(line)
        // The line itself may be a secret.
        if (!found?.[1])
          throw new UserError(`${file}, line ${number}: expected NAME=value`, 'Mend that line.')
        return [found[1], unquoted(found[2] ?? '')]
      }),
  )
}

function unquoted(value: string): string {
  return /^(["']).*\1$/s.test(value) && value.length > 1 ? value.slice(1, -1) : value
}
