// Which repository a working directory belongs to, as git has it: a worktree is its main repository's (rule 16).
import { readFile, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve, sep } from 'node:path'
import type { Database } from '../warehouse/db.js'

/**
 * Looks at the working directories in the ledger whose repository is not known yet and that are on this machine, and
 * keeps what it finds, so that it stays known when a worktree is deleted. Of the others their paths must tell.
 */
export async function noteRepositories(db: Database, home: string, now: Date): Promise<number> {
  const unknown = await db.rows<{ working_directory: string }>(
    `select distinct working_directory from raw.contexts where working_directory is not null
     except select working_directory from state.repositories`,
  )
  const found = await Promise.all(
    unknown.map(async ({ working_directory }) => ({
      working_directory,
      root: await findRepositoryRoot(working_directory, home),
    })),
  )
  const known = found.filter(({ root }) => root !== null)
  for (const { working_directory, root } of known)
    await db.run('insert into state.repositories values (?, ?, ?::timestamp)', [
      working_directory,
      root,
      now.toISOString(),
    ])
  return known.length
}

/** The root of the repository that holds the directory, with slashes; null where there is none, or it is gone. */
export async function findRepositoryRoot(directory: string, home: string): Promise<string | null> {
  if ((await kindOf(directory)) !== 'folder') return null
  let folder = resolve(directory)
  // A home directory under version control is no project.
  while (folder !== resolve(home)) {
    const git = await kindOf(join(folder, '.git'))
    if (git === 'folder') return withSlashes(folder)
    if (git === 'file') return withSlashes(await mainRootOf(folder))
    if (dirname(folder) === folder) return null
    folder = dirname(folder)
  }
  return null
}

/** Where `.git` is a file: of a worktree the main repository's root; a submodule has its own. */
async function mainRootOf(folder: string): Promise<string> {
  const pointer = /^gitdir:\s*(.+?)\s*$/m.exec(await read(join(folder, '.git')))?.[1]
  if (pointer === undefined) return folder
  const gitFolder = resolve(folder, pointer)
  const common = resolve(gitFolder, (await read(join(gitFolder, 'commondir'))).trim() || '../..')
  if (basename(dirname(gitFolder)) !== 'worktrees' || common.includes(`${sep}.git${sep}`)) return folder
  // A bare repository has no folder of files: it is known by its own name, or, if hidden, by the folder around it.
  return basename(common).startsWith('.') ? dirname(common) : common.replace(/\.git$/, '')
}

async function kindOf(path: string): Promise<'folder' | 'file' | null> {
  try {
    return (await stat(path)).isDirectory() ? 'folder' : 'file'
  } catch {
    return null
  }
}

async function read(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '')
}

function withSlashes(path: string): string {
  return sep === '\\' ? path.replaceAll('\\', '/') : path
}
