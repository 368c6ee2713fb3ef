// Words of a log pass through the loader; only what they conclude may stay, and never a secret.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runSync } from '../../pipeline/run.js'
import { openDatabase } from '../../pipeline/warehouse/db.js'
import { createWorkspace, type Workspace } from '../support/workspace.js'

const canary = 'canaryword'
const token = `ghp_${'a1B2'.repeat(9)}`

let place = 0
const line = (fields: object): string => {
  place += 1
  const uuid = `00000000-0000-4000-8000-${String(place).padStart(12, '0')}`
  const timestamp = new Date(Date.UTC(2026, 1, 2, 10, 0, place)).toISOString()
  return JSON.stringify({ uuid, timestamp, sessionId: 's', cwd: '/home/dev/recipe-box', ...fields })
}
const asked = (content: unknown): string => line({ type: 'user', message: { role: 'user', content } })
const called = (name: string, input: object): string =>
  line({
    type: 'assistant',
    message: {
      id: `m${place}`,
      role: 'assistant',
      model: 'claude-opus-4-6',
      usage: { input_tokens: 1, output_tokens: 1 },
      content: [{ type: 'tool_use', id: `t${place}`, name, input }],
    },
  })

async function everythingKept({ ctx }: Workspace): Promise<string> {
  const kept: string[] = []
  for (const path of [ctx.config.paths.ledger, ctx.config.paths.warehouse]) {
    const db = await openDatabase(path, { readOnly: true })
    try {
      const tables = await db.rows<{ schema_name: string; table_name: string }>(
        'select schema_name, table_name from duckdb_tables()',
      )
      for (const { schema_name, table_name } of tables)
        kept.push(JSON.stringify(await db.rows(`select * from ${schema_name}.${table_name}`)))
    } finally {
      db.close()
    }
  }
  return kept.join('\n')
}

async function keptOf(lines: readonly string[]): Promise<string> {
  const workspace = createWorkspace()
  const folder = join(workspace.home, '.claude', 'projects', 'recipe-box')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 's.jsonl'), `${lines.join('\n')}\n`)
  await runSync(workspace.ctx)
  return everythingKept(workspace)
}

describe('the loader keeps', () => {
  it('no word of prompts, titles, commands, contents, patterns or errors', async () => {
    const kept = await keptOf([
      asked(`Please ${canary} the recipes`),
      line({ type: 'ai-title', title: canary }),
      line({ type: 'summary', summary: canary, leafUuid: 'x' }),
      called('Bash', { command: `echo ${canary}`, description: canary }),
      called('Write', { file_path: '/home/dev/recipe-box/a.md', content: canary }),
      called('Edit', { file_path: '/home/dev/recipe-box/a.md', old_string: canary, new_string: canary }),
      called('Grep', { pattern: canary, path: '/home/dev/recipe-box' }),
      called('Task', { subagent_type: 'explorer', prompt: canary, description: canary }),
      called('WebFetch', { url: `https://example.org/${canary}`, prompt: canary }),
      asked([{ type: 'tool_result', tool_use_id: 't4', is_error: true, content: `Exit code 1\n${canary}` }]),
      line({ type: 'system', subtype: 'local_command', content: canary }),
    ])
    expect(kept).toContain('explorer')
    expect(kept).toContain('example.org')
    expect(kept).not.toContain(canary)
  })

  it.each([
    ['an assignment with blanks', called('Bash', { command: `TOKEN="Bearer ${token}" curl x` })],
    ['a bare command', called('Bash', { command: token })],
    ['a user in a URL', called('WebFetch', { url: `https://${token}@example.org/` })],
    ['a path', called('Read', { file_path: `/tmp/${token}` })],
    ['an agent', called('Task', { subagent_type: token })],
    ['a slash command', asked(`<command-name>/${token}</command-name>`)],
  ])('no token that is %s', async (_, logged) => {
    expect(await keptOf([asked('Fix the oven timer'), logged])).not.toContain(token)
  })
})
