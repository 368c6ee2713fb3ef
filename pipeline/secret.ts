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

/** Replaces every occurrence of the given secrets in a text, also as JSON writes them. */
export function withoutSecrets(text: string, secrets: Iterable<Secret>): string {
  const values = [...secrets].map((secret) => secret.reveal()).filter(({ length }) => length >= 6)
  const forms = values.flatMap((value) => [value, JSON.stringify(value).slice(1, -1)])
  // The longest first: one secret may begin with another.
  return forms
    .sort((a, b) => b.length - a.length)
    .reduce((cleared, form) => cleared.replaceAll(form, '[secret]'), text)
}
