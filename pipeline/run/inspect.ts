// What `doctor` and `init` look at: logs, databases, the machine, and what is configured; nothing is changed.
import { type InspectedSource, inspectSources } from '../ingest/inspect.js'
import { findSeenProjects, type SeenProject } from '../ingest/seen-projects.js'
import { type MachineState, readMachineState } from '../machine.js'
import type { Probe } from '../probe.js'
import { findScheduleUnits, type ScheduleUnit } from '../schedule-entries.js'
import { probeModels, probePublishing } from '../stages.js'
import {
  type LedgerState,
  readLedgerState,
  readWarehouseState,
  type WarehouseState,
} from '../warehouse/state.js'
import { type RunContext, realEffects } from './context.js'

/** What `doctor` judges. */
export interface Inspection {
  readonly sources: readonly InspectedSource[]
  readonly ledger: LedgerState
  readonly warehouse: WarehouseState
  readonly machine: MachineState
  /** What starts it by itself. */
  readonly schedule: readonly ScheduleUnit[]
  /** Of what is configured beyond this machine; null where that was not looked at. */
  readonly probes: readonly Probe[] | null
}

/** `doctor`: looks at logs, databases and, unless it is to stay offline, what is configured; changes nothing. */
export async function inspectMachine(
  { config, now }: RunContext,
  { isOffline = false }: { readonly isOffline?: boolean } = {},
  effects = realEffects,
): Promise<Inspection> {
  const [sources, ledger, warehouse, machine, schedule, probes] = await Promise.all([
    inspectSources(config),
    readLedgerState(config),
    readWarehouseState(config),
    readMachineState(config, now()),
    findScheduleUnits(config),
    isOffline ? null : Promise.all([probePublishing(config, effects.publish), probeModels(config)]),
  ])
  return { sources, ledger, warehouse, machine, schedule, probes: probes?.flat() ?? null }
}

/** What `init` fills in. */
export interface Findings {
  readonly sources: readonly Pick<InspectedSource, 'source' | 'file_count' | 'size_bytes'>[]
  readonly projects: readonly SeenProject[]
}

/** `init`: looks for logs, and for the projects in them. */
export async function inspectForInit({ config }: RunContext): Promise<Findings> {
  const [sources, projects] = await Promise.all([inspectSources(config), findSeenProjects(config)])
  return {
    sources: sources.map(({ source, file_count, size_bytes }) => ({ source, file_count, size_bytes })),
    projects,
  }
}
