// `debrief schedule install` and `uninstall`: the machine itself starts the schedule, or does not any more.
import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Config } from '../pipeline/config.js'
import { discordSecretName } from '../pipeline/discord-spec.js'
import { UserError } from '../pipeline/errors.js'
import { type Launch, type StarterKind, starterKinds } from '../pipeline/schedule/install/launch.js'
import type { InstallFlags } from './cli.js'
import { runJob } from './job.js'
import { readPlan } from './schedule.js'
import { createStarters, type Starter, settingsFolder } from './starters.js'

export async function installSchedule(flags: InstallFlags): Promise<void> {
  const { envFile: chosenFile, ...usual } = flags // The file may be one that is still to be made.
  await runJob(
    'schedule install',
    usual,
    async ({ config }) => {
      await readPlan(config) // What cannot run must not be installed.
      const starters = createStarters(config)
      const kind = flags.kind ?? (await kindThatFits(starters))
      const starter = starters[kind]
      const envFile = chosenFile ? resolve(chosenFile) : join(settingsFolder(config), 'debrief', 'env')
      const launch = launchOf(config, kind, envFile)
      const content = starter.textFor(launch)
      if (flags.dryRun)
        return {
          text: `# ${starter.place}\n${content.trimEnd()}`,
          json: { kind, place: starter.place, content },
        }
      const isNewFile = await makeEnvFile(envFile, config)
      const others = await removeOthers(starters, kind)
      await starter.install(launch)
      const lines = [
        ...others.map((other) => `Removed, of ${other}: ${starters[other].place}`),
        `The schedule runs by itself now, by ${kind}: ${starter.place}`,
        `Secrets are read from ${envFile}${isNewFile ? ', which is made for you' : ''}; only you may read it (mode 0600).`,
        ...(starter.advice === null ? [] : [starter.advice]),
        'After a change of debrief.yaml run this again. To undo it: debrief schedule uninstall',
      ]
      return { text: lines.join('\n'), json: { kind, place: starter.place, env_file: envFile } }
    },
    { isJournaled: false },
  )
}

export async function uninstallSchedule(flags: InstallFlags): Promise<void> {
  await runJob(
    'schedule uninstall',
    flags,
    async ({ config }) => {
      const starters = createStarters(config)
      const removed: StarterKind[] = []
      for (const kind of flags.kind ? [flags.kind] : starterKinds) {
        if (!(await starters[kind].isInstalled())) continue
        if (!flags.dryRun) await starters[kind].uninstall()
        removed.push(kind)
      }
      const verb = flags.dryRun ? 'Would be removed' : 'Removed'
      const lines = removed.map((kind) => `${verb}, of ${kind}: ${starters[kind].place}`)
      const rest = `What was made stays in ${config.paths.out}, and secrets in the environment file.`
      return {
        text: removed.length === 0 ? 'The schedule is not installed.' : [...lines, rest].join('\n'),
        json: { removed },
      }
    },
    { isJournaled: false },
  )
}

/** One of them is enough. */
async function removeOthers(
  starters: Readonly<Record<StarterKind, Starter>>,
  kept: StarterKind,
): Promise<StarterKind[]> {
  const removed: StarterKind[] = []
  for (const kind of starterKinds) {
    if (kind === kept || !(await starters[kind].isInstalled())) continue
    await starters[kind].uninstall()
    removed.push(kind)
  }
  return removed
}

async function kindThatFits(starters: Readonly<Record<StarterKind, Starter>>): Promise<StarterKind> {
  for (const kind of ['launchd', 'systemd', 'crontab'] as const) if (await starters[kind].fits()) return kind
  throw new UserError(
    'neither systemd for users, nor launchd, nor crontab is there to start the schedule',
    'Install cron, or have whatever starts your programs run `debrief schedule`.',
  )
}

const searchedVariables = ['PATH', 'TZ', 'LANG']

/** Every path is absolute, since nobody's working directory and no profile counts there. */
function launchOf(config: Config, kind: StarterKind, envFile: string): Launch {
  const cli = fileURLToPath(new URL('./cli.js', import.meta.url))
  const mode = kind === 'crontab' ? ['--once', '--quiet'] : kind === 'launchd' ? ['--quiet'] : []
  const file = config.configFile === null ? [] : ['--config', config.configFile]
  const env = config.commandEnv()
  const usual = searchedVariables.flatMap((name) => (env[name] ? [[name, env[name]] as const] : []))
  return {
    command: [
      process.execPath,
      cli,
      'schedule',
      ...mode,
      ...file,
      '--out',
      config.paths.out,
      '--env-file',
      envFile,
    ],
    workingDirectory: config.configFile === null ? config.home : dirname(config.configFile),
    environment: { ...Object.fromEntries(usual), ...config.agentEnv },
  }
}

/** True where it was not there. What the configuration needs stands in it by name, without a value. */
async function makeEnvFile(file: string, config: Config): Promise<boolean> {
  if (existsSync(file)) return false
  const names = new Set([
    ...config.discord.map(discordSecretName),
    ...(config.publish.s3 ? ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'] : []),
    ...[config.facets, config.narrative].flatMap(keyNameOf),
  ])
  const lines = [...names].map((name) => `# ${name}=\n`).join('')
  const head =
    '# Secrets for `debrief schedule`, one NAME=value a line. Only you may read this file: keep its mode 0600.\n'
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  await writeFile(file, `${head}${lines}`, { mode: 0o600, flag: 'wx' })
  return true
}

function keyNameOf({ provider, api_key_env }: Config['narrative']): string[] {
  if (api_key_env !== null) return [api_key_env]
  if (provider === 'anthropic') return ['ANTHROPIC_API_KEY']
  return provider === 'openai-compatible' ? ['OPENAI_API_KEY'] : []
}
