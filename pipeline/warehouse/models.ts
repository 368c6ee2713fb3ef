// Finds the models: every SELECT under sql/staging, intermediate and marts, with what its header promises.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { UserError } from '../errors.js'
import { sqlRoot } from './read-sql.js'

export const modelLayers = ['staging', 'intermediate', 'marts'] as const
export type Layer = (typeof modelLayers)[number]

export interface ModelColumn {
  readonly name: string
  readonly description: string
}

export interface Model {
  /** `marts.sessions`: its path is its name. */
  readonly name: string
  readonly layer: Layer
  readonly table: string
  readonly sql: string
  readonly description: string
  /** Columns that identify a row; empty where the header says `none`. */
  readonly grain: readonly string[]
  /** The column by whose values rows can be made anew one by one, from the logs that name the value; null where none is. */
  readonly patchedBy: string | null
  readonly columns: readonly ModelColumn[]
}

/** Reads every model under `root`; throws UserError for a header that lacks its sentence or grain. */
export function discoverModels(root: string = sqlRoot): Model[] {
  return modelLayers.flatMap((layer) =>
    readdirSync(join(root, layer))
      .filter((file) => file.endsWith('.sql'))
      .sort()
      .map((file) => readModel(layer, file.slice(0, -4), readFileSync(join(root, layer, file), 'utf8'))),
  )
}

/** One model from its text. */
export function readModel(layer: Layer, table: string, text: string): Model {
  const name = `${layer}.${table}`
  const lines = text.split('\n')
  const headerEnd = lines.findIndex((line) => !line.startsWith('--'))
  const header = lines.slice(0, headerEnd).map((line) => line.replace(/^--\s?/, ''))
  const grainAt = header.findIndex((line) => line.startsWith('grain:'))
  const description = header.slice(0, Math.max(grainAt, 0)).join(' ').trim()
  if (grainAt === -1 || description === '')
    throw new UserError(
      `${name}: expected a header with a sentence and "-- grain: …"`,
      'See sql/README.md for the header of a model.',
    )
  const patched = header.find((line) => line.startsWith('patched by:'))
  const grain = header[grainAt]!.slice('grain:'.length).trim()
  return {
    name,
    layer,
    table,
    sql: lines.slice(headerEnd).join('\n').trim(),
    description,
    grain: grain === 'none' ? [] : grain.split(',').map((column) => column.trim()),
    patchedBy: patched === undefined ? null : patched.slice('patched by:'.length).trim(),
    columns: header.slice(grainAt + 1).flatMap(readColumn),
  }
}

function readColumn(line: string): ModelColumn[] {
  const match = /^ {2}(\w+)\s+(.+)$/.exec(line)
  return match ? [{ name: match[1]!, description: match[2]!.trim() }] : []
}
