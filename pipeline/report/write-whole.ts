// Writes a file under a temporary name and renames it, so that nobody ever sees half of it.
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'

export async function writeWhole(file: string, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(file), { recursive: true })
  await writeFile(`${file}.tmp`, content)
  await rename(`${file}.tmp`, file)
}
