import { beforeEach, describe, expect, it, vi } from 'vitest'
import { CheckError, UserError } from '../pipeline/errors.js'
import type { PipelineEvent } from '../pipeline/events.js'
import { createLog, type LogOptions, type LogStyle } from '../pipeline/log.js'
import { Secret } from '../pipeline/secret.js'

const styles: readonly LogStyle[] = ['terminal', 'plain', 'json']
let errors: string
let output: Buffer[]

beforeEach(() => {
  errors = ''
  output = []
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    errors += String(text)
    return true
  })
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    output.push(Buffer.from(text))
    return true
  })
  return () => vi.restoreAllMocks()
})

const started: PipelineEvent = { step: 'report', action: 'start', subject: '2026-W07' }
const noted: PipelineEvent = { step: 'publish', action: 'note', subject: 's3', message: 'off: no bucket' }
const warned: PipelineEvent = {
  step: 'ingest',
  action: 'warn',
  subject: 'a.jsonl',
  message: '2 lines could not be read',
}
const failed: PipelineEvent = {
  step: 'publish',
  action: 'fail',
  subject: 'discord:1',
  message: 'unknown: no answer',
}
const halfway: PipelineEvent = {
  step: 'ingest',
  action: 'progress',
  subject: 'claude-code',
  done: 5,
  total: 10,
}

describe('a log in a terminal', () => {
  it('says what happens in a line each', () => {
    emit({}, started, noted, warned, failed)
    expect(errors).toBe(
      'Rendering 2026-W07\n  off: no bucket\n! a.jsonl: 2 lines could not be read\n✗ discord:1: unknown: no answer\n',
    )
  })

  it('shows eight warnings of a step, says that there are more, and begins anew with the next start', () => {
    emit({}, ...Array<PipelineEvent>(10).fill(warned), failed, started, warned)
    const lines = errors.trimEnd().split('\n')
    expect(lines.slice(0, 8)).toEqual(Array(8).fill('! a.jsonl: 2 lines could not be read'))
    expect(lines.slice(8)).toEqual([
      '! and more such warnings: logs/debrief.jsonl has every one',
      '✗ discord:1: unknown: no answer',
      'Rendering 2026-W07',
      '! a.jsonl: 2 lines could not be read',
    ])
  })

  it('draws a bar and takes it away before the next line', () => {
    emit({}, halfway, noted, noted)
    const bar = `  ${'█'.repeat(10)}${'░'.repeat(10)}  5 of 10 files`
    expect(errors).toBe(`\r\u001b[2K${bar}\r\u001b[2K  off: no bucket\n  off: no bucket\n`)
  })

  it('takes the bar away before a result', () => {
    const log = makeLog()
    log.emit(halfway)
    errors = ''
    log.print('done')
    expect(errors).toBe('\r\u001b[2K')
    expect(String(output[0])).toBe('done\n')
  })

  it('draws ten bars a second at most, and always the last of a step', () => {
    emitAt('terminal', [0, 30, 60, 120, 150, 160])
    expect(errors.match(/\d of 6/g)).toEqual(['1 of 6', '4 of 6', '6 of 6'])
  })

  it('begins anew with another step, or the same once more', () => {
    const again = { ...halfway, done: 1 }
    emit({}, halfway, { ...halfway, step: 'models' }, { ...halfway, done: 10 }, again)
    expect(errors.match(/\d+ of 10/g)).toEqual(['5 of 10', '5 of 10', '10 of 10', '1 of 10'])
  })

  it('keeps a name from moving its cursor', () => {
    emit({}, { ...warned, subject: 'a\u001b[2J\r\n.jsonl' })
    expect(errors).toBe('! a [2J .jsonl: 2 lines could not be read\n')
  })
})

describe('a log elsewhere', () => {
  it('says what happens in plain lines', () => {
    emit({ style: 'plain' }, started, halfway, noted, warned)
    expect(errors).toBe('Rendering 2026-W07\n  off: no bucket\n! a.jsonl: 2 lines could not be read\n')
  })

  it('says how far a step is every five seconds, and what it came to, and draws nothing', () => {
    emitAt('plain', [0, 2000, 4999, 5000, 9000, 11_000])
    expect(errors).toBe('  4 of 6 files · 3 s left\n  6 files in 11 s\n')
  })
})

describe('a log for a program', () => {
  it('is one JSON object a line, whatever the texts hold', () => {
    const odd = { ...noted, message: 'two\nlines and a "quote"' }
    emit({ style: 'json' }, started, halfway, odd)
    expect(
      errors
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual([started, halfway, odd])
  })
})

describe('a quiet log', () => {
  it.each(styles)('says warnings and failures only (%s)', (style) => {
    emit({ isQuiet: true, style }, started, halfway, noted, warned, failed)
    expect(errors.trimEnd().split('\n')).toHaveLength(2)
    expect(errors).toMatch(/a\.jsonl.*\n.*discord:1/)
  })

  it('still prints the result and what went wrong', () => {
    const log = makeLog({ isQuiet: true })
    log.print('42')
    log.fail(new UserError('no such thing', 'Look elsewhere.'))
    expect(Buffer.concat(output).toString()).toBe('42\n')
    expect(errors).toBe('✗ no such thing\n  Look elsewhere.\n')
  })
})

describe('what went wrong', () => {
  it('is a message and a hint, without a stack, where the user can mend it', () => {
    makeLog().fail(new UserError('no such thing', 'Look elsewhere.', { cause: new Error('deep') }))
    expect(errors).toBe('✗ no such thing\n  Look elsewhere.\n')
  })

  it('names the checks that failed, and that nothing was published', () => {
    makeLog().fail(new CheckError([{ check: 'sessions__cost', rowCount: 2, sample: '{"id":1}' }]))
    expect(errors).toBe(
      '✗ 1 check failed: sessions__cost (2 rows, such as {"id":1})\n  Nothing was published.\n',
    )
  })

  it('is a stack, where it is a bug', () => {
    makeLog().fail(new TypeError('x is not a function'))
    expect(errors).toMatch(
      /^✗ This is a bug in debrief:\nTypeError: x is not a function\n {4}at .*log\.test\.ts/,
    )
  })

  it('is shown even where somebody threw a text', () => {
    makeLog().fail('just a text')
    expect(errors).toBe('✗ This is a bug in debrief:\njust a text\n')
  })
})

describe('secrets', () => {
  const value = 'never/to+be"seen'
  const secrets = {
    AWS_SECRET_ACCESS_KEY: new Secret(value),
    AWS_ACCESS_KEY_ID: new Secret('AKIDEXAMPLE'),
  }

  it.each(styles)('are taken out of events (%s)', (style) => {
    emit({ secrets, style }, { ...noted, message: `with ${value}` }, { ...halfway, subject: value })
    expect(errors).not.toContain(value)
    expect(errors, 'nor as JSON writes it').not.toContain(JSON.stringify(value).slice(1, -1))
  })

  it('are taken out of errors and hints, and out of results', () => {
    const log = makeLog({ secrets })
    log.fail(new Error(`refused ${value}`))
    log.fail(new UserError(`refused ${value}`, `not ${value}`))
    log.print(`the key is ${value}`)
    expect(errors + Buffer.concat(output).toString()).not.toContain(value)
    expect(errors).toContain('refused [secret]')
  })

  it('leave the access key in a printed link, which is no link without it', () => {
    const log = makeLog({ secrets })
    log.print('https://s3.example.com/x?X-Amz-Credential=AKIDEXAMPLE')
    log.emit({ ...noted, message: 'key AKIDEXAMPLE' })
    expect(Buffer.concat(output).toString()).toContain('AKIDEXAMPLE')
    expect(errors).not.toContain('AKIDEXAMPLE')
  })
})

it('writes bytes as they are', () => {
  makeLog({ isQuiet: true }).write(Uint8Array.of(0, 255, 10, 13))
  expect(Buffer.concat(output)).toEqual(Buffer.from([0, 255, 10, 13]))
})

function makeLog(options: Partial<LogOptions> = {}) {
  return createLog({ isQuiet: false, style: 'terminal', secrets: {}, ...options })
}

function emit(options: Partial<LogOptions>, ...events: readonly PipelineEvent[]): void {
  const log = makeLog(options)
  for (const event of events) log.emit(event)
}

/** One file more is done at each of these times. */
function emitAt(style: LogStyle, times: readonly number[]): void {
  const clock = [...times]
  const log = makeLog({ style, nowMs: () => clock.shift()! })
  for (const i of times.keys()) log.emit({ ...halfway, done: i + 1, total: times.length })
}
