// How a provider is told the shape of an answer: as a schema that it enforces or, where it cannot, in words.
import * as z from '../zod.js'

export type JsonSchema = { readonly [key: string]: unknown }

/** What the model is to write, so the side of the schema that goes in. */
export function jsonSchemaOf(schema: z.ZodType): JsonSchema {
  const { $schema: _, ...json } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })
  return json
}

/** For the end of a system prompt. */
export function schemaInWords(schema: z.ZodType): string {
  return `Answer with one JSON value alone, with no word before or after it and no code fence around it. It must be valid
against this JSON schema:
${JSON.stringify(jsonSchemaOf(schema))}`
}

/**
 * The schema with every object closed, as providers that enforce one want it: a record over a list of names becomes an
 * object with these keys. Null where it cannot be said so: a record with free keys would come out as one with none.
 */
export function closedSchemaOf(schema: z.ZodType): JsonSchema | null {
  const json = jsonSchemaOf(schema)
  if (json.type !== 'object') return null
  try {
    return close(json)
  } catch (error) {
    if (error instanceof FreeShape) return null
    throw error
  }
}

class FreeShape extends Error {}

function close(node: JsonSchema): JsonSchema {
  if (Object.keys(node).length === 0) throw new FreeShape()
  const schema = withNullAsValue(withNamedKeys(node))
  const closed: Record<string, unknown> = { ...schema }
  for (const key of ['properties', '$defs'])
    if (schema[key] !== undefined)
      closed[key] = Object.fromEntries(
        Object.entries(schema[key] as Record<string, JsonSchema>).map(([name, inner]) => [
          name,
          close(inner),
        ]),
      )
  for (const key of ['anyOf', 'oneOf', 'allOf'])
    if (schema[key] !== undefined) closed[key] = (schema[key] as JsonSchema[]).map(close)
  if (schema.items !== undefined) closed.items = close(schema.items as JsonSchema)
  if (schema.type === 'object') closed.additionalProperties = false
  return closed
}

/** Of a record over a list of names; one with free keys, or a tuple's rest, has no closed form. */
function withNamedKeys(schema: JsonSchema): JsonSchema {
  const { propertyNames, additionalProperties, ...rest } = schema
  if (schema.prefixItems !== undefined) throw new FreeShape()
  if (propertyNames === undefined) {
    if (additionalProperties) throw new FreeShape()
    return schema
  }
  const names = (propertyNames as { readonly enum?: readonly string[] }).enum
  if (!names) throw new FreeShape()
  return { ...rest, properties: Object.fromEntries(names.map((name) => [name, additionalProperties])) }
}

/** A list of values or null is one list with null in it: unions are limited in number. */
function withNullAsValue(schema: JsonSchema): JsonSchema {
  const { anyOf, ...rest } = schema
  if (!Array.isArray(anyOf) || anyOf.length !== 2) return schema
  const [values, none] = anyOf as readonly JsonSchema[]
  if (!Array.isArray(values?.enum) || none?.type !== 'null') return schema
  return { ...rest, ...values, type: [values.type, 'null'], enum: [...values.enum, null] }
}

export interface SchemaSize {
  /** Keys that an object may leave out. */
  readonly optionalCount: number
  readonly unionCount: number
}

export function sizeOf(node: unknown): SchemaSize {
  if (node === null || typeof node !== 'object') return { optionalCount: 0, unionCount: 0 }
  const schema = node as JsonSchema
  const inner = Object.values(schema).map(sizeOf)
  const required = Array.isArray(schema.required) ? schema.required.length : 0
  const isObject = schema.type === 'object' && typeof schema.properties === 'object'
  const own = isObject ? Object.keys(schema.properties as object).length - required : 0
  const isUnion = Array.isArray(schema.anyOf) || (Array.isArray(schema.type) && schema.type.length > 1)
  return {
    optionalCount: own + inner.reduce((sum, { optionalCount }) => sum + optionalCount, 0),
    unionCount: (isUnion ? 1 : 0) + inner.reduce((sum, { unionCount }) => sum + unionCount, 0),
  }
}
