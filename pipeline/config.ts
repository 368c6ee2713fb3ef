// One reading of everything a user can set: defaults < file < environment < flags, complete and frozen.
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { homedir, hostname, userInfo } from 'node:os'
import { dirname, isAbsolute, join, resolve } from 'node:path'
import { discordSecretName, discordSpec } from './discord-spec.js'
import { messageOf, UserError } from './errors.js'
import { Secret } from './secret.js'
import * as z from './zod.js'

const slug = z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'expected lower-case letters, digits and dashes')
const isoDate = z.union([z.string(), z.date()]).transform((value, ctx) => {
  const text = value instanceof Date ? value.toISOString().slice(0, 10) : value
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) ctx.addIssue(`expected a date such as 2026-01-31, got ${text}`)
  return text
})
const timezone = z.string().refine(isTimezone, {
  error: (issue) => `expected an IANA time zone such as Europe/Berlin, got ${issue.input}`,
})
const usdPerMillion = z.number().nonnegative().nullable().default(null)
const cron = z.string().nullable()

const sourceSpec = z.strictObject({
  source: slug,
  enabled: z.boolean().default(true),
  paths: z.array(z.string()).nullable().default(null),
})

const priceSpec = z.strictObject({
  model: z.string().min(1),
  from: isoDate.nullable().default(null),
  input: z.number().nonnegative(),
  output: z.number().nonnegative(),
  cache_read: usdPerMillion,
  cache_write_5m: usdPerMillion,
  cache_write_1h: usdPerMillion,
  long_threshold_tokens: z.number().int().positive().nullable().default(null),
  long_input: usdPerMillion,
  long_output: usdPerMillion,
  fast_multiplier: z.number().positive().nullable().default(null),
})

/** Who is asked where a step can use a language model: rules, which need no key, or one of three kinds of provider. */
const llmSpec = {
  provider: z.enum(['rules', 'anthropic', 'openai-compatible', 'claude-cli']).default('rules'),
  model: z.string().min(1).nullable().default(null),
  base_url: z.url().nullable().default(null),
  api_key_env: z.string().min(1).nullable().default(null),
  timeout_seconds: z.number().positive().default(120),
}

const s3Spec = z.strictObject({
  endpoint: z.url().nullable().default(null),
  region: z.string().default('us-east-1'),
  bucket: z.string().min(1),
  prefix: z.string().default('debrief'),
  access: z.enum(['presigned', 'public']).default('presigned'),
  /** Its 35 MB are uploaded only where asked for, since presigned links cannot open a page that loads its data. */
  explore: z.boolean().default(false),
  /** What anyone may read where access is public: more than numbers only where it is named. */
  public_content: z.enum(['none', 'summaries', 'transcripts']).default('none'),
  /** How many of the newest reports the bucket keeps; at least those whose links are renewed. */
  keep_reports: z
    .strictObject({
      weekly: z.number().int().min(4).nullable().default(null),
      monthly: z.number().int().min(4).nullable().default(null),
    })
    .prefault({}),
})

/** The shape of debrief.yaml. Every key has a default; an unknown key is an error that names it. */
export const configSpec = z.strictObject({
  user: z.string().min(1).nullable().default(null),
  machine: z.string().min(1).nullable().default(null),
  timezone: timezone.nullable().default(null),
  week_starts_on: z.enum(['monday', 'sunday']).default('monday'),
  out_dir: z.string().default('./out'),
  /** How long a command waits for another one that writes the ledger. */
  wait_seconds: z.number().nonnegative().default(600),
  templates_dir: z.string().nullable().default(null),
  /** SQL in the browser: at home it costs 35 MB of disk, once. */
  explore: z.boolean().default(true),
  sources: z.array(sourceSpec).nullable().default(null),
  context: z
    .strictObject({
      businesses: z
        .array(z.strictObject({ slug, name: z.string(), projects: z.array(z.string()).default([]) }))
        .default([]),
      priorities: z.array(z.strictObject({ slug, name: z.string() })).default([]),
      skills: z.array(z.strictObject({ name: z.string(), handles: z.string().default('') })).default([]),
      people: z.array(z.strictObject({ name: z.string() })).default([]),
      /** What an hour of the user's is worth; without it a month's return is told in hours alone. */
      hourly_rate_usd: z.number().positive().nullable().default(null),
    })
    .prefault({}),
  facets: z
    .strictObject({
      ...llmSpec,
      min_prompts: z.number().int().min(1).default(2),
      max_cost_usd: z
        .strictObject({
          run: z.number().nonnegative().default(1),
          month: z.number().nonnegative().default(10),
        })
        .prefault({}),
      batch_from: z.number().int().positive().nullable().default(20),
    })
    .prefault({}),
  narrative: z.strictObject(llmSpec).prefault({}),
  privacy: z
    .strictObject({
      content: z.enum(['none', 'summaries', 'transcripts']).default('summaries'),
      redact_paths: z.boolean().default(true),
      exclude: z
        .strictObject({
          projects: z.array(z.string().min(1)).default([]),
          sessions: z.array(z.string().min(1)).default([]),
        })
        .prefault({}),
      retention_days: z.number().int().positive().nullable().default(null),
    })
    .prefault({}),
  budget: z
    .strictObject({
      week_usd: z.number().positive().nullable().default(null),
      month_usd: z.number().positive().nullable().default(null),
    })
    .prefault({}),
  publish: z.strictObject({ s3: s3Spec.nullable().default(null) }).prefault({}),
  discord: z.array(discordSpec).default([]),
  schedule: z
    .strictObject({
      sync: cron.default('*/15 * * * *'),
      facets: cron.default('5,35 * * * *'),
      snapshot: cron.default('30 4 * * *'),
      weekly: cron.default(null),
      monthly: cron.default('30 6 1 * *'),
    })
    .prefault({}),
  prices: z.array(priceSpec).default([]),
})

export type ConfigSpec = z.output<typeof configSpec>
export type PriceSpec = z.output<typeof priceSpec>
export type LlmSpec = ConfigSpec['narrative']
export type S3Spec = z.output<typeof s3Spec>

/** Everything the program may know, complete: no other module reads the environment. */
export interface Config extends Omit<ConfigSpec, 'user' | 'machine' | 'timezone' | 'out_dir'> {
  readonly user: string
  readonly machine: string
  readonly timezone: string
  /** The file that was read, or null where every key is a default. */
  readonly configFile: string | null
  readonly paths: {
    readonly out: string
    readonly ledger: string
    readonly warehouse: string
    readonly parquet: string
    readonly site: string
    readonly runs: string
    readonly logs: string
  }
  /** True where the bundled demo sessions are read: what is made of them says so. */
  readonly isDemo: boolean
  readonly home: string
  /** The agents' own variables, which say where their logs lie. */
  readonly agentEnv: Readonly<Record<string, string>>
  readonly secrets: Readonly<Record<string, Secret>>
  /** What a program that Debrief starts finds in its environment. */
  readonly commandEnv: () => Env
}

export interface ConfigArgs {
  readonly config?: string
  readonly out?: string
  readonly cwd?: string
}

type Env = Readonly<Record<string, string | undefined>>

const agentVariables = [
  'CLAUDE_CONFIG_DIR',
  'CODEX_HOME',
  'GEMINI_CLI_HOME',
  'COPILOT_HOME',
  'PI_CODING_AGENT_DIR',
  'AMPLIFIER_HOME',
  'XDG_CONFIG_HOME',
  'XDG_DATA_HOME',
]
const secretVariables = [
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'ANTHROPIC_API_KEY',
  'OPENAI_API_KEY',
]

/** Reads flags, environment and file into a complete, frozen Config; throws UserError naming file and key. */
export function readConfig(args: ConfigArgs, env: Env): Config {
  const cwd = args.cwd ?? process.cwd()
  const home = env.HOME || homedir()
  const configFile = findConfigFile(args, env, cwd, home)
  const spec = parseSpec(configFile)
  const base = configFile ? dirname(configFile) : cwd
  const out = args.out ? resolve(cwd, args.out) : resolvePath(spec.out_dir, base, home)
  return deepFreeze({
    ...spec,
    templates_dir: spec.templates_dir === null ? null : resolvePath(spec.templates_dir, base, home),
    sources:
      spec.sources?.map((source) => ({
        ...source,
        paths: source.paths?.map((path) => resolvePath(path, base, home)) ?? null,
      })) ?? null,
    user: spec.user ?? loginName(env),
    machine: spec.machine ?? hostname(),
    timezone: spec.timezone ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
    configFile,
    paths: outPaths(out),
    isDemo: false,
    home,
    agentEnv: pickEnv(env, agentVariables),
    secrets: readSecrets(env, spec),
    commandEnv: () => env, // Behind a function: it holds secrets in clear, and no printing of a Config reaches them.
  })
}

/** The layout of out/, which others build on. */
export function outPaths(out: string): Config['paths'] {
  return {
    out,
    ledger: join(out, 'ledger.duckdb'),
    warehouse: join(out, 'warehouse.duckdb'),
    parquet: join(out, 'parquet'),
    site: join(out, 'site'),
    runs: join(out, 'runs'),
    logs: join(out, 'logs'),
  }
}

function findConfigFile(args: ConfigArgs, env: Env, cwd: string, home: string): string | null {
  if (args.config) {
    const file = resolve(cwd, args.config)
    if (!existsSync(file))
      throw new UserError(`no configuration file at ${file}`, 'Give an existing file to --config.')
    return file
  }
  const candidates = [
    join(cwd, 'debrief.yaml'),
    join(env.XDG_CONFIG_HOME || join(home, '.config'), 'debrief', 'debrief.yaml'),
  ]
  return candidates.find((file) => existsSync(file)) ?? null
}

/** Most machines have no configuration file, and the parser takes long to load. */
function parseYaml(text: string): unknown {
  const { parse } = createRequire(import.meta.url)('yaml') as typeof import('yaml')
  return parse(text)
}

function parseSpec(file: string | null): ConfigSpec {
  let raw: unknown = {}
  if (file) {
    try {
      raw = parseYaml(readFileSync(file, 'utf8')) ?? {}
    } catch (cause) {
      throw new UserError(`${file} is not valid YAML: ${messageOf(cause)}`, 'Mend the line it names.', {
        cause,
      })
    }
  }
  const parsed = configSpec.safeParse(raw)
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues.map(
    (issue) => `${issue.path.join('.') || '(top level)'}: ${issue.message}`,
  )
  throw new UserError(
    `${file} is not a valid configuration:\n  ${problems.join('\n  ')}`,
    'Mend the keys named above.',
  )
}

function resolvePath(path: string, base: string, home: string): string {
  if (path === '~' || path.startsWith('~/')) return join(home, path.slice(1))
  return isAbsolute(path) ? path : resolve(base, path)
}

function loginName(env: Env): string {
  try {
    return userInfo().username
  } catch {
    return env.USER || env.USERNAME || 'local'
  }
}

function pickEnv(env: Env, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.flatMap((name) => (env[name] ? [[name, env[name]]] : [])))
}

function readSecrets(env: Env, spec: ConfigSpec): Record<string, Secret> {
  const keys = [spec.facets.api_key_env, spec.narrative.api_key_env].filter((name) => name !== null)
  const names = [...secretVariables, ...keys, ...spec.discord.map(discordSecretName)]
  return Object.fromEntries(
    Object.entries(pickEnv(env, names)).map(([name, value]) => [name, new Secret(value)]),
  )
}

function isTimezone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone })
    return true
  } catch {
    return false
  }
}

function deepFreeze<T>(value: T): T {
  if (value === null || typeof value !== 'object' || Object.isFrozen(value) || value instanceof Secret)
    return value
  for (const inner of Object.values(value)) deepFreeze(inner)
  return Object.freeze(value)
}
