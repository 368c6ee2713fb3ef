// Where a line may be cut: after its sentences, its words, its characters; each as offsets in rising order.

const sentences = new Intl.Segmenter('en', { granularity: 'sentence' })
const words = new Intl.Segmenter('en', { granularity: 'word' })
const characters = new Intl.Segmenter('en', { granularity: 'grapheme' })

/** Scripts that are written without spaces, and pictures, which are words of their own. */
const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}\p{Extended_Pictographic}\p{Regional_Indicator}]/u

export function endsOfSentences(line: string, most: number): number[] {
  const ends = endsOf(sentences, line, most)
  return ends.filter((end) => /[.!?…。！？][”’"')\]]*\s*$/u.test(line.slice(Math.max(0, end - 8), end)))
}

/** Beyond this a cut is not looked for, and what follows no longer matters. */
const lookahead = 64

function isUnspaced(segment: string): boolean {
  return (segment.codePointAt(0) ?? 0) >= 0x0e00 && unspaced.test(segment)
}

/** Before every space, and between the words of a script that has none. */
export function endsOfWords(line: string, most: number): number[] {
  const ends: number[] = []
  let wasUnspaced = false
  for (const { segment, index } of words.segment(line.slice(0, most + lookahead))) {
    if (index > most) break
    const isOwn = isUnspaced(segment)
    const isFree = segment.startsWith(' ') || isOwn || wasUnspaced
    if (index > 0 && isFree) ends.push(index)
    wasUnspaced = isOwn
  }
  return ends
}

export function endsOfCharacters(line: string, most: number): number[] {
  return endsOf(characters, line, most)
}

function endsOf(segmenter: Intl.Segmenter, line: string, most: number): number[] {
  const ends: number[] = []
  for (const { segment, index } of segmenter.segment(line.slice(0, most + lookahead))) {
    const end = index + segment.length
    if (end > most) break
    ends.push(end)
  }
  return ends
}
