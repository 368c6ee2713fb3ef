#!/usr/bin/env node
// The command line. Every command's work is imported when it is called, so that --help starts at once.
import { readFileSync } from 'node:fs'
import { Command, Option } from 'commander'
import type { CommonFlags } from './job.js'

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string
}

export function createProgram(): Command {
  const program = new Command('debrief')
    .description('A weekly debrief from the logs that AI coding agents leave on this machine.')
    .version(version)
    .showHelpAfterError()
    .addHelpText(
      'after',
      `
Exit codes: 0 done · 1 a bug · 2 you can mend it · 3 done, but something is still to be delivered
            4 a check failed, nothing was published`,
    )

  const run = program.command('run').description('the main job: sync, facets, report, snapshot, publish')
  for (const kind of ['weekly', 'monthly'] as const)
    withCommonFlags(run.command(kind))
      .description(`debrief of one ${kind === 'weekly' ? 'week' : 'month'}`)
      .option('--for <period>', periodHelp(kind))
      .option('--no-publish', 'stop before anything is sent')
      .action(async (flags) => (await import('./run.js')).run(kind, flags))

  withCommonFlags(program.command('sync'))
    .description('load new and changed logs, rebuild the marts that read them')
    .action(async (flags) => (await import('./sync.js')).sync(flags))

  withCommonFlags(program.command('facets'))
    .description('extract facets for the sessions that lack them')
    .option('--session <id>', 'only this session')
    .option('--since <date>', 'sessions from this local date on, such as 2026-02-01')
    .option('--until <date>', 'sessions up to and with this local date')
    .option('--limit <count>', 'at most so many sessions, newest first', toCount)
    .option('--force', 'extract again what is there')
    .option('--dry-run', 'only say what would be done')
    .addOption(new Option('--provider <name>', 'who judges').choices(['rules']))
    .action(async (flags) => (await import('./facets.js')).facets(flags))

  const report = program.command('report').description('render what is loaded; never posts')
  for (const kind of ['weekly', 'monthly'] as const)
    withCommonFlags(report.command(kind))
      .description(`report of one ${kind === 'weekly' ? 'week' : 'month'}, or of all`)
      .addOption(new Option('--for <period>', periodHelp(kind)).conflicts('all'))
      .option('--all', 'every period with data')
      .option('--open', 'open it in the browser')
      .action(async (flags) => (await import('./report.js')).report(kind, flags))

  withCommonFlags(program.command('snapshot'))
    .description('write ledger and marts to Parquet')
    .action(async (flags) => (await import('./snapshot.js')).snapshot(flags))

  withCommonFlags(program.command('publish'))
    .description('upload and post what is rendered')
    .option('--for <period>', 'week or month, such as 2026-W07 or 2026-02 (default: the last complete week)')
    .option('--dry-run', 'only say what would be sent')
    .option('--repost', 'send again what was sent without an answer')
    .action(async (flags) => (await import('./publish.js')).publish(flags))

  const schedule = withCommonFlags(program.command('schedule'))
    .description('run the jobs of the configuration when they are due, one at a time')
    .action(async (flags) => (await import('./schedule.js')).schedule(flags))
  withCommonFlags(schedule.command('list'))
    .description('when each job runs next')
    .action(async (flags) => (await import('./schedule.js')).listSchedule(flags))

  withCommonFlags(program.command('query'))
    .description('read-only SQL on the marts')
    .argument('<sql>', 'one SELECT, such as "select * from sessions limit 5"')
    .addOption(
      new Option('--format <format>', 'how to print rows')
        .choices(['table', 'json', 'csv', 'arrow'])
        .default('table'),
    )
    .action(async (sql: string, flags) => (await import('./query.js')).query(sql, flags))

  withCommonFlags(program.command('demo'))
    .description('make the bundled demo sessions and a report on them, beside your own data')
    .option('--for <period>', periodHelp('weekly'))
    .action(async (flags) => (await import('./demo.js')).demo(flags))

  return program
}

function withCommonFlags(command: Command): Command {
  return command
    .option('--config <file>', 'configuration (default: debrief.yaml here, else in your config directory)')
    .option('--out <dir>', 'where everything is kept (default: ./out)')
    .option('--json', 'print the result as JSON')
    .option('--quiet', 'print the result and warnings only')
}

function periodHelp(kind: 'weekly' | 'monthly'): string {
  return kind === 'weekly'
    ? 'week, such as 2026-W07 (default: the last complete one, or the latest with data)'
    : 'month, such as 2026-02 (default: the last complete one, or the latest with data)'
}

function toCount(text: string): number {
  const count = Number(text)
  if (!Number.isInteger(count) || count < 1) throw new Error(`expected a whole number from 1, got ${text}`)
  return count
}

/** Flags that `run`, `report` and `demo` share. */
export type PeriodFlags = CommonFlags & { readonly for?: string }

await createProgram().parseAsync()
