// How far a step has come, in words that a person understands and as a bar; log.ts shows them.
import type { PipelineEvent, Step } from './events.js'

/** A step's progress event, and how long the step has been at it. */
export interface Progress {
  readonly event: PipelineEvent
  readonly elapsedMs: number
}

const nouns: Partial<Record<Step, string>> = {
  ingest: 'file',
  models: 'model',
  facets: 'session',
  publish: 'file',
}
const widestBar = 20
const narrowestBar = 8
const shortestMeasuredMs = 200

/** One line of at most `columns` characters less one: what does not fit is left out, the rate first. */
export function barLine(progress: Progress, columns: number): string {
  const [count, bytes, rate, left] = facts(progress)
  const choices = [[count, bytes, rate, left], [count, bytes, left], [count, left], [count]]
  for (const choice of choices) {
    const text = choice.filter(Boolean).join(' · ')
    const room = columns - 1 - text.length - '    '.length
    if (room >= narrowestBar) return `  ${bar(shareDone(progress.event), Math.min(room, widestBar))}  ${text}`
  }
  return `  ${count}`.slice(0, Math.max(columns - 1, 0))
}

/** The same as a plain line. */
export function progressLine(progress: Progress): string {
  return `  ${facts(progress).filter(Boolean).join(' · ')}`
}

/** A plain line for a step that has come to its end. */
export function finishedLine(progress: Progress): string {
  const { event, elapsedMs } = progress
  const [, , rate] = facts(progress)
  const bytes = event.totalBytes === undefined ? '' : formatBytes(event.totalBytes)
  const what = [countOf(event), bytes].filter(Boolean).join(' · ')
  return `  ${[`${what} in ${formatDuration(elapsedMs)}`, rate].filter(Boolean).join(' · ')}`
}

export function isFinished({ done = 0, total = 0 }: PipelineEvent): boolean {
  return done >= total
}

/** Files or the like, bytes, bytes a second, and time left; empty where there is nothing to say of it. */
function facts({ event, elapsedMs }: Progress): [count: string, bytes: string, rate: string, left: string] {
  const { step, subject = '', done, total, bytes, totalBytes } = event
  if (done === undefined || total === undefined) return [`${step} ${subject}`.trim(), '', '', '']
  const counted = `${formatCount(done)} of ${countOf(event)}`
  const hasBytes = bytes !== undefined && totalBytes !== undefined
  const share = shareDone(event)
  const isMeasured = share > 0 && elapsedMs >= shortestMeasuredMs
  return [
    step === 'models' ? `Building ${counted}` : counted,
    hasBytes ? `${formatBytes(bytes)} of ${formatBytes(totalBytes)}` : '',
    hasBytes && isMeasured ? `${formatBytes((bytes / elapsedMs) * 1000)}/s` : '',
    isMeasured && share < 1 ? `${formatDuration((elapsedMs / share) * (1 - share))} left` : '',
  ]
}

/** From 0 to 1, by bytes where they are known: files differ in size. */
function shareDone(event: PipelineEvent): number {
  const { done = 0, total = 0, bytes, totalBytes } = event
  if (isFinished(event)) return 1
  const share = bytes !== undefined && totalBytes ? bytes / totalBytes : done / Math.max(total, 1)
  return Math.min(Math.max(share, 0), 1)
}

function bar(share: number, width: number): string {
  const filled = Math.round(share * width)
  return '█'.repeat(filled) + '░'.repeat(width - filled)
}

/** 333 files, 1 model. */
function countOf({ step, total = 0 }: PipelineEvent): string {
  const noun = nouns[step]
  return noun === undefined ? formatCount(total) : `${formatCount(total)} ${noun}${total === 1 ? '' : 's'}`
}

function formatCount(count: number): string {
  return count.toLocaleString('en-US')
}

/** Decimal units: 980 B, 12 kB, 640 MB, 1.0 GB. */
export function formatBytes(bytes: number): string {
  if (bytes < 999.5) return `${Math.round(bytes)} B`
  if (bytes < 999.5e3) return `${Math.round(bytes / 1e3)} kB`
  if (bytes < 999.5e6) return `${Math.round(bytes / 1e6)} MB`
  return `${(bytes / 1e9).toFixed(1)} GB`
}

/** 1 s, 42 s, 3 min, 1 h 5 min; never 0 s, since what takes no time is not spoken of. */
export function formatDuration(ms: number): string {
  const seconds = Math.max(1, Math.round(ms / 1000))
  if (seconds < 100) return `${seconds} s`
  const minutes = Math.round(seconds / 60)
  if (minutes < 100) return `${minutes} min`
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}
