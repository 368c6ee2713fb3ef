// Plain source text to fill read files and command output; made once, cut to any length.
import type { Random } from './random.js'

const statements = [
  'const entries = readEntries(source)',
  'if (entries.length === 0) return emptyResult',
  'for (const entry of entries) total += entry.amount',
  '// Sorted by name, so that two runs give the same order.',
  'return { ...result, updatedAt: clock.now() }',
  'function formatAmount(amount, unit) {',
  "  return round(amount, 2) + ' ' + unit",
  '}',
  'expect(formatAmount(1.5, "g")).toBe("1.5 g")',
  '',
  'const byName = new Map(entries.map((entry) => [entry.name, entry]))',
  "  throw new Error('no entry named ' + name)",
]

const lines: readonly string[] = Array.from(
  { length: 4000 },
  (_, i) => statements[(i * i + 3 * i) % statements.length] ?? '',
)
const lineStarts: number[] = []
const block = lines
  .reduce<{ parts: string[]; length: number }>(
    (made, line) => {
      lineStarts.push(made.length)
      made.parts.push(line)
      made.length += line.length + 1
      return made
    },
    { parts: [], length: 0 },
  )
  .parts.join('\n')

/** Source text of roughly this many characters, beginning at the start of a line. */
export function sourceText(random: Random, charCount: number): string {
  const count = Math.min(Math.round(charCount), block.length - 1)
  const latest = block.length - count
  let start = random.pick(lineStarts)
  if (start > latest) start = 0
  return block.slice(start, start + count)
}

/** A length around `typicalChars`: mostly shorter, now and then several times as long. */
export function someLength(random: Random, typicalChars: number): number {
  const fraction = random.fraction()
  return Math.round(typicalChars * (0.3 + fraction ** 3 * 3))
}
