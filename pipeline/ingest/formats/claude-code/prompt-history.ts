// Claude Code's history.jsonl: what was typed, in all projects, kept when the logs are gone. Its words stay where they are.
import { basename, dirname, join } from 'node:path'
import * as z from '../../../zod.js'
import type { HistoryPrompt, PromptHistory } from '../format.js'

export const promptHistory: PromptHistory = {
  fileOf: (place) => (basename(place) === 'projects' ? join(dirname(place), 'history.jsonl') : null),
  readLine,
}

/** The last millisecond of 2199: no calendar of agents goes further. */
const latestMs = Date.UTC(2200, 0, 1) - 1

/** `pastedContents` is not looked at. `sessionId` came late in 2025; lines from before have none. */
const lineSchema = z.object({
  display: z.string(),
  timestamp: z.number().int().nonnegative().max(latestMs),
  project: z.string().nullish(),
  sessionId: z.string().nullish(),
})

function readLine(line: string): HistoryPrompt | null {
  const { display, timestamp, project, sessionId } = lineSchema.parse(JSON.parse(line))
  if (isCommand(display)) return null
  return { askedAt: new Date(timestamp), project: project || null, sessionId: sessionId || null }
}

/** A slash command, a line for the shell, or the end: as in the logs, none of these is a prompt. */
function isCommand(display: string): boolean {
  return /^\s*(\/[a-z][\w:-]*(\s|$)|!)/i.test(display) || /^\s*(exit|quit|:q!?)?\s*$/i.test(display)
}
