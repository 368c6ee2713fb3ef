// The two programs that the bench compares: how each is started, and which totals it arrives at.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { measure } from './measure.mjs'

export const ccusageVersion = '20.0.24'

/** Puts ccusage into a folder of its own; it is no dependency of the project. */
export function installCcusage(folder) {
  const program = join(folder, 'node_modules', '.bin', 'ccusage')
  if (existsSync(program)) return program
  mkdirSync(folder, { recursive: true })
  const packages = [`ccusage@${ccusageVersion}`]
  if (process.platform === 'linux' && process.arch === 'x64')
    packages.push(`@ccusage/ccusage-linux-x64@${ccusageVersion}`)
  execFileSync(
    'npm',
    ['install', '--prefix', folder, '--no-audit', '--no-fund', '--save-exact', ...packages],
    {
      stdio: 'inherit',
    },
  )
  return program
}

export function createCcusage(program, home) {
  const env = { ...baseEnv(home), CLAUDE_CONFIG_DIR: join(home, '.claude') }
  return {
    run: async () => {
      const args = ['claude', 'daily', '--offline', '--json', '--timezone', 'UTC']
      const { stdout, ...measured } = await measure(program, args, { env, cwd: home })
      return { ...measured, ...readCcusage(JSON.parse(stdout)) }
    },
  }
}

export function createDebrief(program, home, out) {
  const env = baseEnv(home)
  const call = (args) => measure(process.execPath, [program, ...args, '--out', out], { env, cwd: home })
  const query = async (sql) => JSON.parse((await call(['query', sql, '--format', 'json'])).stdout)
  const sync = async () => {
    const { stdout, ...measured } = await call(['sync', '--quiet', '--json'])
    return { ...measured, filesRead: JSON.parse(stdout).ingest.filesRead }
  }
  return {
    runCold: () => {
      rmSync(out, { recursive: true, force: true })
      return sync()
    },
    runAgain: sync,
    runQuery: () => call(['query', 'select count(*) from sessions']),
    runHelp: () => call(['--help']),
    readTotals: async () => readDebrief(await query(totalsSql('')), await query(totalsSql('local_date'))),
    remove: () => rmSync(out, { recursive: true, force: true }),
  }
}

/** What no program on Node and no reader in DuckDB can go below. */
export function createLimits(home) {
  const env = baseEnv(home)
  const scan = fileURLToPath(new URL('raw-scan.mjs', import.meta.url))
  return {
    runScan: () => measure(process.execPath, [scan, home], { env, cwd: home }),
    runNode: () => measure(process.execPath, ['-e', '0'], { env, cwd: home }),
  }
}

function baseEnv(home) {
  return { PATH: process.env.PATH ?? '', HOME: home, TZ: 'UTC', NO_COLOR: '1' }
}

function totalsSql(group) {
  return `select ${group ? `cast(${group} as varchar) as day,` : ''}
    sum(input_tokens) as input, sum(output_tokens) as output,
    sum(cache_read_tokens) as cache_read, sum(cache_write_tokens) as cache_write
    from llm_calls where source = 'claude-code' ${group ? `group by ${group}` : ''}`
}

function readDebrief(totals, days) {
  const rows = (result) => (Array.isArray(result) ? result : result.rows)
  const tokens = (row) => pickTokens(row.input, row.output, row.cache_read, row.cache_write)
  return { tokens: tokens(rows(totals)[0]), days: new Map(rows(days).map((row) => [row.day, tokens(row)])) }
}

function readCcusage({ totals, daily }) {
  const tokens = (row) =>
    pickTokens(row.inputTokens, row.outputTokens, row.cacheReadTokens, row.cacheCreationTokens)
  return { tokens: tokens(totals), days: new Map(daily.map((row) => [row.date ?? row.period, tokens(row)])) }
}

function pickTokens(input, output, cacheRead, cacheWrite) {
  return {
    input: Number(input),
    output: Number(output),
    cacheRead: Number(cacheRead),
    cacheWrite: Number(cacheWrite),
  }
}
