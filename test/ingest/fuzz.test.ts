// Ten thousand mutated lines through the real loader, held against a reading of their bytes that shares none of its code.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createRandom } from '../../pipeline/demo/random.js'
import { messageOf } from '../../pipeline/errors.js'
import { ingestLogs } from '../../pipeline/ingest/ingest.js'
import { buildWarehouse } from '../../pipeline/warehouse/build.js'
import { openLedger } from '../../pipeline/warehouse/ledger.js'
import { createWorkspace } from '../support/workspace.js'
import { type JudgedLine, judgeFile } from './fuzz/judge-file.js'
import { type Fields, tokenPaths, valueAt } from './fuzz/judge-object.js'
import { type Mutate, mutations, sound } from './fuzz/mutations.js'
import { LoggedNumber } from './fuzz/read-json.js'

const fileCount = 200
const mutatedLinesPerFile = 50

interface LogFile {
  readonly path: string
  readonly lines: readonly JudgedLine[]
}

/** What the ledger says of a file. */
interface Loaded {
  readonly path: string
  readonly read_error: string | null
  readonly lines: number
  readonly loaded: number
  readonly blank: number
  readonly rejected: number
  readonly objects: number
  readonly typed: number
  readonly rejects: readonly { line: number; reason: string }[]
  readonly uuids: readonly string[]
  readonly calls: readonly LoadedCall[]
}

interface LoadedCall {
  readonly message_id: string | null
  readonly tokens: readonly number[]
}

describe('of ten thousand mutated lines in two hundred files', () => {
  it('every file is read, and lines = loaded + blank + rejected, as its bytes say', async () => {
    const { files, loadedOf } = await mutatedFiles()
    expectNone(files, ({ path, lines }) => {
      const file = loadedOf(path)
      const sum = file.loaded + file.blank + file.rejected
      const count = (...outcomes: JudgedLine['outcome'][]) =>
        lines.filter(({ outcome }) => outcomes.includes(outcome)).length
      const isWithin = (n: number, least: number, unsure: number) => n >= least && n <= least + unsure
      const [either, blankOrNot] = [count('loaded or rejected'), count('blank or rejected')]
      return [
        file.read_error === null ? '' : `cannot be read: ${file.read_error}`,
        file.lines === lines.length ? '' : `${file.lines} lines, expected ${lines.length}`,
        sum === file.lines ? '' : `loaded + blank + rejected is ${sum} of ${file.lines} lines`,
        isWithin(file.loaded, count('loaded'), either)
          ? ''
          : `${file.loaded} loaded, expected ${count('loaded')}`,
        isWithin(file.blank, count('blank'), blankOrNot)
          ? ''
          : `${file.blank} blank, expected ${count('blank')}`,
        isWithin(file.rejected, count('rejected'), either + blankOrNot)
          ? ''
          : `${file.rejected} rejected, expected ${count('rejected')}`,
      ]
    })
  })

  it('every line that is no whole object, or has a field of a wrong type, is in rejects, and no other', async () => {
    const { files, loadedOf } = await mutatedFiles()
    expectNone(files, ({ path, lines }) => {
      const rejected = new Set(loadedOf(path).rejects.map(({ line }) => line))
      return lines.map((line) => {
        if (line.isInRejects === null || line.isInRejects === rejected.has(line.number)) return ''
        return `${line.isInRejects ? 'not among the rejects' : 'among the rejects'}: ${describeLine(line)}`
      })
    })
  })

  it('the reason names a field whose type is wrong', async () => {
    const { files, loadedOf } = await mutatedFiles()
    expectNone(files, ({ path, lines }) =>
      lines
        .filter(({ outcome, wrong }) => outcome === 'rejected' && wrong.length === 1)
        .map((line) => {
          const reasons = loadedOf(path).rejects.filter((reject) => reject.line === line.number)
          const isNamed = reasons.some(({ reason }) => line.wrong[0]!.some((field) => names(reason, field)))
          const said = reasons.map(({ reason }) => reason).join('; ')
          return isNamed
            ? ''
            : `the reason "${said}" names none of ${line.wrong.join(', ')}: ${describeLine(line)}`
        }),
    )
  })

  it('no sound object is lost or told twice, whatever its neighbours are', async () => {
    const { files, loadedOf } = await mutatedFiles()
    expectNone(files, ({ path, lines }) => {
      const { objects, typed, uuids } = loadedOf(path)
      const [sound, unsure] = [lines.flatMap((line) => line.sound), lines.flatMap((line) => line.unsure)]
      const most = sound.length + unsure.length + lines.filter((line) => line.isInRejects === null).length
      const found = new Set(uuids)
      return [
        ...lines.flatMap((line) =>
          line.sound
            .map(eventUuid)
            .map((uuid) =>
              uuid === null || found.has(uuid) ? '' : `${uuid} is lost: ${describeLine(line)}`,
            ),
        ),
        typed >= sound.length && typed <= most ? '' : `${typed} objects, expected ${sound.length} to ${most}`,
        objects >= typed ? '' : `${typed} objects have a type or none, of ${objects}`,
        found.size === uuids.length ? '' : `${uuids.length - found.size} events are told twice`,
      ]
    })
  })

  it('every call has the tokens of its line, to the token', async () => {
    const { files, loadedOf } = await mutatedFiles()
    expectNone(files, ({ path, lines }) => {
      const calls = new Map(loadedOf(path).calls.map((call) => [call.message_id, call.tokens]))
      return lines.flatMap((line) =>
        line.sound.map((fields) => {
          const expected = callOf(fields)
          if (expected === null) return ''
          const tokens = calls.get(expected.message_id)
          return JSON.stringify(tokens) === JSON.stringify(expected.tokens)
            ? ''
            : `tokens ${JSON.stringify(tokens)}, expected ${JSON.stringify(expected.tokens)}: ${describeLine(line)}`
        }),
      )
    })
  })

  it('all that was loaded goes through the models and passes the checks', async () => {
    expect((await mutatedFiles()).buildError).toBeNull()
  })

  it('each outcome is there often, and few lines may come to either', async () => {
    const { files } = await mutatedFiles()
    const lines = files.flatMap((file) => file.lines)
    const count = (outcome: JudgedLine['outcome']) => lines.filter((line) => line.outcome === outcome).length
    const wrongCount = lines.filter(({ wrong }) => wrong.length > 0).length
    expect(lines.length).toBeGreaterThan(fileCount * mutatedLinesPerFile)
    expect(Math.min(count('loaded'), count('rejected'), count('blank') * 10, wrongCount)).toBeGreaterThan(500)
    expect(count('loaded or rejected') / lines.length).toBeLessThan(0.1)
  })
})

let loading: ReturnType<typeof loadMutatedFiles> | undefined

/** Loaded once, by the test that comes first. */
function mutatedFiles(): ReturnType<typeof loadMutatedFiles> {
  loading ??= loadMutatedFiles()
  return loading
}

async function loadMutatedFiles() {
  const { ctx, home } = createWorkspace()
  const folder = join(home, '.claude', 'projects', 'fuzz')
  mkdirSync(folder, { recursive: true })
  const files = Array.from({ length: fileCount }, (_, i): LogFile => {
    const path = join(folder, `${String(i + 1).padStart(3, '0')}.jsonl`)
    const content = makeFile(i + 1)
    writeFileSync(path, content)
    return { path, lines: judgeFile(content) }
  })
  const ledger = await openLedger(ctx.config.paths.ledger)
  await ingestLogs(ctx, ledger)
  const loaded = await ledger.rows<Loaded>(loadedSql)
  const buildError = await buildWarehouse(ctx, ledger).then(() => null, messageOf)
  ledger.close()
  const byPath = new Map(loaded.map((file) => [file.path, file]))
  return { files, buildError, loadedOf: (path: string): Loaded => byPath.get(path)! }
}

const loadedSql = `
  select path, read_error, line_count as lines, loaded_line_count as loaded, blank_line_count as blank,
    rejected_line_count as rejected, object_count as objects,
    coalesce((select sum(line_count) from raw.line_types t where t.file_id = f.file_id), 0)::bigint as typed,
    coalesce((select list({line: line_number, reason: reason}) from raw.rejects r where r.file_id = f.file_id), [])
      as rejects,
    coalesce((select list(event_uuid::varchar) from raw.events e where e.file_id = f.file_id and not is_mirror
      and event_uuid is not null), []) as uuids,
    coalesce((select list({message_id: message_id, tokens: [input_tokens, output_tokens, cache_read_tokens,
      cache_write_5m_tokens, cache_write_1h_tokens, web_search_count]})
      from raw.calls c where c.file_id = f.file_id and not is_mirror), []) as calls
  from state.files as f`

/** Some files suffer from everything, some from one or two things, and some lines from nothing. */
function makeFile(seed: number): Buffer {
  const random = createRandom(seed, 22)
  const all = Object.values(mutations)
  const chosen: readonly Mutate[] = seed % 2 === 0 ? all : [random.pick(all), random.pick(all)]
  const lineEnd = Buffer.from(random.chance(0.2) ? '\r\n' : '\n')
  const parts: Buffer[] = random.chance(0.1) ? [Buffer.from('\uFEFF')] : []
  for (let i = 0; i < mutatedLinesPerFile; i += 1) {
    for (let sounds = random.int(0, 1); sounds > 0; sounds -= 1) parts.push(sound(random), lineEnd)
    parts.push(random.pick(chosen)(random), lineEnd)
  }
  if (random.chance(0.3)) parts.pop()
  return Buffer.concat(parts)
}

function expectNone(files: readonly LogFile[], deviationsOf: (file: LogFile) => readonly string[]): void {
  const deviations = files.flatMap((file) =>
    deviationsOf(file)
      .filter(Boolean)
      .map((deviation) => `${file.path.replace(/^.*\//, '')}: ${deviation}`),
  )
  expect(deviations.slice(0, 10), `${deviations.length} deviations`).toEqual([])
}

function describeLine({ number, bytes }: JudgedLine): string {
  const text = JSON.stringify(bytes.toString('latin1'))
  return `line ${number}, ${bytes.length} bytes: ${text.length > 900 ? `${text.slice(0, 600)} … ${text.slice(-300)}` : text}`
}

/** Whether a reason names a field, and not merely a longer one that begins with it. */
function names(reason: string, field: string): boolean {
  return reason.split(/[^\w.]+/).some((word) => word.replace(/\.$/, '') === field)
}

/** The id under which the object is an event of its session; null where it is none, or has no ordinary id. */
function eventUuid(fields: Fields): string | null {
  const [type, uuid] = [fields.get('type'), fields.get('uuid')]
  const isEvent =
    ['user', 'assistant', 'system', 'attachment'].includes(String(type)) && fields.has('timestamp')
  return isEvent && typeof uuid === 'string' && /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.test(uuid)
    ? uuid
    : null
}

/** What the object says a call used; null where it says nothing of a call. */
function callOf(fields: Fields): LoadedCall | null {
  const id = valueAt(fields, 'message.id')
  const usage = valueAt(fields, 'message.usage')
  if (fields.get('type') !== 'assistant' || typeof id !== 'string' || !(usage instanceof Map)) return null
  if (!tokenPaths.some((path) => valueAt(fields, path) instanceof LoggedNumber)) return null
  const [input, output, cacheRead, cacheWrite, cacheWrite5m, cacheWrite1h, searches] = tokenPaths.map(
    (path) => {
      const value = valueAt(fields, path)
      return value instanceof LoggedNumber ? Number(value.source) : 0
    },
  ) as [number, number, number, number, number, number, number]
  // What the tiers do not name was written for five minutes.
  const write5m = Math.max(cacheWrite - cacheWrite1h, cacheWrite5m, 0)
  return { message_id: id, tokens: [input, output, cacheRead, write5m, cacheWrite1h, searches] }
}
