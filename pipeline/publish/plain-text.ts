// Makes any text harmless in a Discord message: one visible line that pings nobody and means no Markdown.
import { endsOfCharacters, endsOfSentences, endsOfWords } from './text-ends.js'

const joiner = '\u200d'
const ellipsis = '…'
/** What no reader sees and what turns a line around; a flag's own tags stay. */
const invisible =
  /[\p{Cc}\p{Cs}\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|(?<!\u{1f3f4}[\u{e0020}-\u{e007f}]*)[\u{e0000}-\u{e007f}]/gu
/** Letters that draw nothing, so that a text of them alone would be an empty one. */
const blankLetters = /[\u115f\u1160\u2800\u3164\uffa0]/gu

/** The text on one line, as a reader would see it. A non-breaking space keeps a number and its unit together. */
export function visibleText(text: string): string {
  return text
    .replace(blankLetters, ' ')
    .replace(/[^\S\u00a0\ufeff]+/gu, ' ')
    .replace(invisible, '')
    .replace(/([\u200c\u200d])[\u200c\u200d]+/gu, '$1')
    .replace(/(\p{M}{8})\p{M}+/gu, '$1') // Towers of accents would cover the lines around them.
    .replace(/ {2,}/gu, ' ')
    .replace(/^(?:\s|\u200c|\u200d|\p{M})+|(?:\s|\u200c|\u200d)+$/gu, '')
}

/** The text as Discord should show it: as it is, on one line, pinging nobody. */
export function plainText(text: string): string {
  return escaped(visibleText(text))
}

function escaped(line: string): string {
  return line
    .replace(/@(?=everyone|here)/giu, `@${joiner}`)
    .replace(/<(?=[@#:/]|a:|t:|id:)/giu, `<${joiner}`)
    .replace(/discord(?=(?:app)?\.(?:gg|com\/invite))/giu, `$&${joiner}`)
    .replace(/[\\*_~`|[\]<>]|:(?=\/\/|[\w+-]+:)/gu, '\\$&')
    .replace(/^(?=(?:-?#{1,3}|[-+]) )/u, '\\')
    .replace(/^(\d+)(?=[.)] )/u, '$1\\')
}

/**
 * The text as Discord should show it, in at most `limit` characters: cut after a whole sentence, else after a whole word.
 * Only a single word longer than all the room is cut itself, and never within a character.
 */
export function shortened(text: string, limit: number, show: (line: string) => string = escaped): string {
  // What follows cannot be seen, and may be very long.
  const line = visibleText(text.slice(0, limit * 4 + 200))
  const whole = show(line)
  if (whole.length <= limit) return whole
  const longest = (ends: readonly number[], room: number) => longestShown(line, ends, room, show)
  const sentences = longest(endsOfSentences(line, limit), limit - 2)
  if (sentences.length >= limit / 2) return `${sentences} ${ellipsis}`
  const words = longest(endsOfWords(line, limit), limit - 1)
  if (/[^\s\p{P}\p{S}]|\p{Extended_Pictographic}/u.test(words)) return words + ellipsis
  const characters = longest(endsOfCharacters(line, limit), limit - 1)
  return limit < 1 ? '' : characters + ellipsis
}

/** The same where neither Markdown nor mentions mean anything. */
export function shortenedAsIs(text: string, limit: number): string {
  return shortened(text, limit, (line) => line)
}

/** In a code span, to be copied; nothing can be escaped in one, so what would end it or mean more is not shown at all. */
export function codeSpan(text: string, limit: number): string {
  const isShown = text.length <= limit && text.trim() !== ''
  return isShown && !/[`\p{Cc}\p{Cs}\p{Cf}]|@everyone|@here|<(?:[@#:/]|\w+:)|\\$/iu.test(text)
    ? `\`${text}\``
    : ''
}

/** The text up to the last of these ends that leaves it short enough as it is shown. */
function longestShown(
  line: string,
  ends: readonly number[],
  room: number,
  show: (line: string) => string,
): string {
  const upTo = (index: number) => show(withoutLooseEnd(line.slice(0, ends[index])))
  let [low, high] = [-1, ends.length - 1]
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if (upTo(middle).length <= room) low = middle
    else high = middle - 1
  }
  return low < 0 ? '' : upTo(low)
}

/** A cut may leave a joiner, a separator or a bracket that opens nothing. */
function withoutLooseEnd(text: string): string {
  return text.replace(/[\s,;:–—/([{<“‘«-]+$|[\s\u200c\u200d]+$/u, '')
}
