// Claude Code's logs of weeks in which so many of forty prompts correct, in two sessions a week.
import { mkdirSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const promptsPerSession = 20

/** Corrections of each week, by its Monday; the sessions are called a-<Monday> and b-<Monday>. */
export function writeWeeks(home: string, corrections: Readonly<Record<string, number>>): void {
  const folder = join(home, '.claude/projects/-x-harbour')
  mkdirSync(folder, { recursive: true })
  for (const [monday, count] of Object.entries(corrections))
    for (const [i, name] of ['a', 'b'].entries()) {
      const id = `${name}-${monday}`
      const file = join(folder, `${id}.jsonl`)
      const own = i === 0 ? Math.ceil(count / 2) : Math.floor(count / 2)
      writeFileSync(file, sessionLines(id, `${monday}T${10 + 3 * i}:00:00Z`, own))
      const settled = new Date('2026-03-02T00:00:00Z')
      utimesSync(file, settled, settled)
    }
}

function sessionLines(id: string, startedAt: string, corrections: number): string {
  const lines = Array.from({ length: promptsPerSession }, (_, n) => {
    const at = (second: number) => new Date(Date.parse(startedAt) + n * 60_000 + second * 1000).toISOString()
    const common = { sessionId: id, cwd: '/x/harbour', version: '2.1.119', isSidechain: false }
    const content =
      n > 0 && n <= corrections ? "No, that's wrong. Mend the other one." : `Do step ${n}, please.`
    const message = { role: 'user', content }
    const reply = {
      id: `msg-${id}-${n}`,
      role: 'assistant',
      model: 'claude-sonnet-4-6',
      usage: { input_tokens: 10, output_tokens: 100 },
      content: [{ type: 'text', text: 'Done.' }],
    }
    return [
      { ...common, type: 'user', uuid: `${id}-u${n}`, timestamp: at(0), message },
      {
        ...common,
        type: 'assistant',
        uuid: `${id}-a${n}`,
        requestId: `req-${id}-${n}`,
        timestamp: at(9),
        message: reply,
      },
    ]
  })
  return lines
    .flat()
    .map((line) => `${JSON.stringify(line)}\n`)
    .join('')
}
