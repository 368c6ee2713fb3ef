// Comparing words whatever their form: "writing an email" and "write me an e-mail to …" are about the same.
import { escapeRegExp } from '../../escape.js'

const fillers = new Set(
  'a an the and or of to for in on at with by from my our your me us it this that'.split(' '),
)
/** Ways of saying that something is to be made. */
const making = new Set(['write', 'draft', 'compos', 'creat', 'make', 'prepar', 'generat'])

/** As far as two words of one phrase may stand apart, in words that carry meaning. */
const widestGap = 4

/** Whether a sentence of the text has the phrase's words in their order and near each other. */
export function speaksOf(text: string, phrase: string): boolean {
  const wanted = stemsOf(phrase)
  return wanted.length > 0 && text.split(/[.!?\n]+/).some((sentence) => hasInOrder(stemsOf(sentence), wanted))
}

function hasInOrder(stems: readonly string[], wanted: readonly string[]): boolean {
  return stems.some((first, start) => {
    if (first !== wanted[0]) return false
    let at = start
    return wanted.slice(1).every((stem) => {
      const next = stems.slice(at + 1, at + 1 + widestGap).indexOf(stem)
      at += next + 1
      return next >= 0
    })
  })
}

/** The words that carry meaning, without endings. */
function stemsOf(text: string): string[] {
  const words =
    text
      .toLowerCase()
      .replaceAll('e-mail', 'email')
      .match(/\p{L}[\p{L}\p{N}]*/gu) ?? []
  return words.filter((word) => !fillers.has(word)).map(stemOf)
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
  const escaped = escapeRegExp(name.trim())
  return escaped === '' ? null : `(?<![\\p{L}\\p{N}])${escaped}(?![\\p{L}\\p{N}])`
}
