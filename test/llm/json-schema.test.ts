import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { closedSchemaOf, schemaInWords, sizeOf } from '../../pipeline/llm/json-schema.js'

describe('the schema that a provider is told', () => {
  it('closes every object, and makes a record over names an object with these keys', () => {
    const schema = z.strictObject({
      counts: z.partialRecord(z.enum(['a', 'b']), z.int()),
      list: z.array(z.object({ word: z.string() })),
    })
    expect(closedSchemaOf(schema)).toMatchObject({
      type: 'object',
      additionalProperties: false,
      required: ['counts', 'list'],
      properties: {
        counts: {
          type: 'object',
          additionalProperties: false,
          properties: { a: { type: 'integer' }, b: { type: 'integer' } },
        },
        list: { items: { type: 'object', additionalProperties: false, required: ['word'] } },
      },
    })
  })

  it('makes null one of the values of a list', () => {
    const { properties } = closedSchemaOf(z.object({ mood: z.enum(['good', 'bad']).nullable() })) ?? {}
    expect(properties).toEqual({ mood: { type: ['string', 'null'], enum: ['good', 'bad', null] } })
  })

  it('has no closed form for free keys, for anything at all, and for what is no object', () => {
    expect(closedSchemaOf(z.object({ free: z.record(z.string(), z.number()) }))).toBeNull()
    expect(closedSchemaOf(z.object({ deep: z.array(z.object({ any: z.unknown() })) }))).toBeNull()
    expect(closedSchemaOf(z.looseObject({ known: z.string() }))).toBeNull()
    expect(closedSchemaOf(z.array(z.string()))).toBeNull()
  })

  it('is told in words with all its limits', () => {
    const words = schemaInWords(z.strictObject({ counts: z.record(z.string(), z.int().max(7)) }))
    expect(words).toContain('"maximum":7')
    expect(words).toContain('JSON')
  })

  it('is measured by the keys that may be left out and by its unions', () => {
    const schema = z.object({
      left: z.string().optional(),
      either: z.union([z.string(), z.object({ inner: z.number().nullable().optional() })]),
    })
    expect(sizeOf(closedSchemaOf(schema))).toEqual({ optionalCount: 2, unionCount: 2 })
  })
})
