// DuckDB for browsers, as its package brings it, laid beside the page so that nothing is asked of other servers.
import { createHash } from 'node:crypto'
import { existsSync, statSync } from 'node:fs'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { readTemplate } from '../templates.js'

/** Size and digest of each file, by name. */
export type EngineFiles = Readonly<Record<string, { readonly bytes: number; readonly sha256: string }>>

export interface Engine {
  readonly version: string
  readonly files: EngineFiles
}

/** Copies what is not there as `before` says; `before` is what the last call returned, or null. */
export async function copyEngine(folder: string, before: Engine | null): Promise<Engine> {
  const require = createRequire(import.meta.url)
  const dist = dirname(require.resolve('@duckdb/duckdb-wasm/dist/duckdb-eh.wasm'))
  const { version } = JSON.parse(await readFile(join(dist, '..', 'package.json'), 'utf8')) as Engine
  const worker = readTemplate('scripts/explore-worker.js')
  const isSame = before?.version === version && before.files['worker.js']?.sha256 === digest(worker)
  if (isSame && isThere(folder, before.files)) return before
  const arrow = dirname(createRequire(join(dist, 'duckdb-browser-blocking.cjs')).resolve('apache-arrow'))
  const contents = {
    'duckdb-eh.wasm': await readFile(join(dist, 'duckdb-eh.wasm')),
    'duckdb.js': await duckdbScript(join(dist, 'duckdb-browser-blocking.cjs')),
    'arrow.js': withoutSourceMap(await readFile(join(arrow, 'Arrow.es2015.min.js'), 'utf8')),
    'worker.js': worker,
  }
  await mkdir(folder, { recursive: true })
  const files: Record<string, { bytes: number; sha256: string }> = {}
  for (const [name, content] of Object.entries(contents)) {
    await writeFile(join(folder, `${name}.tmp`), content)
    await rename(join(folder, `${name}.tmp`), join(folder, name))
    files[name] = { bytes: Buffer.byteLength(content), sha256: digest(content) }
  }
  return { version, files }
}

function digest(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex')
}

function isThere(folder: string, files: EngineFiles): boolean {
  return Object.entries(files).every(([name, { bytes }]) => {
    const file = join(folder, name)
    return existsSync(file) && statSync(file).size === bytes
  })
}

/** The one module that it asks for is Arrow, which arrow.js leaves behind; it leaves `duckdb` itself. */
async function duckdbScript(file: string): Promise<string> {
  return `globalThis.duckdb = ((require) => {
const module = { exports: {} }
;((module, exports) => {
${withoutSourceMap(await readFile(file, 'utf8'))}
})(module, module.exports)
return module.exports
})(() => globalThis.Arrow)
`
}

/** The maps stay at home, and a browser with its tools open would ask for them. */
function withoutSourceMap(script: string): string {
  return script.replaceAll(/^\/\/# sourceMappingURL=.*$/gm, '')
}
