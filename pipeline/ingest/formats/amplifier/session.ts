// One session's identity, and what is said in it: nothing, until somebody asked or something was done.
import { basename } from 'node:path'
import {
  type EmitEntry,
  type Fields,
  instantAt,
  type LogEntry,
  type NoteEntry,
  type SessionRef,
  type SettingEntry,
  type TitleEntry,
  textAt,
} from '../entries.js'
import { type Origin, originIn, parentInName, sessionRefOf } from './lineage.js'

type Said = Exclude<LogEntry, SettingEntry | TitleEntry>

export class Session {
  /** Turns that a fork has in common with the session it was copied from. */
  copiedTurnCount = 0
  /** The earliest and the latest time that are known of it. */
  startedAt: string | null = null
  lastAt: string | null = null
  readonly #folder: string
  readonly #emit: EmitEntry
  readonly #settings: (SettingEntry | TitleEntry)[] = []
  #openings: NoteEntry[] = []
  #id: string | null = null
  #origin: Origin = { parentId: null, traceId: null }
  #ref: SessionRef | null = null
  #hasSpoken = false
  #hasSpokenSinceEnd = false

  constructor(folder: string, emit: EmitEntry) {
    this.#folder = folder
    this.#emit = emit
  }

  get isSubagent(): boolean {
    return this.#identity().parentId !== null
  }

  /** What metadata.json says; called once for each logger's. */
  describe(metadata: Fields): void {
    const id = textAt(metadata, 'session_id')
    const workingDirectory = textAt(metadata, 'working_dir')
    const title = textAt(metadata, 'name')
    const origin = originIn(metadata)
    this.#sawTime(instantAt(metadata, 'started_at') ?? instantAt(metadata, 'created'))
    this.#id ??= id
    this.#origin = {
      parentId: this.#origin.parentId ?? origin.parentId,
      traceId: this.#origin.traceId ?? origin.traceId,
    }
    if (typeof metadata.forked_from_turn === 'number') this.copiedTurnCount = metadata.forked_from_turn
    if (workingDirectory !== null) this.set({ kind: 'setting', at: null, workingDirectory })
    if (title !== null && title.trim() !== '') this.set({ kind: 'title', text: title })
  }

  /** What events say of it: all there is of a session that was killed before its metadata were written. */
  meet(sessionId: string | null, parentId: string | null): void {
    if (this.#ref !== null) return
    this.#id ??= sessionId
    if (this.#origin.parentId === null && this.copiedTurnCount === 0 && parentId !== null && parentId !== '')
      this.#origin = { ...this.#origin, parentId }
  }

  set(entry: SettingEntry | TitleEntry): void {
    if (this.#hasSpoken) this.#emit(this.#identity(), entry)
    else this.#settings.push(entry)
  }

  /** It was started or resumed: worth a word only when something follows. */
  open(entry: NoteEntry): void {
    this.#openings.push(entry)
  }

  /** Attached to and left again, a session ends without anything since: that is no part of its course. */
  end(entry: NoteEntry): void {
    if (this.#hasSpokenSinceEnd) this.#emit(this.#identity(), entry)
    this.#hasSpokenSinceEnd = false
    this.#openings = []
  }

  say(entry: Said): void {
    const session = this.#identity()
    this.#sawTime(entry.at)
    if (!this.#hasSpoken) {
      const at = this.#openings[0]?.at ?? entry.at
      for (const setting of this.#settings)
        this.#emit(session, setting.kind === 'setting' ? { ...setting, at: setting.at ?? at } : setting)
    }
    for (const opening of this.#openings) this.#emit(session, opening)
    this.#openings = []
    this.#hasSpoken = true
    this.#hasSpokenSinceEnd = true
    this.#emit(session, entry)
  }

  #sawTime(at: string | null): void {
    if (at === null) return
    if (this.startedAt === null || at < this.startedAt) this.startedAt = at
    if (this.lastAt === null || at > this.lastAt) this.lastAt = at
  }

  /** Settled by the first that asks. */
  #identity(): SessionRef {
    const name = basename(this.#folder)
    const id = this.#id ?? name
    this.#ref ??= sessionRefOf(this.#folder, id, {
      ...this.#origin,
      parentId: this.#origin.parentId ?? (this.copiedTurnCount > 0 ? null : parentInName(id)),
    })
    return this.#ref
  }
}
