// What was run, newest first: from the journals in out/runs, and from the log for runs that never came to write one.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from './config.js'
import * as z from './zod.js'

const eventSpec = z.looseObject({
  step: z.string(),
  action: z.string(),
  subject: z.string().optional(),
  message: z.string().optional(),
  rows: z.number().optional(),
  atMs: z.number().optional(),
  elapsedMs: z.number().optional(),
})

const journalSpec = z.object({
  run_id: z.string(),
  command: z.string(),
  started_at: z.string(),
  ended_at: z.string().nullable(),
  exit_code: z.number().nullable(),
  warning_count: z.number().default(0),
  error: z.string().optional(),
  events: z.array(eventSpec).default([]),
})

const beginSpec = z.object({
  at: z.string(),
  run_id: z.string(),
  command: z.string(),
  action: z.literal('begin'),
})

export type RunJournal = z.output<typeof journalSpec>

/** Every run that is still remembered. One without an end was cut off, or is running. */
export function readRunHistory({ paths }: Config): RunJournal[] {
  const journals = jsonFiles(paths.runs, '.json').flatMap((text) => parsed(journalSpec, text))
  const known = new Set(journals.map(({ run_id }) => run_id))
  const ended = new Set<string>()
  const begun = jsonFiles(paths.logs, '.jsonl')
    .flatMap((text) => text.split('\n'))
    .filter((line) => /"action":"(begin|end)"/.test(line))
    .flatMap((line) => {
      const id = /"run_id":"([^"]+)"/.exec(line)?.[1]
      if (id !== undefined && line.includes('"action":"end"')) ended.add(id)
      return parsed(beginSpec, line)
    })
  const unended = begun
    .filter(({ run_id }) => !known.has(run_id) && !ended.has(run_id))
    .map(({ run_id, command, at }) => ({
      ...{ run_id, command, started_at: at, ended_at: null, exit_code: null },
      ...{ warning_count: 0, events: [] },
    }))
  return [...journals, ...unended].sort((a, b) => (a.run_id < b.run_id ? 1 : -1))
}

function jsonFiles(folder: string, ending: string): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((name) => name.endsWith(ending))
    .map((name) => readFileSync(join(folder, name), 'utf8'))
}

/** A file or line that was cut off is none. */
function parsed<T>(spec: z.ZodType<T>, text: string): T[] {
  try {
    const { success, data } = spec.safeParse(JSON.parse(text))
    return success ? [data] : []
  } catch {
    return []
  }
}
