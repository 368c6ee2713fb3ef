// The debrief.yaml that `debrief init` writes: every key with its default, commented out, and what was found here filled in.
import type { SchemaNode } from '../pipeline/config-schema.js'
import { configExamples, configWords } from '../pipeline/config-words.js'

export interface ConfigText {
  readonly schema: SchemaNode
  readonly schemaFile: string
  /** Keys at the top that stand there in force. */
  readonly settings: Readonly<Record<string, string>>
  /** Sentences before a key, about this machine. */
  readonly remarks: Readonly<Record<string, readonly string[]>>
}

/** Prose begins with `# `, a setting that is not in force with `#` and no space or, further in, with two. */
export function configText({ schema, schemaFile, settings, remarks }: ConfigText): string {
  const keys = Object.entries(schema.properties ?? {}).map(([key, node]) =>
    [
      ...sentences(configWords[key] ?? '').map((line) => `# ${line}`),
      ...(remarks[key] ?? []).map((line) => `# ${line}`),
      ...(settings[key] === undefined
        ? keyLines(key, node, '').map((line) => `#${line}`)
        : [`${key}: ${scalar(settings[key])}`]),
    ].join('\n'),
  )
  return `${[header(schemaFile), ...keys].join('\n\n')}\n`
}

function header(schemaFile: string): string {
  return [
    `# yaml-language-server: $schema=${schemaFile}`,
    '# Settings of Debrief. What is commented out is the default, or an example where there is none.',
    '# Secrets do not belong here: they come from the environment. `debrief doctor` checks what you set.',
  ].join('\n')
}

function keyLines(path: string, node: SchemaNode, indent: string): string[] {
  const name = path.split('.').at(-1)
  const example = configExamples[path]
  if (example !== undefined) return [`${indent}${name}: ${example}`]
  if (node.properties)
    return [
      `${indent}${name}:`,
      ...Object.entries(node.properties).flatMap(([key, inner]) => {
        const [first = '', ...others] = keyLines(`${path}.${key}`, inner, `${indent}  `)
        const words = configWords[`${path}.${key}`]
        return [words === undefined ? first : `${first.padEnd(34)}  # ${words}`, ...others]
      }),
    ]
  return [`${indent}${name}: ${scalar(node.default)}`]
}

function sentences(text: string): string[] {
  return text === '' ? [] : [`${text}.`]
}

/** Plain where YAML reads it as what it is; else as JSON, which YAML is a superset of. */
function scalar(value: unknown): string {
  const isPlain = typeof value === 'string' && /^[\p{L}~./][\p{L}\d ._~/-]*$/u.test(value)
  const isKeyword =
    typeof value === 'string' && /^(true|false|null|yes|no|on|off|y|n|~|\.nan|[-+.]?\.?inf)$/i.test(value)
  return isPlain && !isKeyword && value === value.trim() ? value : JSON.stringify(value)
}
