// Judges the machine itself: room, clock, and logs that their agent deletes before they are read.
import type { InspectedSource } from '../pipeline/ingest/inspect.js'
import type { MachineState } from '../pipeline/machine.js'
import type { LedgerState } from '../pipeline/warehouse/state.js'
import { mend, note, type Problem } from './problem.js'

const dayMs = 86_400_000
/** A build writes the warehouse anew beside the one that is there. */
const scarceBytes = 200_000_000
const fewBytes = 2_000_000_000
/** A clock may be set by so much without anything being wrong. */
const clockToleranceMs = 5 * 60_000

export function machineProblems(
  { machine, ledger, out }: { machine: MachineState; ledger: LedgerState; out: string },
  now: Date,
): Problem[] {
  const free = machine.free_bytes
  const room = `only ${Math.round((free ?? 0) / 1_000_000)} MB are free at ${out}`
  const advice = 'Make room, or name another folder with out_dir.'
  const last = ledger.last_run === null ? null : Date.parse(ledger.last_run.started_at)
  return [
    ...(free !== null && free < scarceBytes ? [mend('disk', room, advice)] : []),
    ...(free !== null && free >= scarceBytes && free < fewBytes ? [note('disk', room, advice)] : []),
    ...(last !== null && last - now.getTime() > clockToleranceMs
      ? [
          mend(
            'clock',
            `it says ${now.toISOString()}, but the last command ran at ${ledger.last_run?.started_at}`,
            'Set the clock right: which week is complete is told by it.',
          ),
        ]
      : []),
  ]
}

/** What an agent deletes unread is lost for good. */
export function expiringLogs(sources: readonly InspectedSource[], ledger: LedgerState, now: Date): Problem[] {
  const last = ledger.last_run === null ? null : Date.parse(ledger.last_run.started_at)
  const idleDays = last === null ? null : (now.getTime() - last) / dayMs
  return sources.flatMap(({ source, cleanup_days: days, file_count }) => {
    if (days === null || file_count === 0 || idleDays === null) return []
    const kept = `it deletes its logs after ${days} ${days === 1 ? 'day' : 'days'}`
    const advice =
      'Run debrief sync more often than that, or raise cleanupPeriodDays in the settings of Claude Code.'
    if (idleDays >= days)
      return [mend(source, `${kept}, and the last command ran ${Math.floor(idleDays)} days ago`, advice)]
    return days <= 1 ? [note(source, kept, advice)] : []
  })
}
