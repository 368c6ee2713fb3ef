// Calls that are logged without an id: each is answered by the next answer of its tool in its group.

export class OpenCalls {
  readonly #open = new Map<string, string[]>()
  #count = 0

  /** Gives the call an id that is the same in copies. */
  open(group: string, stamp: string | null): string {
    this.#count += 1
    const id = `${group.trim()} ${stamp ?? this.#count}`
    this.#open.set(group, [...(this.#open.get(group) ?? []), id])
    return id
  }

  /** Null for an answer that nothing asked for. */
  close(group: string): string | null {
    return this.#open.get(group)?.shift() ?? null
  }
}
