// Commands that set Debrief up and look after it, apart from the reports; each imports its work when it is called.
import { Argument, type Command } from 'commander'
import type { CommonFlags } from './job.js'

/** What `cli.ts` gives to every command, and to counts. */
export interface Shared {
  withCommonFlags(command: Command): Command
  toCount(text: string): number
}

export function addOperatingCommands(program: Command, shared: Shared): void {
  addInit(program, shared)
  addDoctor(program, shared)
  addRuns(program, shared)
  addCompletion(program)
  addUninstall(program, shared)
}

function addInit(program: Command, { withCommonFlags }: Shared): void {
  withCommonFlags(program.command('init'))
    .description('write a commented debrief.yaml from what is found on this machine; asks nothing')
    .option('--here', 'in the working directory (default: in your config directory)')
    .option('--force', 'write anew over one that is there, which is kept as debrief.yaml.before-init')
    .action(async (flags) => (await import('./init.js')).init(flags))
}

function addDoctor(program: Command, { withCommonFlags }: Shared): void {
  withCommonFlags(program.command('doctor'))
    .description('check every part, from logs to Discord, and say what to mend; changes nothing')
    .option('--offline', 'leave out what needs the network')
    .action(async (flags) => (await import('./doctor.js')).doctor(flags))
}

function addRuns(program: Command, { withCommonFlags, toCount }: Shared): void {
  const runs = withCommonFlags(program.command('runs'))
    .description('what was run, how it ended and how long it took, newest first')
    .option('--limit <count>', 'so many (default: 20)', toCount)
    .option('--command <command>', 'of one command, such as sync or "run weekly"')
    .action(async (flags) => (await import('./runs.js')).listRuns(flags))
  withCommonFlags(runs.command('show'))
    .description('one run, step by step')
    .argument('<id>', 'as the list shows it, its beginning, or latest')
    .action(async (id: string, _, command: Command) =>
      (await import('./runs.js')).showRun(id, command.optsWithGlobals<CommonFlags>()),
    )
}

function addCompletion(program: Command): void {
  program
    .command('completion')
    .description('a script for your shell that completes commands and flags')
    .addArgument(new Argument('<shell>', 'yours').choices(['bash', 'zsh', 'fish']))
    .action(async (shell: 'bash' | 'zsh' | 'fish') =>
      (await import('./completion.js')).completion(program, shell),
    )
}

function addUninstall(program: Command, { withCommonFlags }: Shared): void {
  withCommonFlags(program.command('uninstall'))
    .description('take the schedule entry off, and say what remains where and how to remove it')
    .action(async (flags) => {
      const schedule = program.commands.find((command) => command.name() === 'schedule')
      const scheduleCommand = schedule?.commands.some((command) => command.name() === 'uninstall') ?? false
      await (await import('./uninstall.js')).uninstall({ ...flags, scheduleCommand })
    })
}
