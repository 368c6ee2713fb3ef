// Whatever a field of a line holds: the line is read or rejected with a reason, and nothing breaks off.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { copilot } from '../../../pipeline/ingest/formats/copilot/format.js'
import { FieldError, type Fields, isFields } from '../../../pipeline/ingest/formats/entries.js'
import { pi } from '../../../pipeline/ingest/formats/pi/format.js'
import { fixtureHome, fixtureNames } from './read-home.js'

const odd = [null, 7, -1, 1e300, '', 'x', '\ud800', true, [], [null], {}, { type: 7 }] as const

describe.each([copilot, pi])('$source', (format) => {
  it.each(fixtureNames(format.source))('%s', async (name) => {
    const reasons = new Set<string>()
    for (const { path } of await format.findFiles([fixtureHome(format.source, name)], () => {})) {
      const reader = format.openLog({ path, kind: 'main', members: [path] }, () => {})
      for (const fields of linesOf(path).flatMap(variants)) {
        const object = { path, lineNumber: 1, fields }
        try {
          expect(typeof format.lineTypeOf(object)).toBe('string')
          reader.take(object)
        } catch (error) {
          if (!(error instanceof FieldError)) throw error
          reasons.add(error.message)
        }
      }
      reader.finish()
    }
    expect(reasons.size).toBeGreaterThan(3)
  })
})

function linesOf(path: string): readonly Fields[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .flatMap((line) => {
      try {
        return [JSON.parse(line) as Fields]
      } catch {
        return []
      }
    })
}

/** The object with each of its fields, however deep, in turn replaced by each odd value. */
function variants(fields: Fields): readonly Fields[] {
  return Object.entries(fields).flatMap(([key, value]) => [
    ...odd.map((other) => ({ ...fields, [key]: other })),
    ...(isFields(value) ? variants(value).map((other) => ({ ...fields, [key]: other })) : []),
    ...(Array.isArray(value)
      ? value
          .filter(isFields)
          .flatMap((item) => variants(item).map((other) => ({ ...fields, [key]: [other] })))
      : []),
  ])
}
