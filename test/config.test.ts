import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { inspect } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parse as parseYaml } from 'yaml'
import { type Config, type ConfigArgs, configSpec, readConfig } from '../pipeline/config.js'
import { UserError } from '../pipeline/errors.js'
import { packageRoot } from '../pipeline/root.js'

let folder: string
let home: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'debrief-config-'))
  home = join(folder, 'home')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('readConfig without a file', () => {
  it('has a default for every key', () => {
    const config = read()
    expect(config).toMatchObject({
      machine: hostname(),
      timezone: 'UTC',
      week_starts_on: 'monday',
      sources: null,
      context: { businesses: [], priorities: [], skills: [], people: [] },
      facets: {
        provider: 'rules',
        model: null,
        base_url: null,
        min_prompts: 2,
        max_cost_usd: { run: 1, month: 10 },
      },
      narrative: { provider: 'rules' },
      privacy: {
        content: 'summaries',
        redact_paths: true,
        exclude: { projects: [] },
        retention_days: null,
      },
      budget: { week_usd: null, month_usd: null },
      publish: { s3: null },
      discord: [],
      schedule: {
        sync: '*/15 * * * *',
        facets: '5,35 * * * *',
        snapshot: '30 4 * * *',
        weekly: null,
        monthly: '30 6 1 * *',
      },
      prices: [],
      configFile: null,
      home,
      agentEnv: {},
      secrets: {},
    })
    expect(config.user).not.toBe('')
    expect(config.paths).toEqual({
      out: join(folder, 'out'),
      ledger: join(folder, 'out/ledger.duckdb'),
      warehouse: join(folder, 'out/warehouse.duckdb'),
      parquet: join(folder, 'out/parquet'),
      site: join(folder, 'out/site'),
      runs: join(folder, 'out/runs'),
      logs: join(folder, 'out/logs'),
    })
  })

  it('says undefined of nothing, so that nobody need ask twice', () => {
    expect(undefinedPaths(read())).toEqual([])
  })

  it('cannot be changed, however deep', () => {
    const config = read({}, 'context: {people: [{name: Dana Park}]}')
    expect(unfrozenPaths(config)).toEqual([])
    expect(() => Object.assign(config.context.people[0]!, { name: 'somebody else' })).toThrow(TypeError)
  })

  it('takes the agents’ own variables as they are and no others', () => {
    const env = { CLAUDE_CONFIG_DIR: '/elsewhere', CODEX_HOME: '', EDITOR: 'ed' }
    expect(read({}, '', env).agentEnv).toEqual({ CLAUDE_CONFIG_DIR: '/elsewhere' })
  })
})

describe('readConfig with a file', () => {
  it('puts the file before the defaults and a flag before the file', () => {
    const yaml = 'user: chris\nout_dir: ./from-the-file\nfacets: {min_prompts: 3}'
    const config = read({}, yaml)
    expect([config.user, config.paths.out]).toEqual(['chris', join(folder, 'from-the-file')])
    expect(config.facets).toMatchObject({ min_prompts: 3, provider: 'rules', max_cost_usd: { run: 1 } })
    expect(read({ out: 'from-the-flag' }, yaml).paths.out).toBe(join(folder, 'from-the-flag'))
  })

  it('resolves paths in the file against the file, and a flag’s against the working directory', () => {
    const file = join(folder, 'elsewhere/deep/debrief.yaml')
    put(file, 'out_dir: ../out\nsources: [{source: claude-code, paths: [logs, /abs/logs]}]')
    const config = readConfig({ config: 'elsewhere/deep/debrief.yaml', cwd: folder }, { HOME: home })
    expect(config.paths.out).toBe(join(folder, 'elsewhere/out'))
    expect(config.sources?.[0]?.paths).toEqual([join(folder, 'elsewhere/deep/logs'), '/abs/logs'])
    const flagged = readConfig({ config: file, cwd: folder, out: 'o' }, { HOME: home })
    expect(flagged.paths.out).toBe(join(folder, 'o'))
  })

  it('expands ~ to the home directory, and only a ~ that stands alone', () => {
    const paths = '["~", ~/work/logs, "~sam/logs", "a~b"]'
    const config = read({}, `out_dir: ~/debrief\nsources: [{source: claude-code, paths: ${paths}}]`)
    expect(config.paths.out).toBe(join(home, 'debrief'))
    expect(config.sources?.[0]?.paths).toEqual([
      home,
      join(home, 'work/logs'),
      join(folder, '~sam/logs'),
      join(folder, 'a~b'),
    ])
  })

  it('reads the working directory’s file before the one in the config directory', () => {
    put(join(home, '.config/debrief/debrief.yaml'), 'user: from-home')
    expect(read().user).toBe('from-home')
    expect(read({}, 'user: from-here').user).toBe('from-here')
  })

  it('finds the config directory where XDG_CONFIG_HOME says', () => {
    put(join(folder, 'xdg/debrief/debrief.yaml'), 'user: from-xdg')
    const config = read({}, '', { XDG_CONFIG_HOME: join(folder, 'xdg') })
    expect([config.user, config.configFile]).toEqual(['from-xdg', join(folder, 'xdg/debrief/debrief.yaml')])
  })

  it.each(['', '# nothing but a comment\n', '---\n'])(
    'takes a file that says nothing (%j) for defaults',
    (yaml) => {
      put(join(folder, 'debrief.yaml'), yaml)
      expect(readConfig({ cwd: folder }, { HOME: home }).week_starts_on).toBe('monday')
    },
  )

  it('takes a price’s date with and without quotes', () => {
    const price = (from: string) => `{model: m, from: ${from}, input: 0, output: 0}`
    const config = read({}, `prices: [${price('2026-01-31')}, ${price('"2026-01-31"')}]`)
    expect(config.prices.map(({ from }) => from)).toEqual(['2026-01-31', '2026-01-31'])
  })

  it.each([
    ['an unknown key', 'usr: chris', '(top level): Unrecognized key: "usr"'],
    [
      'an unknown key deep inside',
      'facets: {max_cost_usd: {day: 1}}',
      'facets.max_cost_usd: Unrecognized key: "day"',
    ],
    ['an unknown key in a list', 'sources: [{source: amp, path: x}]', 'sources.0: Unrecognized key: "path"'],
    ['a time zone that does not exist', 'timezone: Europe/Atlantis', 'timezone: expected an IANA time zone'],
    ['a week that starts on a Tuesday', 'week_starts_on: tuesday', 'week_starts_on: '],
    ['a model provider that is none', 'facets: {provider: oracle}', 'facets.provider: '],
    ['a price below nothing', 'prices: [{model: m, input: -1, output: 0}]', 'prices.0.input: '],
    [
      'a price from no date',
      'prices: [{model: m, from: soon, input: 0, output: 0}]',
      'prices.0.from: expected a date',
    ],
    ['a bucket without a name', 'publish: {s3: {region: r}}', 'publish.s3.bucket: '],
    [
      'a thread id that is a number and would be rounded',
      'discord: [{thread_id: 12345678901234567890}]',
      'discord.0.thread_id: ',
    ],
    ['a list where keys belong', '- user', '(top level): '],
  ])('refuses %s and names it', (_, yaml, problem) => {
    const error = userErrorOf(() => read({}, yaml))
    expect(error.message).toContain(join(folder, 'debrief.yaml'))
    expect(error.message).toContain(`\n  ${problem}`)
    expect(error.hint).not.toBe('')
  })

  it('names every problem at once', () => {
    const { message } = userErrorOf(() => read({}, 'usr: chris\ntimezone: Nowhere\nbudget: {week_usd: 0}'))
    expect(message.split('\n')).toHaveLength(4)
  })

  it('says what is wrong with a file that is no YAML, with its line', () => {
    const error = userErrorOf(() => read({}, 'user: chris\n  timezone: [UTC\n'))
    expect(error.message).toMatch(/debrief\.yaml is not valid YAML: .*line \d/s)
    expect(error.hint).toBe('Mend the line it names.')
  })

  it('says where --config looked when nothing is there', () => {
    const error = userErrorOf(() => read({ config: 'other.yaml' }, 'user: chris'))
    expect(error).toMatchObject({
      message: `no configuration file at ${join(folder, 'other.yaml')}`,
      hint: 'Give an existing file to --config.',
    })
  })

  it('says what is wrong when --config names a folder', () => {
    mkdirSync(join(folder, 'a-folder'))
    expect(userErrorOf(() => read({ config: 'a-folder' })).message).toContain('a-folder')
  })
})

describe('secrets', () => {
  const value = 'wJalr/NotARealKey+0123456789'
  const env = {
    AWS_SECRET_ACCESS_KEY: value,
    TEAM_WEBHOOK: `https://example.com/${value}`,
    OTHER_TOKEN: value,
  }

  it('come from the environment, each target’s under the name it gives', () => {
    const { secrets } = read({}, 'discord: [{url_env: TEAM_WEBHOOK}, {}]', env)
    expect(Object.keys(secrets).sort()).toEqual(['AWS_SECRET_ACCESS_KEY', 'TEAM_WEBHOOK'])
    expect(secrets.AWS_SECRET_ACCESS_KEY?.reveal()).toBe(value)
  })

  it('are absent rather than empty where the variable is empty', () => {
    expect(read({}, '', { AWS_SECRET_ACCESS_KEY: '' }).secrets).toEqual({})
  })

  it.each([
    'secrets: {AWS_SECRET_ACCESS_KEY: x}',
    'publish: {s3: {bucket: b, secret_access_key: x}}',
    'discord: [{url: x}]',
  ])('have no place in the file: %s', (yaml) =>
    expect(userErrorOf(() => read({}, yaml)).message).toContain('Unrecognized key'),
  )

  it('show in no print of the configuration', () => {
    const config = read({}, 'discord: [{url_env: TEAM_WEBHOOK}]', env)
    for (const shown of [
      JSON.stringify(config),
      inspect(config, { depth: 9, showHidden: true }),
      `${config.secrets.TEAM_WEBHOOK}`,
    ]) {
      expect(shown).toContain('[secret]')
      expect(shown).not.toContain(value)
    }
  })
})

describe('the documented example', () => {
  it('of the README is valid and complete', () => {
    const readme = readFileSync(join(packageRoot, 'README.md'), 'utf8')
    const [yaml] = /(?<=```yaml\n)[\s\S]*?(?=```)/.exec(readme) ?? []
    const config = read({}, yaml)
    expect(config).toMatchObject({
      user: 'chris',
      timezone: 'America/New_York',
      discord: [{ kind: 'webhook' }],
    })
    const documented = Object.keys(parseYaml(yaml ?? '') as object)
    const unnamed = Object.keys(configSpec.shape).filter(
      (key) => !documented.includes(key) && !readme.includes(`\`${key}\``),
    )
    expect(unnamed, 'keys that the README does not name').toEqual([])
  })

  it('of the design is valid, with its keys and other values', () => {
    const config = read(
      {},
      `
user: chris
machine: laptop
timezone: America/New_York
week_starts_on: sunday
out_dir: ./out
sources:
  - source: claude-code
  - source: amp
    paths: [~/work/amp-metrics]
  - source: gemini
    enabled: false
context:
  businesses: [{slug: bakery, name: The Bakery, projects: [recipe-box]}]
  priorities: [{slug: fewer-bugs, name: Fewer bugs}]
  skills: [{name: /compose, handles: writing an email}]
  people: [{name: Dana Park}]
facets: {provider: rules, model: null, base_url: null, min_prompts: 2, max_cost_usd: {run: 1, month: 10}}
narrative: {provider: rules}
privacy: {content: summaries, redact_paths: true, exclude: {projects: []}, retention_days: null}
budget: {week_usd: null, month_usd: null}
publish: {s3: {endpoint: "https://s3.example.com", region: eu-west-1, bucket: b, prefix: p, access: presigned}}
discord: [{kind: webhook, url_env: DISCORD_WEBHOOK_URL, thread_id: null, api_base_url: null}]
schedule: {sync: "*/15 * * * *", facets: "5,35 * * * *", snapshot: "30 4 * * *", weekly: null, monthly: "30 6 1 * *"}
prices: [{model: my-local-model, from: 2026-01-01, input: 0, output: 0}]
`,
    )
    expect(config.sources).toEqual([
      { source: 'claude-code', enabled: true, paths: null },
      { source: 'amp', enabled: true, paths: [join(home, 'work/amp-metrics')] },
      { source: 'gemini', enabled: false, paths: null },
    ])
    expect(config.prices).toMatchObject([
      { model: 'my-local-model', from: '2026-01-01', input: 0, cache_read: null },
    ])
  })
})

/** The configuration in `folder`, whose debrief.yaml has this text where it is not empty. */
function read(args: ConfigArgs = {}, yaml = '', env: Record<string, string> = {}): Config {
  if (yaml !== '') put(join(folder, 'debrief.yaml'), yaml)
  return readConfig({ cwd: folder, ...args }, { HOME: home, ...env })
}

function put(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
}

function userErrorOf(action: () => unknown): UserError {
  try {
    action()
  } catch (error) {
    if (error instanceof UserError) return error
    throw error
  }
  throw new Error('expected a UserError, got none')
}

function undefinedPaths(value: unknown, path = ''): string[] {
  if (value === undefined) return [path]
  if (value === null || typeof value !== 'object') return []
  return Object.entries(value).flatMap(([key, inner]) => undefinedPaths(inner, `${path}.${key}`))
}

function unfrozenPaths(value: unknown, path = 'config'): string[] {
  if (value === null || typeof value !== 'object') return []
  const inner = Object.entries(value).flatMap(([key, part]) => unfrozenPaths(part, `${path}.${key}`))
  return Object.isFrozen(value) ? inner : [path, ...inner]
}
