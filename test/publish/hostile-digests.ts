// Digests of every size, full of what Discord gives a meaning to and of every script, the same for the same seed.
import type { Digest } from '../../pipeline/publish/digest.js'

export const words = [
  'word',
  'refactoring',
  'snake_case_name',
  'src/tide/table.ts',
  'ünïcode',
  'naïve',
  '漢字の文章です。',
  '今日は良い天気ですね',
  '한국어',
  'مرحبا',
  'שלום',
  'नमस्ते',
  'ภาษาไทยไม่มีช่องว่าง',
  'می\u200cخواهم',
  '👩‍💻',
  '👨‍👩‍👧‍👦',
  '🏴󠁧󠁢󠁥󠁮󠁧󠁿',
  '🇩🇪🇫🇷',
  `z${'\u0300\u0301\u0302'.repeat(20)}`,
  '\u202eevil\u202c',
  '\u2066x\u2069',
  '\u200b\u200b',
  '\u3164',
  '\u2800',
  '\ud83d',
  '\udc00x',
  '@everyone',
  '@here',
  '<@123456>',
  '<@!1>',
  '<@&9>',
  '<#7>',
  '</x:1>',
  '<id:browse>',
  '<t:1:R>',
  '<:smile:12>',
  ':smile:',
  '**',
  '*',
  '__',
  '~~',
  '||',
  '`',
  '```',
  '\\',
  '[a](https://example.com)',
  'https://example.com/a/b?c=d',
  'discord.gg/abcdef',
  '# ',
  '-# ',
  '> ',
  '- ',
  '1. ',
  '\n',
  '\t',
  '\u0000',
  '',
  'x'.repeat(400),
  'ab*'.repeat(900),
  '長'.repeat(700),
  '. ',
  '! ',
]

export function hostileDigest(seed: number): Digest {
  const random = mulberry(seed)
  // Most weeks are small, some are enormous, and some are empty.
  const scale = seed % 10 === 0 ? 0 : random() ** 5
  const count = (most: number) => Math.floor(random() * scale * (most + 1))
  const text = (most: number) => {
    const join = random() < 0.7 ? ' ' : ''
    return Array.from({ length: count(most) }, () => words[Math.floor(random() * words.length)]).join(join)
  }
  const list = <T>(most: number, make: () => T): T[] => Array.from({ length: count(most) }, make)
  const section = () => ({ heading: text(30), lines: list(30, () => text(40)) })
  return {
    schema: 'debrief.digest/1',
    kind: random() < 0.5 ? 'weekly' : 'monthly',
    period: '2026-W07',
    title: text(60),
    content: 'none',
    is_so_far: random() < 0.5,
    headlines: list(20, () => ({
      label: text(10),
      value: text(20),
      change: random() < 0.5 ? null : text(10),
      direction: random() < 0.5 ? null : 'up',
    })),
    sentences: list(12, () => text(100)),
    sections: list(20, section),
    tips: list(8, () => ({ tip_id: text(4), name: text(4), text: text(200) })),
    open_loops: list(8, () => ({ text: text(60), command: random() < 0.5 ? null : text(8) })),
    remarks: list(4, section),
    image: random() < 0.5 ? null : 'digest.png',
    image_alt: text(200),
  }
}

/** Every text that the digest holds. */
export function textsOfDigest(digest: Digest): string[] {
  return [
    digest.title,
    digest.image_alt,
    ...digest.sentences,
    ...digest.headlines.flatMap(({ label, value, change }) => [label, value, change ?? '']),
    ...[...digest.sections, ...digest.remarks].flatMap(({ heading, lines }) => [heading, ...lines]),
    ...digest.tips.map(({ text }) => text),
    ...digest.open_loops.map(({ text }) => text),
  ]
}

function mulberry(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}
