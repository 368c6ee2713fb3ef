// A disk of a few megabytes in memory, which a test may fill or make read-only.
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface SmallDisk {
  readonly folder: string
  makeReadOnly(): void
  remove(): void
}

export function mountDisk(folder: string, megabytes: number): SmallDisk {
  mkdirSync(folder, { recursive: true })
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder], { stdio: 'pipe' })
  return {
    folder,
    makeReadOnly: () => void execFileSync('mount', ['-o', 'remount,ro', folder], { stdio: 'pipe' }),
    remove: () => void execFileSync('umount', ['-l', folder], { stdio: 'pipe' }),
  }
}

/** Why no disk can be mounted here, or null. */
export function whyNoDisk(): string | null {
  const folder = mkdtempSync(join(tmpdir(), 'debrief-disk-'))
  try {
    mountDisk(folder, 1).remove()
    return null
  } catch {
    return 'this user may not mount a tmpfs'
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
