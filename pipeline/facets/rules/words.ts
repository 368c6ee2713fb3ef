// Comparing words whatever their form: "writing an email" and "write me an e-mail to …" are about the same.

const fillers = new Set(
  'a an the and or of to for in on at with by from my our your me us it this that'.split(' '),
)
/** Ways of saying that something is to be made. */
const making = new Set(['write', 'draft', 'compos', 'creat', 'make', 'prepar', 'generat'])

/** The words that carry meaning, without endings. */
export function stemsOf(text: string): ReadonlySet<string> {
  const words =
    text
      .toLowerCase()
      .replaceAll('e-mail', 'email')
      .match(/\p{L}[\p{L}\p{N}]*/gu) ?? []
  return new Set(words.filter((word) => !fillers.has(word)).map(stemOf))
}

/** Whether all that the one speaks of is in the other. */
export function covers(stems: ReadonlySet<string>, wanted: ReadonlySet<string>): boolean {
  return wanted.size > 0 && [...wanted].every((stem) => stems.has(stem))
}

function stemOf(word: string): string {
  const stem = word
    .replace(/ies$/, 'y')
    .replace(/(?<=\p{L}{3})(?:ing|ed|es|s|e)$/u, '')
    .replace(/([^aeiouls])\1$/, '$1')
  const base =
    stem === 'writ' || stem === 'wrot' || stem === 'written' ? 'write' : stem === 'mak' ? 'make' : stem
  return making.has(base) ? 'make' : base
}

/** The name as whole words, whatever the case; null where it is empty. */
export function namePattern(name: string): string | null {
  const escaped = name.trim().replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
  return escaped === '' ? null : `(?<![\\p{L}\\p{N}])${escaped}(?![\\p{L}\\p{N}])`
}
