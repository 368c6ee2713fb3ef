// `debrief runs`: what was run, how it ended and how long it took; `debrief runs show`: one run, step by step.
import { UserError } from '../pipeline/errors.js'
import { type RunJournal, readRunHistory } from '../pipeline/run-history.js'
import { alignedTable } from './aligned-table.js'
import { type CommonFlags, runJob } from './job.js'

const usualCount = 20

export async function listRuns(
  flags: CommonFlags & { readonly limit?: number; readonly command?: string },
): Promise<void> {
  await runJob(
    'runs',
    flags,
    async ({ config }) => {
      const all = readRunHistory(config).filter(
        ({ command }) => flags.command === undefined || command === flags.command,
      )
      const runs = all.slice(0, flags.limit ?? usualCount)
      const left = all.length - runs.length
      const more = left > 0 ? `\n${left} older ones: --limit ${all.length}` : ''
      return {
        text: runs.length === 0 ? 'Nothing was run yet.' : runTable(runs, config.timezone) + more,
        json: runs.map(({ events: _, ...run }) => ({ ...run, ended: endWords(run) })),
      }
    },
    { isJournaled: false },
  )
}

export async function showRun(id: string, flags: CommonFlags): Promise<void> {
  await runJob(
    'runs show',
    flags,
    async ({ config }) => {
      const runs = readRunHistory(config)
      const found = runs.filter(({ run_id }) => run_id.startsWith(id))
      const run = id === 'latest' ? runs[0] : found[0]
      if (run === undefined || (found.length > 1 && run.run_id !== id && id !== 'latest'))
        throw new UserError(
          `${found.length === 0 ? 'no run' : `${found.length} runs`} whose id begins with ${id}`,
          'Expected an id as `debrief runs` lists them, its beginning, or latest.',
        )
      return { text: runText(run, config.timezone), json: run }
    },
    { isJournaled: false },
  )
}

function runTable(runs: readonly RunJournal[], timezone: string): string {
  const rows = runs.map((run) => [
    localTime(run.started_at, timezone),
    run.command,
    endWords(run),
    took(run),
    run.warning_count === 0 ? '' : String(run.warning_count),
    run.run_id,
  ])
  return alignedTable(['Began', 'Command', 'Ended', 'Took', 'Warnings', 'Run'], rows, 6)
}

const endings: Readonly<Record<number, string>> = {
  0: 'done',
  1: 'bug',
  2: 'to mend',
  3: 'undelivered',
  4: 'check failed',
}

function endWords({ run_id, exit_code: code }: Pick<RunJournal, 'run_id' | 'exit_code'>): string {
  if (code !== null) return endings[code] ?? `exit code ${code}`
  return isRunning(Number(/-(\d+)$/.exec(run_id)?.[1])) ? 'running' : 'cut off'
}

/** An id ends with the number of its process; a number may have been given to another since, after a restart. */
function isRunning(pid: number): boolean {
  try {
    return Number.isInteger(pid) && process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

function took({ started_at, ended_at }: RunJournal): string {
  return ended_at === null ? '' : durationWords(Date.parse(ended_at) - Date.parse(started_at))
}

function durationWords(durationMs: number): string {
  if (durationMs < 60_000) return `${(durationMs / 1000).toFixed(1)} s`
  const seconds = Math.round(durationMs / 1000)
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`
}

function runText(run: RunJournal, timezone: string): string {
  const lines = run.events
    .filter(({ action }) => action !== 'progress')
    .map(({ step, action, subject, message, rows, atMs }) => [
      atMs === undefined ? '' : durationWords(atMs),
      step,
      { start: 'begins', done: 'done', warn: 'WARNING', fail: 'FAILED' }[action] ?? '',
      [subject, message, rows === undefined ? '' : `${rows.toLocaleString('en-US')} rows`]
        .filter(Boolean)
        .join(': '),
    ])
  const head = [
    `${run.command}: ${[endWords(run), took(run)].filter(Boolean).join(' after ')}`,
    `began ${localTime(run.started_at, timezone)} (${timezone}), run ${run.run_id}`,
    ...(run.error === undefined ? [] : [run.error]),
  ]
  return lines.length === 0
    ? head.join('\n')
    : [...head, '', alignedTable(['After', 'Step', '', 'What'], lines, 4)].join('\n')
}

function localTime(instant: string, timezone: string): string {
  return new Intl.DateTimeFormat('sv-SE', {
    timeZone: timezone,
    dateStyle: 'short',
    timeStyle: 'medium',
  }).format(new Date(instant))
}
