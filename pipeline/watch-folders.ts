// Tells that something changed below folders without looking through them again and again: the system reports it.
import { type FSWatcher, statSync, watch } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { messageOf } from './errors.js'

export interface FolderWatch {
  close(): void
}

export interface WatchHandlers {
  onChange(): void
  /** A folder cannot be watched, mostly because the system watches too many already. */
  onBlind(message: string): void
}

interface WatchedFolder {
  readonly watcher: FSWatcher
  /** Tells a folder from another that took its place. */
  readonly identity: string
}

/** Only these places themselves are looked at by the clock: an agent's first log makes its folder. */
const placesEveryMs = 1000
/** Elsewhere the system watches a whole tree by itself; Node's own way of doing so here watches every single file. */
const watchesFolderByFolder = process.platform === 'linux'

/** Places are folders or files, there or not; links below them are not followed, as when logs are looked for. */
export function watchFolders(places: readonly string[], handlers: WatchHandlers): FolderWatch {
  const watched = new Map<string, WatchedFolder>()
  let isClosed = false

  const drop = (folder: string) => {
    watched.get(folder)?.watcher.close()
    watched.delete(folder)
  }

  /** True where the folder was not watched so far. */
  const add = (folder: string, onlyName: string | null): boolean => {
    const identity = identityOf(folder)
    if (isClosed || watched.get(folder)?.identity === identity) return false
    drop(folder)
    if (identity === null) return false
    try {
      const watcher = watch(folder, { recursive: !watchesFolderByFolder && onlyName === null })
      watched.set(folder, { watcher, identity })
      watcher.on('change', (kind, name) => {
        if (onlyName !== null && name !== onlyName) return
        handlers.onChange()
        if (kind === 'rename' && onlyName === null) void addBelow(folder)
      })
      watcher.on('error', () => drop(folder)) // It went away; where it is a place, it is looked for again.
      return true
    } catch (error) {
      if (identityOf(folder) !== null) handlers.onBlind(messageOf(error))
      return false
    }
  }

  /** Watched before it is listed, so that no folder made in between is overlooked. */
  const addBelow = async (folder: string): Promise<void> => {
    if (!watchesFolderByFolder) return
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => null)
    if (entries === null) return drop(folder)
    for (const entry of entries) {
      const below = join(folder, entry.name)
      if (!entry.isDirectory() || !add(below, null)) continue
      handlers.onChange() // It may hold files since before it was watched.
      await addBelow(below)
    }
  }

  const lookAtPlaces = async (): Promise<void> => {
    for (const place of places) {
      const isFile = /\.jsonl?$/.test(place)
      const folder = isFile ? dirname(place) : place
      if (!add(folder, isFile ? basename(place) : null)) continue
      handlers.onChange()
      if (!isFile) await addBelow(folder)
    }
  }

  void lookAtPlaces()
  const timer = setInterval(() => void lookAtPlaces(), placesEveryMs)
  return {
    close: () => {
      isClosed = true
      clearInterval(timer)
      for (const folder of [...watched.keys()]) drop(folder)
    },
  }
}

function identityOf(folder: string): string | null {
  const found = statSync(folder, { throwIfNoEntry: false })
  return found?.isDirectory() ? `${found.dev}:${found.ino}` : null
}
