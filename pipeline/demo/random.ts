// A seeded stream of chance: the same seed gives the same logs, byte for byte, on every machine.

export interface Random {
  /** A number in [0, 1). */
  fraction(): number
  /** A whole number from `least` to `most`, both included. */
  int(least: number, most: number): number
  chance(probability: number): boolean
  pick<T>(items: readonly T[]): T
  weighted<T>(items: readonly (readonly [item: T, weight: number])[]): T
  /** A random text of the given length over digits and letters. */
  letters(length: number): string
  hex(length: number): string
  uuid(): string
}

const base62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

export function createRandom(seed: number, stream = 0): Random {
  const next = sfc32(0x9e3779b9, 0x243f6a88, seed | 0, stream | 0)
  const fraction = (): number => next() / 4294967296
  const int = (least: number, most: number): number => least + Math.floor(fraction() * (most - least + 1))
  const hex = (length: number): string => {
    let text = ''
    while (text.length < length) text += next().toString(16).padStart(8, '0')
    return text.slice(0, length)
  }
  return {
    fraction,
    int,
    chance: (probability) => fraction() < probability,
    pick: <T>(items: readonly T[]): T => items[int(0, items.length - 1)] as T,
    weighted: (items) => pickWeighted(items, fraction()),
    letters: (length) => letters(next, length),
    hex,
    uuid: () => {
      const h = hex(32)
      return `${h.slice(0, 8)}-${h.slice(8, 12)}-4${h.slice(13, 16)}-a${h.slice(17, 20)}-${h.slice(20)}`
    },
  }
}

/** Small Fast Counter: 128 bits of state, so that millions of ids do not collide. */
function sfc32(a: number, b: number, c: number, d: number): () => number {
  const next = (): number => {
    const sum = (a + b + d) | 0
    d = (d + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + sum) | 0
    return sum >>> 0
  }
  for (let round = 0; round < 15; round++) next()
  return next
}

function pickWeighted<T>(items: readonly (readonly [T, number])[], fraction: number): T {
  const total = items.reduce((sum, [, weight]) => sum + weight, 0)
  let rest = fraction * total
  for (const [item, weight] of items) {
    rest -= weight
    if (rest < 0) return item
  }
  throw new Error('expected at least one item with a weight above 0')
}

/** Five letters from each draw: 62^5 is below 2^32. */
function letters(next: () => number, length: number): string {
  let text = ''
  while (text.length < length) {
    let draw = next()
    for (let i = 0; i < 5; i++) {
      text += base62[draw % 62]
      draw = Math.floor(draw / 62)
    }
  }
  return text.slice(0, length)
}
