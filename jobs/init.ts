// `debrief init`: writes a debrief.yaml from what it finds out by itself; it asks nothing and needs no terminal.
import { existsSync } from 'node:fs'
import { chmod, mkdir, rename, writeFile } from 'node:fs/promises'
import { delimiter, dirname, join } from 'node:path'
import type { Config } from '../pipeline/config.js'
import { buildConfigSchema, schemaFile } from '../pipeline/config-schema.js'
import { UserError } from '../pipeline/errors.js'
import { type Findings, inspectForInit } from '../pipeline/run/inspect.js'
import { type ConfigText, configText } from './config-text.js'
import { type CommonFlags, runJob } from './job.js'

export type InitFlags = CommonFlags & { readonly here?: boolean; readonly force?: boolean }

export async function init(flags: InitFlags): Promise<void> {
  // It makes no out folder: what it writes says where that will be.
  const options = { isJournaled: false }
  const job = async (ctx: Parameters<Parameters<typeof runJob>[2]>[0]) => {
    const { config } = ctx
    const file = flags.here ? join(process.cwd(), 'debrief.yaml') : userConfigFile(config)
    if (existsSync(file) && !flags.force)
      throw new UserError(`${file} is already there`, 'Edit it, or write it anew with --force.')
    const findings = await inspectForInit(ctx)
    const outDir = flags.out ?? (flags.here ? './out' : userDataFolder(config))
    const text = configText(describeMachine(config, findings, outDir))
    await writeOwn(file, text)
    return {
      text: [`Written: ${file}`, ...summary(config, findings, outDir), '', ...nextSteps].join('\n'),
      json: { file, out_dir: outDir, ...findings },
    }
  }
  await runJob('init', flags, job, options)
}

const nextSteps = [
  'Next: debrief doctor        what is found, and what to mend',
  '      debrief run weekly    the first report',
  '      debrief schedule      from then on by itself',
]

/** As readConfig looks for it. */
function userConfigFile({ home, agentEnv }: Config): string {
  return join(agentEnv.XDG_CONFIG_HOME || join(home, '.config'), 'debrief', 'debrief.yaml')
}

function userDataFolder({ home, agentEnv }: Config): string {
  const data = agentEnv.XDG_DATA_HOME || join(home, '.local', 'share')
  return fromHome(join(data, 'debrief'), home)
}

function describeMachine(config: Config, findings: Findings, outDir: string): ConfigText {
  const found = findings.sources.filter(({ file_count }) => file_count > 0)
  const projects = findings.projects.slice(0, 10).map(({ path }) => fromHome(path, config.home))
  const model = modelRemark(config)
  return {
    schema: buildConfigSchema().schema,
    schemaFile,
    settings: {
      user: config.user,
      machine: config.machine,
      timezone: config.timezone,
      out_dir: outDir,
    },
    remarks: {
      sources: [
        found.length === 0
          ? 'No agent has a log here yet.'
          : `Found here: ${found.map(({ source, file_count }) => `${source} (${logs(file_count)})`).join(', ')}.`,
      ],
      context: projects.length === 0 ? [] : [`Seen in your logs: ${projects.join(', ')}.`],
      facets: model === null ? [] : [model],
    },
  }
}

/** A suggestion and no setting: a model is sent shortened transcripts, which its user decides. */
function modelRemark(config: Config): string | null {
  const provider = config.secrets.ANTHROPIC_API_KEY
    ? 'anthropic'
    : isOnPath('claude', config)
      ? 'claude-cli'
      : null
  const why = provider === 'anthropic' ? 'ANTHROPIC_API_KEY is set' : 'the claude command is installed'
  return provider === null
    ? null
    : `Here ${why}: with provider: ${provider} a model judges, and is sent shortened transcripts without secrets.`
}

function isOnPath(command: string, { commandEnv }: Config): boolean {
  const folders = (commandEnv().PATH ?? '').split(delimiter).filter((folder) => folder !== '')
  return folders.some((folder) => existsSync(join(folder, command)))
}

function summary(config: Config, { sources, projects }: Findings, outDir: string): string[] {
  const found = sources.filter(({ file_count }) => file_count > 0)
  return [
    `  ${config.user} on ${config.machine}, ${config.timezone}; everything is kept in ${outDir}`,
    found.length === 0
      ? '  no agent has a log here yet'
      : `  ${found.map(({ source, file_count }) => `${source}: ${logs(file_count)}`).join(', ')}`,
    ...(projects.length === 0
      ? []
      : [`  ${projects.length} git ${projects.length === 1 ? 'project' : 'projects'} in the newest of them`]),
  ]
}

function logs(count: number): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? 'log' : 'logs'}`
}

async function writeOwn(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true })
  if (existsSync(file)) await rename(file, `${file}.before-init`)
  await writeFile(`${file}.tmp`, text, { mode: 0o600 })
  await chmod(`${file}.tmp`, 0o600)
  await rename(`${file}.tmp`, file)
}

function fromHome(path: string, home: string): string {
  return home.length > 1 && path.startsWith(`${home}/`) ? `~${path.slice(home.length)}` : path
}
