// What every command shares: configuration, log, the run's journal, and the way an error becomes an exit code.
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Config, readConfig } from '../pipeline/config.js'
import { type ExitCode, exitCodeOf, exitCodes, explained, messageOf } from '../pipeline/errors.js'
import type { PipelineEvent } from '../pipeline/events.js'
import { journalText, pruneJournals } from '../pipeline/journal.js'
import { createLog, type Log } from '../pipeline/log.js'
import { openLogFile } from '../pipeline/log-file.js'
import type { RunContext } from '../pipeline/run/context.js'
import { withEnvFile } from './env-file.js'
import { makeOutFolders } from './out-folder.js'

/** The flags that every command takes. */
export interface CommonFlags {
  readonly config?: string
  readonly out?: string
  readonly json?: boolean
  readonly quiet?: boolean
  /** Of the schedule's commands: where secrets are, since no shell profile is read there. */
  readonly envFile?: string
}

export interface JobResult {
  /** For a person; null where the command has written its result itself. */
  readonly text: string | null
  /** For `--json`. */
  readonly json: unknown
  readonly exitCode?: ExitCode
}

/** Runs one command to its end, prints its result, and exits with its code. */
export async function runJob(
  command: string,
  flags: CommonFlags,
  work: (ctx: RunContext, log: Log) => Promise<JobResult>,
  { isJournaled = true }: { readonly isJournaled?: boolean } = {},
): Promise<void> {
  const isQuiet = flags.quiet === true
  const style = process.stderr.isTTY ? 'terminal' : flags.json ? 'json' : 'plain'
  let log = createLog({ isQuiet, style, secrets: {} })
  let exitCode: ExitCode = exitCodes.done
  try {
    const config = readConfig(flags, withEnvFile(process.env, flags.envFile))
    log = createLog({ isQuiet, style, secrets: config.secrets })
    const job = async (ctx: RunContext): Promise<ExitCode> => {
      const { text, json, exitCode: code = exitCodes.done } = await work(ctx, log)
      if (flags.json) log.print(JSON.stringify(json, null, 2))
      else if (text !== null) log.print(text)
      return code
    }
    if (isJournaled) await makeOutFolders(config.paths)
    exitCode = isJournaled
      ? await journaled(command, config, log, job)
      : await job({ ...createRun(command, new Date(), log.emit), config })
  } catch (cause) {
    const error = explained(cause)
    log.fail(error)
    exitCode = exitCodeOf(error)
  }
  // Standard output may be a pipe that is not drained yet: set the code and let the loop end by itself.
  process.exitCode = exitCode
}

/** Runs a command in this process and writes out/runs/<id>.json and out/logs, whatever becomes of it. */
export async function journaled(
  command: string,
  config: Config,
  log: Pick<Log, 'emit'>,
  work: (ctx: RunContext) => Promise<ExitCode>,
): Promise<ExitCode> {
  const startedAt = new Date()
  const events: (PipelineEvent & { readonly atMs?: number })[] = []
  const file = openLogFile(config)
  const append = (entry: object) =>
    file.append({ at: new Date().toISOString(), run_id: run.run.id, command, ...entry })
  const run = createRun(command, startedAt, (event) => {
    const { done: _, total: __, ...kept } = event // Which of how many is of no interest afterwards.
    if (event.action !== 'progress') {
      events.push({ ...event, atMs: Date.now() - startedAt.getTime() })
      append(event)
    } else if (event.step === 'models') events.push(kept)
    log.emit(event)
  })
  append({ action: 'begin' })
  let exitCode: ExitCode = exitCodes.bug
  let error: string | undefined
  try {
    exitCode = await work({ ...run, config })
    return exitCode
  } catch (thrown) {
    const cause = explained(thrown)
    exitCode = exitCodeOf(cause)
    error = messageOf(cause)
    throw cause
  } finally {
    const { id, warningCount } = run.run
    const ended = {
      exit_code: exitCode,
      warning_count: warningCount(),
      ...(error === undefined ? {} : { error }),
    }
    const journal = {
      run_id: id,
      command,
      started_at: startedAt.toISOString(),
      ended_at: new Date().toISOString(),
      ...ended,
      events,
    }
    append({ action: 'end', elapsedMs: Date.now() - startedAt.getTime(), ...ended })
    await writeJournal(config, id, journal).catch(() => {}) // A full disk must not hide the real error.
  }
}

function createRun(command: string, startedAt: Date, emit: Log['emit']): Omit<RunContext, 'config'> {
  const id = `${startedAt.toISOString().replaceAll(/[-:.]/g, '')}-${command.replaceAll(' ', '-')}-${process.pid}`
  let warnings = 0
  const warned = new Set<string>() // A run builds the marts more than once, and each build checks them.
  const isRepeated = ({ step, subject, message }: PipelineEvent): boolean => {
    const warning = JSON.stringify([step, subject, message])
    return warned.size === warned.add(warning).size
  }
  return {
    now: () => new Date(),
    emit: (event) => {
      if (event.action === 'warn' && isRepeated(event)) return
      if (event.action === 'warn' || event.action === 'fail') warnings += 1
      emit(event)
    },
    run: { id, command, warningCount: () => warnings },
  }
}

async function writeJournal(config: Config, id: string, journal: object): Promise<void> {
  const { runs } = config.paths
  await mkdir(runs, { recursive: true })
  const file = join(runs, `${id}.json`)
  await writeFile(`${file}.tmp`, journalText(journal, config))
  await rename(`${file}.tmp`, file)
  await pruneJournals(runs)
}
