// DuckDB for browsers, as its package brings it, laid beside the page so that nothing is asked of other servers.
import { createHash } from 'node:crypto'
import { existsSync, statSync } from 'node:fs'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

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
  if (before?.version === version && isThere(folder, before.files)) return before
  const worker = await readFile(join(dist, 'duckdb-browser-eh.worker.js'), 'utf8')
  const contents = {
    'duckdb-eh.wasm': await readFile(join(dist, 'duckdb-eh.wasm')),
    'duckdb-browser-eh.worker.js': Buffer.from(withoutSourceMap(worker)),
    'duckdb.js': Buffer.from(await clientScript(dist)),
  }
  await mkdir(folder, { recursive: true })
  const files: Record<string, { bytes: number; sha256: string }> = {}
  for (const [name, content] of Object.entries(contents)) {
    await writeFile(join(folder, `${name}.tmp`), content)
    await rename(join(folder, `${name}.tmp`), join(folder, name))
    const sha256 = createHash('sha256').update(content).digest('hex')
    files[name] = { bytes: content.byteLength, sha256 }
  }
  return { version, files }
}

function isThere(folder: string, files: EngineFiles): boolean {
  return Object.entries(files).every(([name, { bytes }]) => {
    const file = join(folder, name)
    return existsSync(file) && statSync(file).size === bytes
  })
}

/** The client asks for one module, Arrow: both in one plain script, which leaves `Arrow` and `duckdb` behind. */
async function clientScript(dist: string): Promise<string> {
  const entry = createRequire(join(dist, 'duckdb-browser.cjs')).resolve('apache-arrow')
  const arrow = await readFile(join(dirname(entry), 'Arrow.es2015.min.js'), 'utf8')
  const client = await readFile(join(dist, 'duckdb-browser.cjs'), 'utf8')
  return `${withoutSourceMap(arrow)}
globalThis.duckdb = ((require) => {
const module = { exports: {} }
;((module, exports) => {
${withoutSourceMap(client)}
})(module, module.exports)
return module.exports
})(() => globalThis.Arrow)
`
}

/** The maps stay at home, and a browser with its tools open would ask for them. */
function withoutSourceMap(script: string): string {
  return script.replaceAll(/^\/\/# sourceMappingURL=.*$/gm, '')
}
