// How large a file is and when it was last written: by these it is known as one that was read before.
import { stat } from 'node:fs/promises'

export interface FileState {
  readonly sizeBytes: number
  readonly modifiedMs: number
}

/** Null where there is nothing. */
export async function fileState(path: string): Promise<FileState | null> {
  try {
    const { size, mtimeMs } = await stat(path)
    return { sizeBytes: size, modifiedMs: Math.floor(mtimeMs) }
  } catch {
    return null
  }
}
