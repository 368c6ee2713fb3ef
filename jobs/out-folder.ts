// Makes the folders for everything that is kept, for their owner alone, or says why they cannot be made.
import { constants, existsSync } from 'node:fs'
import { access, chmod, mkdir, readdir, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Config } from '../pipeline/config.js'
import { messageOf, UserError } from '../pipeline/errors.js'

/** One folder after the other: a recursive mkdir never ends where the system allows none, as below /proc. */
export async function makeOutFolders(paths: Config['paths']): Promise<void> {
  const { out, runs } = paths
  try {
    for (const folder of [out, runs]) await makeFolder(folder)
    await closeToOthers(paths)
  } catch (cause) {
    throw new UserError(
      `${out} cannot be written: ${messageOf(cause)}`,
      'Name a folder that can, with --out or with out_dir in the configuration.',
      { cause },
    )
  }
}

async function makeFolder(folder: string): Promise<void> {
  if (existsSync(folder)) return requireWritable(folder)
  await makeFolder(dirname(folder))
  await mkdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error // Another command may make it at the same time.
  })
}

async function requireWritable(folder: string): Promise<void> {
  if (!(await stat(folder)).isDirectory()) throw new Error(`expected a folder, got a file at ${folder}`)
  await access(folder, constants.W_OK | constants.X_OK)
}

const ownerOnly = 0o077

/**
 * What an earlier version left readable for others is closed. New files are made for the owner alone, by the umask of
 * cli.ts. The out folder itself may be one that holds other things too: then only what is ours in it is closed.
 */
async function closeToOthers({ out, ...ours }: Config['paths']): Promise<void> {
  if (process.platform === 'win32') return // Access is inherited there, and a mode says nothing.
  const entries = (await readdir(out)).map((name) => join(out, name))
  const known = new Set<string>([...Object.values(ours), join(out, 'demo')])
  const isOurs = (path: string) =>
    known.has(path) || /[/\\]((ledger|warehouse)\.duckdb[^/\\]*|last-days\.stamp)$/.test(path)
  for (const path of [...entries.filter(isOurs), ...(entries.every(isOurs) ? [out] : [])])
    await closeToGroup(path)
}

async function closeToGroup(path: string): Promise<void> {
  try {
    const { mode } = await stat(path)
    if ((mode & ownerOnly) !== 0) await chmod(path, mode & 0o700)
  } catch {
    // It went meanwhile, or belongs to somebody else: writing it says so.
  }
}
