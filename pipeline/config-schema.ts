// The JSON Schema of debrief.yaml, by which editors complete and check it: made from configSpec, never written by hand.
import { join } from 'node:path'
import { configSpec } from './config.js'
import { configWords } from './config-words.js'
import { packageRoot } from './root.js'
import * as z from './zod.js'

/** As the package brings it. */
export const schemaFile = join(packageRoot, 'templates', 'debrief.schema.json')

export interface SchemaNode {
  description?: string
  readonly type?: string | readonly string[]
  readonly default?: unknown
  readonly enum?: readonly unknown[]
  readonly properties?: Readonly<Record<string, SchemaNode>>
  readonly items?: SchemaNode
  readonly anyOf?: readonly SchemaNode[]
  readonly oneOf?: readonly SchemaNode[]
}

export interface ConfigSchema {
  readonly schema: SchemaNode
  /** Keys that configWords says nothing of. */
  readonly undescribed: readonly string[]
  /** Keys that it describes though there are none. */
  readonly unknown: readonly string[]
}

export function buildConfigSchema(): ConfigSchema {
  const schema = z.toJSONSchema(configSpec, {
    io: 'input',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      // YAML reads a date as one.
      if (zodSchema._zod.def.type === 'date') Object.assign(jsonSchema, { type: 'string', format: 'date' })
    },
  }) as SchemaNode
  const paths = new Set<string>()
  const undescribed: string[] = []
  describeProperties(schema, '', (path, node) => {
    paths.add(path)
    const words = configWords[path]
    if (words === undefined) undescribed.push(path)
    else node.description = words
  })
  Object.assign(schema, {
    title: 'debrief.yaml',
    description: 'Settings of Debrief; every key has a default.',
  })
  return { schema, undescribed, unknown: Object.keys(configWords).filter((path) => !paths.has(path)) }
}

export function configSchemaText(): string {
  return `${JSON.stringify(buildConfigSchema().schema, null, 2)}\n`
}

function describeProperties(
  node: SchemaNode,
  path: string,
  describe: (path: string, node: SchemaNode) => void,
): void {
  for (const [name, inner] of Object.entries(node.properties ?? {})) {
    const innerPath = path === '' ? name : `${path}.${name}`
    describe(innerPath, inner)
    describeProperties(inner, innerPath, describe)
  }
  if (node.items) describeProperties(node.items, `${path}[]`, describe)
  for (const choice of [...(node.anyOf ?? []), ...(node.oneOf ?? [])])
    describeProperties(choice, path, describe)
}
