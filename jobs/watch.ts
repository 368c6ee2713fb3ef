// `debrief sync --watch`: takes in each log within seconds of its last line, one sync at a time, until it is stopped.
import { LedgerHeld, messageOf } from '../pipeline/errors.js'
import type { Log } from '../pipeline/log.js'
import type { RunContext } from '../pipeline/run/context.js'
import { logPlaces } from '../pipeline/run/sync.js'
import { runSync } from '../pipeline/run.js'
import { watchFolders } from '../pipeline/watch-folders.js'
import { type CommonFlags, journaled, runJob } from './job.js'
import { pause, stopOnSignal } from './schedule.js'

/** An agent at work writes line after line: it is waited for, but another may have finished meanwhile. */
const quietMs = 500
const longestWaitMs = 2500
const retryMs = 30_000
const pollMs = 60_000

export async function watch(flags: CommonFlags): Promise<void> {
  await runJob('sync --watch', flags, async (ctx, log) => {
    const stop = stopOnSignal(ctx)
    const changes = createChanges(stop)
    const places = logPlaces(ctx.config)
    const watched = watchFolders(places, {
      onChange: changes.note,
      onBlind: (message) => changes.pollEvery(pollMs, () => warnOfPolling(ctx, message)),
    })
    ctx.emit({ step: 'sync', action: 'note', message: `Watching ${places.join(', ')}` })
    changes.note()
    let syncCount = 0
    try {
      while (await changes.settled()) {
        syncCount += 1
        if (!(await syncOnce(ctx, log))) changes.noteAfter(retryMs)
      }
    } finally {
      watched.close()
    }
    return { text: 'Stopped.', json: { stopped: true, sync_count: syncCount } }
  })
}

function warnOfPolling(ctx: RunContext, message: string): void {
  ctx.emit({
    step: 'sync',
    action: 'warn',
    message: `not every folder can be watched (${message}): all are looked through every ${pollMs / 1000} seconds. On Linux fs.inotify.max_user_watches says how many may be`,
  })
}

/** False where it is to be tried again, since another command is writing the ledger. */
async function syncOnce({ config }: RunContext, log: Log): Promise<boolean> {
  try {
    await journaled('sync', config, log, async (ctx) => {
      const { ingest } = await runSync(ctx)
      const { filesRead, linesRead } = ingest
      const message = `${filesRead} ${filesRead === 1 ? 'log' : 'logs'} taken in, ${linesRead} lines`
      if (filesRead > 0) ctx.emit({ step: 'sync', action: 'note', rows: filesRead, message })
      return 0
    })
    return true
  } catch (error) {
    log.emit({ step: 'sync', action: 'fail', message: messageOf(error) })
    return !(error instanceof LedgerHeld)
  }
}

interface Changes {
  note(): void
  noteAfter(ms: number): void
  /** From the first call on, as if something changed every so often. */
  pollEvery(ms: number, onFirst: () => void): void
  /** Waits for a change, and until it is quiet after it; false where it is stopped. */
  settled(): Promise<boolean>
}

function createChanges(stop: AbortSignal): Changes {
  let [count, seen] = [0, 0]
  let isPolling = false
  let wake = () => {}
  const note = () => {
    count += 1
    wake()
  }
  const noteAfter = (ms: number) => void pause(ms, stop).then(note)
  const nextChange = (): Promise<void> =>
    new Promise((resolve) => {
      wake = resolve
    })
  stop.addEventListener('abort', () => wake())
  return {
    note,
    noteAfter,
    pollEvery: (ms, onFirst) => {
      if (isPolling) return
      isPolling = true
      onFirst()
      const again = async (): Promise<void> => {
        while (!stop.aborted) {
          await pause(ms, stop)
          note()
        }
      }
      void again()
    },
    settled: async () => {
      while (count === seen && !stop.aborted) await nextChange()
      const until = performance.now() + longestWaitMs
      while (count !== seen && !stop.aborted && performance.now() < until) {
        seen = count
        await pause(quietMs, stop)
      }
      seen = count
      return !stop.aborted
    },
  }
}
