#!/usr/bin/env node
// The command line. Every command's work is imported when it is called, so that --help starts at once.
import { readFileSync } from 'node:fs'
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander'
import { addOperatingCommands } from './cli-operating.js'
import type { CommonFlags } from './job.js'

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string
}

export function createProgram(): Command {
  const program = new Command('debrief')
    .description('A weekly debrief from the logs that AI coding agents leave on this machine.')
    .version(version)
    .showHelpAfterError()
    .exitOverride() // Commands inherit both when they are made.
    .addHelpText(
      'after',
      `
Exit codes: 0 done · 1 a bug · 2 you can mend it · 3 done, but something is still to be delivered
            4 a check failed, nothing was published`,
    )
  addRun(program)
  addSync(program)
  addFacets(program)
  addReport(program)
  addSnapshot(program)
  addRestore(program)
  addPublish(program)
  addTips(program)
  addAlerts(program)
  addSchedule(program)
  addQuery(program)
  addExport(program)
  addPrices(program)
  addForget(program)
  addDemo(program)
  addOperatingCommands(program, { withCommonFlags, toCount })
  return program
}

function addRun(program: Command): void {
  const run = program.command('run').description('the main job: sync, facets, report, snapshot, publish')
  for (const kind of ['weekly', 'monthly'] as const)
    withCommonFlags(run.command(kind))
      .description(`debrief of one ${kind === 'weekly' ? 'week' : 'month'}`)
      .option('--for <period>', periodHelp(kind))
      .option('--no-publish', 'stop before anything is sent')
      .action(async (flags) => (await import('./run.js')).run(kind, flags))
}

function addSync(program: Command): void {
  withCommonFlags(program.command('sync'))
    .description('load new and changed logs, rebuild the marts that read them')
    .option('--watch', 'go on, and load each log within seconds of its last line, until stopped')
    .action(async (flags) => {
      if (flags.watch) await (await import('./watch.js')).watch(flags)
      else await (await import('./sync.js')).sync(flags)
    })
}

function addFacets(program: Command): void {
  const facets = withCommonFlags(program.command('facets'))
    .description('extract facets for the sessions that lack them')
    .option('--session <id>', 'only this session')
    .option('--since <date>', 'sessions from this local date on, such as 2026-02-01', toDate)
    .option('--until <date>', 'sessions up to and with this local date', toDate)
    .option('--limit <count>', 'at most so many sessions, newest first', toCount)
    .option('--force', 'extract again what is there')
    .option('--dry-run', 'only say what would be done')
    .addOption(
      new Option('--provider <name>', 'who judges (default: facets.provider)').choices([
        'rules',
        'anthropic',
        'openai-compatible',
        'claude-cli',
      ]),
    )
    .action(async (flags) => (await import('./facets.js')).facets(flags))
  withCommonFlags(facets.command('import'))
    .description("take in what Claude Code's /insights wrote, at no cost")
    .argument('[folder]', 'where its files are (default: usage-data/facets in its configuration)')
    .action(async (folder: string | undefined, _, command: Command) =>
      (await import('./facets.js')).importFacets(folder, command.optsWithGlobals<CommonFlags>()),
    )
}

function addReport(program: Command): void {
  const report = program.command('report').description('render what is loaded; never posts')
  for (const kind of ['weekly', 'monthly'] as const)
    withCommonFlags(report.command(kind))
      .description(`report of one ${kind === 'weekly' ? 'week' : 'month'}, or of all`)
      .addOption(new Option('--for <period>', periodHelp(kind)).conflicts('all'))
      .option('--all', 'every period with data')
      .option('--open', 'open it in the browser')
      .action(async (flags) => (await import('./report.js')).report(kind, flags))
}

function addSnapshot(program: Command): void {
  withCommonFlags(program.command('snapshot'))
    .description('write ledger and marts to Parquet')
    .action(async (flags) => (await import('./snapshot.js')).snapshot(flags))
}

function addRestore(program: Command): void {
  withCommonFlags(program.command('restore'))
    .description('both databases back from the Parquet snapshot, into an out folder without a ledger')
    .option('--from <folder>', 'the snapshot (default: parquet in the out folder)')
    .option('--force', 'set a ledger that is there aside as ledger.duckdb.before-restore')
    .action(async (flags) => (await import('./restore.js')).restore(flags))
}

function addForget(program: Command): void {
  withCommonFlags(program.command('forget'))
    .description('remove sessions for good: from ledger, marts, pages, Parquet and bucket; their logs stay')
    .option('--project <path>', 'all sessions of a project, as shown, such as ~/work/site')
    .option('--session <id>', 'one session with its sub-agents')
    .option('--from <date>', 'with --until: the sessions that began on these local dates', toDate)
    .option('--until <date>', 'the last of them', toDate)
    .option('--yes', 'remove it; without it, you are shown what would go, and asked on a terminal')
    .addHelpText(
      'after',
      `
A period forgets whole sessions, by the local date on which each began. What is forgotten does not come back with the
next sync or restore although its log is still there; later sessions of a forgotten project count again (keep those out
with privacy.exclude). With a bucket configured, what is not in the out folder any more is deleted below your prefix.
Messages already in Discord stay.`,
    )
    .action(async (flags) => (await import('./forget.js')).forget(flags))
}

function addPublish(program: Command): void {
  withCommonFlags(program.command('publish'))
    .description('upload and post what is rendered')
    .option('--for <period>', 'week or month, such as 2026-W07 or 2026-02 (default: the last complete week)')
    .option('--dry-run', 'only say what would be sent')
    .option('--repost', 'send again what was sent without an answer')
    .action(async (flags) => (await import('./publish.js')).publish(flags))
}

function addTips(program: Command): void {
  const tips = program
    .command('tips')
    .description('what your numbers advise, and what you think of it')
    .addHelpText(
      'after',
      `
An ID is a rule and a week, such as corrections/2026-W07, as the report and the list show it; the rule alone is its latest
tip. A rule of which a tip was dismissed does not return, until a tip of it is called helpful again.`,
    )
  withCommonFlags(tips.command('list'))
    .description('the tips of the latest week, or all there ever were')
    .option('--all', 'those of every week')
    .action(async (flags) => (await import('./tips.js')).listTips(flags))
  withCommonFlags(tips.command('helpful'))
    .description('say that a tip was helpful')
    .argument('<id>', 'such as corrections/2026-W07, or corrections for its latest')
    .action(async (id: string, flags) => (await import('./tips.js')).judgeTip(id, 'helpful', flags))
  withCommonFlags(tips.command('dismiss'))
    .description('have a tip and its rule not return')
    .argument('<id>', 'such as corrections/2026-W07, or corrections for its latest')
    .action(async (id: string, flags) => (await import('./tips.js')).judgeTip(id, 'dismissed', flags))
}

function addAlerts(program: Command): void {
  withCommonFlags(program.command('alerts'))
    .description('say in Discord what should be known before the next report; the scheduled sync does it too')
    .option('--dry-run', 'only say what is found now')
    .action(async (flags) => (await import('./alerts.js')).alerts(flags))
}

function addSchedule(program: Command): void {
  const schedule = withCommonFlags(program.command('schedule'))
    .description('run the jobs of the configuration when they are due, one at a time')
    .option('--once', 'run what is due by now and end, for a cron that calls it every few minutes')
    .addOption(envFileOption())
    .action(async (flags) => (await import('./schedule.js')).schedule(flags))
  // These commands know the common flags too, and commander hands them to the outer one.
  withCommonFlags(schedule.command('list'))
    .description('when each job runs next, how it last ended, and what was missed')
    .action(async (_, list: Command) =>
      (await import('./schedule-list.js')).listSchedule(list.optsWithGlobals<CommonFlags>()),
    )
  const kinds = () =>
    new Option('--kind <kind>', 'by what (default: what fits this machine)').choices([
      'systemd',
      'launchd',
      'crontab',
    ])
  withCommonFlags(schedule.command('install'))
    .description(
      'have this machine run the schedule by itself: systemd user unit, launchd agent or crontab entry',
    )
    .addOption(kinds())
    .option('--dry-run', 'only print what would be written')
    .addOption(envFileOption())
    .action(async (_, install: Command) =>
      (await import('./schedule-install.js')).installSchedule(install.optsWithGlobals<InstallFlags>()),
    )
  withCommonFlags(schedule.command('uninstall'))
    .description('undo what install did')
    .addOption(kinds())
    .option('--dry-run', 'only say what would be removed')
    .action(async (_, uninstall: Command) =>
      (await import('./schedule-install.js')).uninstallSchedule(uninstall.optsWithGlobals<InstallFlags>()),
    )
}

function envFileOption(): Option {
  return new Option('--env-file <file>', 'secrets as NAME=value lines, in a file that only you may read')
}

function addQuery(program: Command): void {
  withCommonFlags(program.command('query'))
    .description('read-only SQL on the marts')
    .argument('<sql>', 'one SELECT, such as "select * from sessions limit 5"')
    .addOption(
      new Option('--format <format>', 'how to print rows')
        .choices(['table', 'json', 'csv', 'arrow'])
        .default('table'),
    )
    .action(async (sql: string, flags) => (await import('./query.js')).query(sql, flags))
}

function addExport(program: Command): void {
  const exported = program.command('export').description('what is loaded, for other tools')
  withCommonFlags(exported.command('amp-jsonl'))
    .description("sessions of all agents as lines of JSON, in the events of Amp's session manager")
    .option('--since <date>', 'sessions from this local date on, such as 2026-02-01', toDate)
    .option('--until <date>', 'sessions up to and with this local date', toDate)
    .option('--session <id>', 'only this session, with its sub-agents')
    .option('--out-file <file>', 'write them there (default: to standard output)')
    .addHelpText(
      'after',
      `
An iteration is a prompt up to the next. Commands, prompts and contents are not kept, so arguments name a path, a program
or a host, and messages are empty. promptTokens hold all that was sent; cacheReadTokens and cacheWriteTokens are parts of it.`,
    )
    .action(async (flags) => (await import('./export.js')).exportAmpJsonl(flags))
}

function addPrices(program: Command): void {
  withCommonFlags(program.command('prices'))
    .description('the price table as it applies, what has no price, and its digest')
    .action(async (flags) => (await import('./prices.js')).prices(flags))
}

function addDemo(program: Command): void {
  withCommonFlags(program.command('demo'))
    .description('make the bundled demo sessions and a report on them, beside your own data')
    .option('--for <period>', periodHelp('weekly'))
    .action(async (flags) => (await import('./demo.js')).demo(flags))
}

function withCommonFlags(command: Command): Command {
  return command
    .option('--config <file>', 'configuration (default: debrief.yaml here, else in your config directory)')
    .option('--out <dir>', 'where everything is kept (default: ./out)')
    .option(
      '--json',
      'print the result as JSON, and what happens as JSON lines where standard error is no terminal',
    )
    .option('--quiet', 'print the result and warnings only')
}

function periodHelp(kind: 'weekly' | 'monthly'): string {
  return kind === 'weekly'
    ? 'week, such as 2026-W07 (default: the last complete one, or the latest with data)'
    : 'month, such as 2026-02 (default: the last complete one, or the latest with data)'
}

function toCount(text: string): number {
  const count = Number(text)
  if (!Number.isInteger(count) || count < 1)
    throw new InvalidArgumentError(`expected a whole number from 1, got ${text}`)
  return count
}

function toDate(text: string): string {
  const date = /^\d{4}-\d{2}-\d{2}$/.test(text) ? new Date(text) : new Date(Number.NaN)
  if (Number.isNaN(date.getTime()) || !date.toISOString().startsWith(text))
    throw new InvalidArgumentError(`expected a date as YYYY-MM-DD, got ${text}`)
  return text
}

/** A reader that closes its end, as `head` does, wants no more: what is under way still ends as it should. */
function ignoreClosedPipes(): void {
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error
    })
}

/** Commander has said what is wrong by then; a wrong call is something the user can mend. */
function endCode(error: unknown): 0 | 2 {
  if (!(error instanceof CommanderError)) throw error
  return error.exitCode === 0 ? 0 : 2
}

/** Flags of `schedule install` and `schedule uninstall`. */
export type InstallFlags = CommonFlags & {
  readonly kind?: 'systemd' | 'launchd' | 'crontab'
  readonly dryRun?: boolean
  readonly envFile?: string
}

/** Flags that `run`, `report` and `demo` share. */
export type PeriodFlags = CommonFlags & { readonly for?: string }

process.umask(0o077) // Whatever is made, be it a database, a page or a journal, is for its owner alone.
ignoreClosedPipes()
try {
  await createProgram().parseAsync()
} catch (error) {
  process.exitCode = endCode(error)
}
