// API.md, written from the schemas of the files that it describes.
import { z } from 'zod'
import { type ApiName, apiSchemas } from '../../pipeline/report/site/api-schema.js'

interface Node {
  readonly type?: string
  readonly const?: string
  readonly enum?: readonly string[]
  readonly description?: string
  readonly properties?: Readonly<Record<string, Node>>
  readonly items?: Node
  readonly anyOf?: readonly Node[]
}

export function apiMarkdown(): string {
  const names = Object.keys(apiSchemas) as ApiName[]
  const intro = [
    '# The API: site/api/v1',
    'The facts of the pages as JSON, for programs. Each file says in `schema` what it is, and its JSON Schema lies beside it as `<name>.schema.json`; a change that could break a reader gets another version and folder. Equal data gives equal bytes. Written from `api-schema.ts` by `npx vitest run test/report/site.test.ts -u`.',
  ]
  return `${[...intro, ...names.map(section)].join('\n\n')}\n`
}

function section(name: ApiName): string {
  const schema = z.toJSONSchema(apiSchemas[name]) as Node
  const head = `## ${name}.json\n\n${schema.description ?? ''}\n\n| field | type | is |\n|---|---|---|`
  return [head, ...fields(schema, '')].join('\n')
}

function fields(node: Node, path: string): string[] {
  return Object.entries(node.properties ?? {}).flatMap(([name, child]) => {
    const own = `| \`${path}${name}\` | ${typeWords(child)} | ${child.description ?? ''} |`
    const below = child.items ? fields(child.items, `${path}${name}[].`) : fields(child, `${path}${name}.`)
    return [own, ...below]
  })
}

function typeWords(node: Node): string {
  if (node.anyOf) return node.anyOf.map(typeWords).join(' or ')
  if (node.const !== undefined) return `\`${node.const}\``
  if (node.enum) return node.enum.map((value) => `\`${value}\``).join(', ')
  return node.type ?? ''
}
