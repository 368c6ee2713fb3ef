// Makes the folders for everything that is kept, or says why they cannot be made.
import { constants, existsSync } from 'node:fs'
import { access, mkdir, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Config } from '../pipeline/config.js'
import { messageOf, UserError } from '../pipeline/errors.js'

/** One folder after the other: a recursive mkdir never ends where the system allows none, as below /proc. */
export async function makeOutFolders({ out, runs }: Config['paths']): Promise<void> {
  try {
    for (const folder of [out, runs]) await makeFolder(folder)
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
