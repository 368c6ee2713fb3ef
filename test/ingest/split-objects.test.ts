import { describe, expect, it } from 'vitest'
import { splitObjects } from '../../pipeline/ingest/split-objects.js'

const isRecord = (object: Readonly<Record<string, unknown>>) => 'type' in object && 'sessionId' in object
const split = (line: string) => splitObjects(line, isRecord)

describe('splitObjects', () => {
  it('takes one object as it is', () => {
    expect(split('{"a":1}')).toEqual({ objects: ['{"a":1}'], problem: null })
  })

  it('takes a blank line as nothing', () => {
    expect(split('  \r')).toEqual({ objects: [], problem: null })
  })

  it('recovers both of two glued objects', () => {
    expect(split('{"a":"}{"}{"b":{"c":2}}')).toEqual({
      objects: ['{"a":"}{"}', '{"b":{"c":2}}'],
      problem: null,
    })
  })

  it('recovers a whole record behind one that was cut off, and says what was lost', () => {
    expect(split('{"type":"us{"type":"user","sessionId":"s"}')).toEqual({
      objects: ['{"type":"user","sessionId":"s"}'],
      problem: 'JSON object at column 1 is cut off',
    })
  })

  it('does not take an object nested in a cut-off one for a record', () => {
    expect(split('{"type":"user","message":{"role":"user"},"uui')).toEqual({
      objects: [],
      problem: 'JSON object at column 1 is cut off',
    })
  })

  it.each(['[1]', 'null', '12', 'hello', '\u0000\u0001{{{'])('rejects %j, which is no object', (line) => {
    const { objects, problem } = split(line)
    expect(objects).toEqual([])
    expect(problem).toMatch(/expected a JSON object|cut off|invalid JSON/)
  })

  it('replaces a lone surrogate, and leaves pairs and written-out escapes alone', () => {
    const { objects } = split('{"a":"\\ud83d","b":"\\ud83d\\ude00","c":"\\\\ud83d"}')
    expect(JSON.parse(objects[0]!)).toEqual({ a: '\ufffd', b: '😀', c: '\\ud83d' })
  })

  it('keeps every digit, and what nests deep', () => {
    const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`
    const logged = `{"a":12345678901234567890,"b":1e400,"c":${deep}}`
    expect(split(`${logged}{"d":1}`).objects).toEqual([logged, '{"d":1}'])
  })
})
