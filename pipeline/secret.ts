// A value that must never be shown: it prints, serialises and inspects as a placeholder.
import { inspect } from 'node:util'

export class Secret {
  readonly #value: string
  constructor(value: string) {
    this.#value = value
  }
  /** The only way to the value. Call it where the value is handed to an SDK, and nowhere else. */
  reveal(): string {
    return this.#value
  }
  toString(): string {
    return '[secret]'
  }
  toJSON(): string {
    return '[secret]'
  }
  [inspect.custom](): string {
    return '[secret]'
  }
}

/** Replaces every occurrence of the given secrets in a text. */
export function withoutSecrets(text: string, secrets: Iterable<Secret>): string {
  let cleared = text
  for (const secret of secrets) {
    const value = secret.reveal()
    if (value.length >= 6) cleared = cleared.replaceAll(value, '[secret]')
  }
  return cleared
}
