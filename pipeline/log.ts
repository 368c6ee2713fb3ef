// The one place that writes to the console: lines and a bar on a terminal, plain lines elsewhere, JSON lines on request.
import { CheckError, messageOf, UserError } from './errors.js'
import type { PipelineEvent } from './events.js'
import { barLine, finishedLine, isFinished, type Progress, progressLine } from './progress.js'
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

/** How events are shown: with a bar that is drawn again and again, as lines without one, or as JSON, one a line. */
export type LogStyle = 'terminal' | 'plain' | 'json'

export interface LogOptions {
  readonly isQuiet: boolean
  readonly style: LogStyle
  readonly secrets: Readonly<Record<string, Secret>>
  /** Milliseconds of a clock that only goes forward. */
  readonly nowMs?: () => number
}

/** Warnings of one step that are shown, but as JSON; the log file has every one. */
const mostWarnings = 8
const barEveryMs = 100
const lineEveryMs = 5000
const clearLine = '\r\u001b[2K'

export function createLog(options: LogOptions): Log {
  const { isQuiet, style, secrets, nowMs = () => performance.now() } = options
  const clean = (text: string): string => withoutSecrets(text, Object.values(secrets))
  // A presigned link names the access key, though never its secret; a result may be such a link.
  const { AWS_ACCESS_KEY_ID: _, ...unprintable } = secrets
  const pace = createPace(style === 'terminal' ? barEveryMs : lineEveryMs, style === 'terminal', nowMs)
  let hasBar = false
  const clearBar = (): string => {
    const sequence = hasBar ? clearLine : ''
    hasBar = false
    return sequence
  }
  const writeLine = (text: string): void => {
    process.stderr.write(`${clearBar()}${oneLine(clean(text))}\n`)
  }
  const writeBar = (text: string): void => {
    process.stderr.write(`${clearLine}${oneLine(clean(text))}`)
    hasBar = true
  }
  const showProgress = (event: PipelineEvent): void => {
    const progress = pace(event)
    if (progress === null) return
    if (style === 'plain') writeLine(isFinished(event) ? finishedLine(progress) : progressLine(progress))
    else writeBar(barLine(progress, process.stderr.columns ?? 80))
  }
  const warningCounts = new Map<PipelineEvent['step'], number>()
  const isOneTooMany = ({ step, action }: PipelineEvent): boolean => {
    if (action === 'start') warningCounts.clear()
    if (action !== 'warn' || style === 'json') return false
    const count = (warningCounts.get(step) ?? 0) + 1
    warningCounts.set(step, count)
    if (count === mostWarnings + 1) writeLine('! and more such warnings: logs/debrief.jsonl has every one')
    return count > mostWarnings
  }
  return {
    emit: (event) => {
      if (isOneTooMany(event)) return
      if (isQuiet && event.action !== 'warn' && event.action !== 'fail') return
      if (style === 'json') writeLine(JSON.stringify(event))
      else if (event.action === 'progress') showProgress(event)
      else for (const line of eventLines(event)) writeLine(line)
    },
    print: (text) => {
      process.stderr.write(clearBar())
      process.stdout.write(`${withoutSecrets(text, Object.values(unprintable))}\n`)
    },
    write: (bytes) => {
      process.stdout.write(bytes)
    },
    fail: (error) => {
      process.stderr.write(`${clearBar()}${clean(errorText(error))}\n`)
    },
  }
}

/**
 * Tells which progress events to show, and for how long their step has run: no more than one in so many milliseconds,
 * and the last of a step. The first starts the clock of its step; shown as a line it would say that nothing is done.
 */
function createPace(
  everyMs: number,
  showsFirst: boolean,
  nowMs: () => number,
): (event: PipelineEvent) => Progress | null {
  let [step, lastDone, startedMs, shownMs] = ['', 0, 0, 0]
  return (event) => {
    const [now, done] = [nowMs(), event.done ?? 0]
    if (event.step !== step || done <= lastDone) {
      startedMs = now
      shownMs = showsFirst ? Number.NEGATIVE_INFINITY : now
    }
    ;[step, lastDone] = [event.step, done]
    if (now - shownMs < everyMs && !isFinished(event)) return null
    shownMs = now
    return { event, elapsedMs: now - startedMs }
  }
}

/** A name from a log may hold control characters, which a terminal would obey. */
function oneLine(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it looks for
  return text.replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ')
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

function errorText(error: unknown): string {
  if (error instanceof UserError) return `✗ ${error.message}\n  ${error.hint}`
  if (error instanceof CheckError) return `✗ ${error.message}\n  Nothing was published.`
  const stack = error instanceof Error ? (error.stack ?? error.message) : messageOf(error)
  return `✗ This is a bug in debrief:\n${stack}`
}
