// `debrief uninstall`: takes the schedule entry off, and says what else there is, where, and how to remove it.
import { spawn } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '../pipeline/config.js'
import { discordSecretName } from '../pipeline/discord-spec.js'
import { messageOf } from '../pipeline/errors.js'
import { packageRoot } from '../pipeline/root.js'
import { findScheduleUnits, type ScheduleUnit } from '../pipeline/schedule-entries.js'
import { queryWarehouse } from '../pipeline/warehouse/query.js'
import { type CommonFlags, runJob } from './job.js'

/** Something of Debrief's that is still there. */
export interface Remainder {
  readonly what: string
  readonly where: string
  /** A command, or what to do. */
  readonly removal: string
}

export async function uninstall(flags: CommonFlags & { readonly scheduleCommand: boolean }): Promise<void> {
  await runJob(
    'uninstall',
    flags,
    async ({ config, emit }) => {
      const before = await findScheduleUnits(config)
      if (before.length > 0 && flags.scheduleCommand) await uninstallSchedule(flags)
      const after = await findScheduleUnits(config)
      const gone = before.filter(({ place }) => after.every((unit) => unit.place !== place))
      for (const { place } of gone) emit({ step: 'schedule', action: 'note', message: `Taken off: ${place}` })
      const remaining = [...after.map(unitRemainder), ...(await listRemainders(config))]
      return { text: remainderText(gone, remaining), json: { removed: gone, remaining } }
    },
    { isJournaled: false },
  )
}

/** Its words go where events go: standard output is for what remains. */
async function uninstallSchedule({ config, out }: CommonFlags): Promise<void> {
  const args = [
    'schedule',
    'uninstall',
    ...(config ? ['--config', config] : []),
    ...(out ? ['--out', out] : []),
  ]
  await new Promise<void>((resolve) => {
    const child = spawn(process.execPath, [process.argv[1] ?? '', ...args], { stdio: ['ignore', 2, 2] })
    child.once('error', () => resolve())
    child.once('close', () => resolve())
  })
}

function unitRemainder({ kind, place, removal }: ScheduleUnit): Remainder {
  return { what: `schedule entry (${kind})`, where: place, removal }
}

async function listRemainders(config: Config): Promise<Remainder[]> {
  const { configFile, paths, publish } = config
  const s3 = publish.s3
  return [
    ...(existsSync(paths.out)
      ? [
          {
            what: `databases, reports and Parquet (${megabytesBelow(paths.out)} MB), not to be made again once logs are gone`,
            where: paths.out,
            removal: `rm -r "${paths.out}"`,
          },
        ]
      : []),
    ...(configFile === null ? [] : [{ what: 'settings', where: configFile, removal: `rm "${configFile}"` }]),
    ...(s3 === null
      ? []
      : [
          {
            what: 'uploaded reports and Parquet',
            where: `bucket ${s3.bucket}, below ${s3.prefix}/${config.user}/${config.machine}/`,
            removal: `aws s3 rm --recursive "s3://${s3.bucket}/${s3.prefix}/${config.user}/${config.machine}/"${s3.endpoint === null ? '' : ` --endpoint-url ${s3.endpoint}`}`,
          },
        ]),
    ...(await messages(config)),
    programRemainder(),
  ]
}

/** As the marts know them; without marts only that there may be some. */
async function messages({ discord, paths }: Config): Promise<Remainder[]> {
  const targets = discord.map(discordSecretName).join(', ')
  const removal = 'by hand in Discord; there too the webhook, with which nobody can post any more'
  try {
    const { rows } = await queryWarehouse(
      paths.warehouse,
      `select count(*)::integer from deliveries where target like 'discord%' and status = 'delivered'`,
    )
    const count = Number(rows[0]?.[0] ?? 0)
    return count === 0 && discord.length === 0
      ? []
      : [
          {
            what: `${count} ${count === 1 ? 'message' : 'messages'}`,
            where: `Discord ${targets}`.trim(),
            removal,
          },
        ]
  } catch (error) {
    const what = `messages, how many is not known (${messageOf(error)})`
    return discord.length === 0 ? [] : [{ what, where: `Discord ${targets}`, removal }]
  }
}

function programRemainder(): Remainder {
  const isInstalled = /[/\\]node_modules[/\\]debrief$/.test(packageRoot)
  return {
    what: 'the program',
    where: packageRoot,
    removal: isInstalled ? `npm uninstall -g debrief${prefixFlag()}` : 'remove the folder',
  }
}

/** <prefix>/lib/node_modules/debrief, but where npm itself would look for it. */
function prefixFlag(): string {
  const prefix = /^(.*)\/lib\/node_modules\/debrief$/.exec(packageRoot)?.[1]
  return prefix === undefined || process.execPath === join(prefix, 'bin/node') ? '' : ` --prefix "${prefix}"`
}

function remainderText(gone: readonly ScheduleUnit[], remaining: readonly Remainder[]): string {
  const lines = remaining.map(({ what, where, removal }) => `- ${what}: ${where}\n  ${removal}`)
  return [
    gone.length === 0
      ? 'No schedule entry was taken off.'
      : `Taken off: ${gone.map(({ place }) => place).join(', ')}`,
    '',
    'What remains, and how to remove it:',
    ...lines,
    '',
    'The logs of your agents are theirs and were never changed. Variables with keys and webhooks, and a line for',
    'completion, stand where you set them: in your shell’s profile, or in the schedule’s environment.',
  ].join('\n')
}

function megabytesBelow(folder: string): number {
  const bytes = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0)
  return Math.ceil(bytes / 1_000_000)
}
