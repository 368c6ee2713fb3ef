// The one place that writes to the console: lines and a bar for a person, JSON lines for cron.
import { CheckError, messageOf, UserError } from './errors.js'
import type { PipelineEvent } from './events.js'
import { type Secret, withoutSecrets } from './secret.js'

export interface Log {
  emit(event: PipelineEvent): void
  /** The result of a command, on standard output. */
  print(text: string): void
  /** Bytes as they are, on standard output. */
  write(bytes: Uint8Array): void
  /** What went wrong, on standard error; a stack only for a bug. */
  fail(error: unknown): void
}

export interface LogOptions {
  readonly isQuiet: boolean
  readonly isTerminal: boolean
  readonly secrets: Readonly<Record<string, Secret>>
}

export function createLog({ isQuiet, isTerminal, secrets }: LogOptions): Log {
  const clean = (text: string): string => withoutSecrets(text, Object.values(secrets))
  // A presigned link names the access key, though never its secret; a result may be such a link.
  const { AWS_ACCESS_KEY_ID: _, ...unprintable } = secrets
  let hasBar = false
  const writeLine = (text: string): void => {
    process.stderr.write(`${hasBar ? '\r\u001b[2K' : ''}${clean(text)}\n`)
    hasBar = false
  }
  const writeBar = (text: string): void => {
    process.stderr.write(`\r\u001b[2K${clean(text)}`)
    hasBar = true
  }
  return {
    emit: (event) => {
      if (isQuiet && event.action !== 'warn' && event.action !== 'fail') return
      if (!isTerminal) process.stderr.write(`${clean(JSON.stringify(event))}\n`)
      else if (event.action === 'progress') writeBar(progressLine(event))
      else for (const line of eventLines(event)) writeLine(line)
    },
    print: (text) => {
      if (hasBar) process.stderr.write('\r\u001b[2K')
      hasBar = false
      process.stdout.write(`${withoutSecrets(text, Object.values(unprintable))}\n`)
    },
    write: (bytes) => {
      process.stdout.write(bytes)
    },
    fail: (error) => writeLine(errorText(error)),
  }
}

const verbs: Partial<Record<PipelineEvent['step'], string>> = {
  sync: 'Reading logs',
  facets: 'Judging sessions',
  snapshot: 'Writing Parquet',
  restore: 'Restoring',
  forget: 'Forgetting',
  report: 'Rendering',
  publish: 'Publishing',
  demo: 'Writing demo sessions',
}

function eventLines(event: PipelineEvent): string[] {
  const subject = event.subject ?? ''
  const message = event.message ?? ''
  switch (event.action) {
    case 'warn':
      return [`! ${[subject, message].filter(Boolean).join(': ')}`]
    case 'fail':
      return [`✗ ${[subject, message].filter(Boolean).join(': ')}`]
    case 'note':
      return [`  ${message || subject}`]
    case 'start':
      return verbs[event.step]
        ? [`${verbs[event.step]} ${event.step === 'sync' ? '' : subject}`.trimEnd()]
        : []
    default:
      return []
  }
}

function progressLine({ step, subject = '', rows, total }: PipelineEvent): string {
  if (rows === undefined || total === undefined) return `  ${step} ${subject}`
  const width = 24
  const filled = Math.round((rows / Math.max(total, 1)) * width)
  return `  ${'█'.repeat(filled)}${'░'.repeat(width - filled)} ${rows} of ${total} ${subject}`
}

function errorText(error: unknown): string {
  if (error instanceof UserError) return `✗ ${error.message}\n  ${error.hint}`
  if (error instanceof CheckError) return `✗ ${error.message}\n  Nothing was published.`
  const stack = error instanceof Error ? (error.stack ?? error.message) : messageOf(error)
  return `✗ This is a bug in debrief:\n${stack}`
}
