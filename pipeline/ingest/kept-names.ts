// What a log names (places, branches, models, tools, agents) as it may be kept: never a secret, and under
// privacy.content none only what no person worded.
import { createHash } from 'node:crypto'
import type { Config } from '../config.js'
import { builtInAgents, builtInCommands, commonPrograms } from '../known-names.js'
import { sqlWithoutToken, tokensIn } from '../secret-shapes.js'
import { type Database, sqlText } from '../warehouse/db.js'
import { toolKindOf, toolNames } from './tool-facts.js'

/** What is kept of a column of names, as SQL: always, and where no words may be kept. */
interface KeptName {
  readonly always?: string
  readonly wordless?: string
}

type KeptNames = Readonly<Record<string, Readonly<Record<string, KeptName>>>>

/** Tools whose target is a path; those of others are words of a call. */
const isPathTool = (name: string): boolean => ['read', 'edit', 'write', 'search'].includes(toolKindOf(name))

const namePattern = '[A-Za-z0-9_.:/@<>()\\[\\]-]{1,80}'
const versionPattern = '[0-9][0-9A-Za-z.+-]{0,30}'

/**
 * Offers `kept_name(logged)`: NULL where a secret is in the name. The names of a batch are looked through once, for in
 * SQL every statement would have to make ready for every shape of a secret.
 */
export async function createKeptName(db: Database, selectNames: string): Promise<void> {
  const rows = await db.rows<{ name: string }>(selectNames)
  const tainted = rows.map(({ name }) => name).filter((name) => tokensIn(name).length > 0)
  const kept =
    tainted.length === 0
      ? 'logged'
      : `case when logged in (${tainted.map(sqlText).join(', ')}) then null else logged end`
  await db.run(`create or replace temp macro kept_name(logged) as ${kept}`)
}

/** The rows of a select for this raw table, with their names as they may be kept. */
export function keptRows(table: string, select: string, config: Config): string {
  const replaced = Object.entries(keptNames(config)[table] ?? {}).flatMap(([column, name]) => {
    const kept = keptExpression(name, config)
    return kept === undefined ? [] : [`${kept} as ${column}`]
  })
  return replaced.length === 0 ? select : `select * replace (${replaced.join(', ')}) from (${select}\n)`
}

/** Brings what was loaded before to what may be kept now. */
export async function limitKeptNames(ledger: Database, config: Config): Promise<void> {
  await ledger.run(`create or replace temp macro kept_name(logged) as ${sqlWithoutToken('logged')}`)
  for (const [table, columns] of Object.entries(keptNames(config)))
    for (const [column, name] of Object.entries(columns)) {
      const kept = keptExpression(name, config)
      if (kept !== undefined)
        await ledger.run(
          `update raw.${table} set ${column} = ${kept} where ${column} is distinct from (${kept})`,
        )
    }
  await ledger.run('delete from state.repositories where kept_name(working_directory) is null')
}

/** Where more may be kept than before, files that are still there are read again. */
export async function readAllAgain(ledger: Database): Promise<void> {
  await ledger.run('update state.files set parser_version = 0 where not is_gone')
}

function keptExpression({ always, wordless }: KeptName, { privacy }: Config): string | undefined {
  return privacy.content === 'none' ? (wordless ?? always) : always
}

/** A log file's path as the ledger has it: with a digest in the place of a secret, so that files stay apart. */
export function keptPath(path: string): string {
  return tokensIn(path).reduce((kept, token) => {
    const digest = createHash('sha256').update(token).digest('hex').slice(0, 8)
    return kept.replaceAll(token, `[secret ${digest}]`)
  }, path)
}

/** As above, for many: one look at all of them costs less than one at each. */
export function keptPaths(paths: readonly string[]): (path: string) => string {
  return tokensIn(paths.join('\n')).length === 0 ? (path) => path : keptPath
}

function keptNames({ context }: Config): KeptNames {
  const skills = context.skills.map(({ name }) => name.replace(/^\//, ''))
  const commands = isOneOf('reference', [...builtInCommands, ...skills])
  const named = (column: string, wordless: string, otherwise = `'other'`): KeptName => ({
    always: `kept_name(${column})`,
    wordless: `case when ${column} is null then null when ${wordless} then kept_name(${column})
      else ${otherwise} end`,
  })
  const matching = (column: string, pattern: string): KeptName =>
    named(column, `regexp_full_match(${column}, ${sqlText(pattern)})`)
  const marked = `event_kind in ('command', 'system', 'attachment', 'api_retry', 'compaction_boundary')`
  return {
    contexts: {
      working_directory: { always: 'kept_name(working_directory)' },
      // What people call a branch says what they are about.
      git_branch: named('git_branch', `git_branch in ('main', 'master', 'HEAD')`, 'null'),
      agent_version: matching('agent_version', versionPattern),
      entrypoint: matching(
        'entrypoint',
        'cli|exec|vscode|sdk-(cli|ts|py)|(claude|codex|copilot)[a-z_-]{1,20}',
      ),
    },
    events: {
      reference: {
        always: `case when ${marked} then kept_name(reference) else reference end`,
        wordless: `case when event_kind = 'command' then case when ${commands} then reference end
          when ${marked} then case when regexp_full_match(reference, '[a-z_]{1,40}') then reference end
          else reference end`,
      },
    },
    calls: {
      model: matching('model', namePattern),
      agent_version: matching('agent_version', versionPattern),
      speed: named('speed', `speed in ('standard', 'fast')`),
      inference_geo: matching('inference_geo', '[a-z]{2}|global|not_available'),
    },
    prompts: {
      prompt_source: named(
        'prompt_source',
        `prompt_source in ('typed', 'queued', 'headless', 'sdk', 'system')`,
      ),
    },
    tool_uses: {
      tool_name: {
        always: `coalesce(kept_name(tool_name), 'unknown')`,
        wordless: `coalesce(kept_name(case when regexp_full_match(tool_name, ${sqlText(namePattern)}) then tool_name end), 'unknown')`,
      },
      target: { always: 'kept_name(target)', wordless: wordlessTarget([...builtInCommands, ...skills]) },
      delegated_agent: {
        always: `case when delegated_agent is null then null else coalesce(kept_name(delegated_agent), 'custom') end`,
        wordless: `case when delegated_agent is null then null
          when ${isOneOf('delegated_agent', builtInAgents)} then delegated_agent else 'custom' end`,
      },
    },
    line_types: {
      line_type: {
        always: `coalesce(kept_name(line_type), '(a secret)')`,
        wordless: `case when regexp_full_match(line_type, ${sqlText(namePattern)}) then coalesce(kept_name(line_type), '(a secret)')
          else '(no name)' end`,
      },
    },
  }
}

/** Of a shell call the program, without its verb; hosts are what was searched for. */
function wordlessTarget(commands: readonly string[]): string {
  const program = `split_part(target, ' ', 1)`
  return `case when ${isOneOf('tool_name', toolNames().filter(isPathTool))} then target
    when ${isOneOf(
      'tool_name',
      toolNames().filter((name) => toolKindOf(name) === 'delegate'),
    )} then case when ${isOneOf('target', builtInAgents)} then target end
    when tool_name in ('Skill', 'SlashCommand') then case when ${isOneOf('target', commands)} then target end
    when ${isOneOf(program, commonPrograms)} then ${program} end`
}

function isOneOf(expression: string, names: readonly string[]): string {
  return `${expression} in (${names.map(sqlText).join(', ')})`
}
