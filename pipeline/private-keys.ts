// Private keys written out in a text: whole, cut off at either end, with real line ends or escaped ones.
import { placeholder } from './secret-shapes.js'

const dashes = '-{4,5}'
const mark = (side: string): string => `${dashes} ?${side} [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)? ?${dashes}`
/** Up to its end, or to the end of the text where that was cut off. */
const key = new RegExp(`${mark('BEGIN')}[\\s\\S]*?(?:${mark('END')}|$)`, 'g')
const ending = new RegExp(mark('END'), 'g')
const puttyLines = /Private-Lines: \d+(?:\s+[A-Za-z0-9+/=]{20,})+/g
const longestKeyChars = 16_384

export function clearPrivateKeys(text: string): string {
  return withoutEndings(text.replace(key, placeholder)).replace(puttyLines, placeholder)
}

/** What is left of a key whose beginning was cut off. */
function withoutEndings(text: string): string {
  let kept = ''
  let from = 0
  for (const found of text.matchAll(ending)) {
    kept += withoutLastLines(text.slice(from, found.index)) + placeholder
    from = found.index + found[0].length
  }
  return kept + text.slice(from)
}

/** Without the lines of a key at its end, the last of which may be short. */
function withoutLastLines(text: string): string {
  const start = Math.max(0, text.length - longestKeyChars)
  const pieces = text.slice(start).split(/(\s+|\\[nr])/)
  const isOfKey = (i: number): boolean => {
    const isBreak = i % 2 === 1
    const isLast = i >= pieces.length - 3
    return isBreak || (/^[A-Za-z0-9+/=]*$/.test(pieces[i]!) && (isLast || pieces[i]!.length >= 20))
  }
  let end = pieces.length
  while (end > 0 && isOfKey(end - 1)) end -= 1
  if (end % 2 === 1) end += 1 // The line end before the key stays.
  // A word before the key is no part of it: only whole lines go.
  const isLined = pieces.slice(end).some((piece) => piece.length >= 20)
  return isLined ? text.slice(0, start) + pieces.slice(0, end).join('') : text
}
