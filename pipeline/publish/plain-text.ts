// Makes any text harmless in a Discord message (no mention, no Markdown), and shortens it by words.

const joiner = '\u200d'
const ellipsis = '…'
const segmenter = new Intl.Segmenter('en', { granularity: 'word' })
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })

/** The text as Discord should show it: as it is, on one line, pinging nobody. */
export function plainText(text: string): string {
  return text
    .replace(/\s+/gu, ' ')
    .trim()
    .replace(/@(?=everyone|here)/giu, `@${joiner}`)
    .replace(/<(?=[@#:/]|a:|t:|id:)/giu, `<${joiner}`)
    .replace(/[\\*_~`|[\]<>]/gu, '\\$&')
    .replace(/^(?=[#-])/u, '\\')
}

/** At most `limit` characters, cut after a whole word. Only a single word longer than all of it is cut itself. */
export function shortened(text: string, limit: number): string {
  if (text.length <= limit) return text
  if (limit < 1) return ''
  const room = limit - ellipsis.length
  const words = fitting(segmenter.segment(text), room)
  const kept = words.replace(/[\s\p{P}\p{S}]+$/u, '') === '' ? fitting(graphemes.segment(text), room) : words
  return withoutLooseEnd(kept) + ellipsis
}

function fitting(segments: Intl.Segments, room: number): string {
  let kept = ''
  for (const { segment } of segments) {
    if (kept.length + segment.length > room) break
    kept += segment
  }
  return kept
}

/** A cut may leave half an escape, a joiner or a dangling separator. */
function withoutLooseEnd(text: string): string {
  return text.replace(/(?:[\s,;:–-]|\u200d)+$/u, '').replace(/(?<!\\)((?:\\\\)*)\\$/u, '$1')
}
