import { describe, expect, it } from 'vitest'
import type { Digest } from '../../pipeline/publish/digest.js'
import { type DigestMessage, digestMessage } from '../../pipeline/publish/message.js'
import { plainText, shortened } from '../../pipeline/publish/plain-text.js'
import { drawnMentions, type MessageBody, pingsOf, validateMessage } from '../support/discord-limits.js'
import { sampleDigest } from './publish-room.js'

const link = 'https://reports.example.com/debrief/index.html?X-Amz-Signature=abc'

describe('the message of a digest', () => {
  it('opens with the first sentence and the link, and carries figures, sections and the picture', () => {
    const message = digestMessage(sampleDigest(), link)
    expect(message.content).toBe(`A calm week: less spent, more finished.\n[Read the report](<${link}>)`)
    expect(message.embeds[0]).toEqual({
      title: 'Week of 9 February 2026',
      url: link,
      description: 'Most of it went into the importer.',
      color: 0x4f6d7a,
      fields: [
        { name: 'Sessions', value: '**42**\n▲ +12 %', inline: true },
        { name: 'Cost', value: '**≥ $31.20**', inline: true },
        { name: 'Top friction', value: '• wrong approach, 5 times\n• buggy code, twice', inline: false },
      ],
      image: { url: 'attachment://digest.png' },
    })
    expect(message.picture).toEqual({ name: 'digest.png', altText: 'Cost by day' })
  })

  it('has no link and no picture where there are none', () => {
    const message = digestMessage({ ...sampleDigest(), image: null }, null)
    expect(message.content).toBe('A calm week: less spent, more finished.')
    expect(message.embeds[0].url).toBeUndefined()
    expect(message.embeds[0].image).toBeUndefined()
    expect(message.picture).toBeNull()
  })

  it('says that a running period is not over', () => {
    expect(digestMessage({ ...sampleDigest(), is_so_far: true }, null).embeds[0].title).toBe(
      'Week of 9 February 2026 (so far)',
    )
  })

  it('shows whole lines and counts those that do not fit', () => {
    const lines = Array.from({ length: 60 }, (_, i) => `line ${i + 1} about something of some length`)
    const message = digestMessage(
      { ...sampleDigest(), headlines: [], sections: [{ heading: 'Long', lines }] },
      null,
    )
    const value = message.embeds[0].fields[0]?.value ?? ''
    expect(value.length).toBeLessThanOrEqual(1024)
    expect(value.split('\n').at(-1)).toMatch(/^… and \d+ more$/)
    for (const line of value.split('\n').slice(0, -1))
      expect(lines.map((text) => `• ${text}`)).toContain(line)
  })

  it('stays within every limit and draws no mention, whatever the digest holds', () => {
    for (let seed = 1; seed <= 300; seed++) {
      const message = digestMessage(
        randomDigest(seed),
        seed % 3 === 0 ? null : `${link}${'x'.repeat(seed * 9)}`,
      )
      expect(validateMessage(bodyOf(message), filesOf(message)), `seed ${seed}`).toBeNull()
      expect(drawnMentions(textsOf(message).join('\n')), `seed ${seed}`).toEqual([])
      expect(pingsOf(bodyOf(message))).toEqual([])
      expect(pingsOf({ content: message.content }), 'even if allowed_mentions were lost').toEqual([])
    }
  })
})

describe('plain text', () => {
  it('cannot mention anybody', () => {
    expect(plainText('@everyone @here <@123> <@&4> <#5> </run:6> mail@example.com')).toBe(
      '@\u200deveryone @\u200dhere \\<\u200d@123\\> \\<\u200d@&4\\> \\<\u200d#5\\> \\<\u200d/run:6\\> mail@example.com',
    )
  })

  it('is shown as written, on one line', () => {
    expect(plainText('# a *b* __init__\n[x](https://example.com)')).toBe(
      '\\# a \\*b\\* \\_\\_init\\_\\_ \\[x\\](https://example.com)',
    )
  })

  it('is shortened after a whole word', () => {
    expect(shortened('one two three', 13)).toBe('one two three')
    expect(shortened('one two three', 12)).toBe('one two…')
    expect(shortened('one two three', 8)).toBe('one two…')
    expect(shortened('one two three', 7)).toBe('one…')
    expect(shortened('one, two', 6)).toBe('one…')
  })

  it('cuts a word only where it is longer than all the room, and never a character', () => {
    expect(shortened('aaaaaaaaaa', 5)).toBe('aaaa…')
    expect(shortened('👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧', 10)).toBe('👨‍👩‍👧…')
    expect(shortened('今日は良い天気です', 5)).toMatch(/^今日.*…$/)
  })

  it('leaves no half escape at the end', () => {
    expect(shortened('aa\\*bb', 4)).toBe('aa…')
  })
})

function bodyOf({ content, embeds, allowedMentions, picture }: DigestMessage): MessageBody {
  const attachments = picture ? [{ id: '0', description: picture.altText }] : []
  return { content, embeds, attachments, allowed_mentions: allowedMentions }
}

function filesOf(message: DigestMessage) {
  return message.picture ? [{ name: message.picture.name, bytes: Buffer.from('x') }] : []
}

function textsOf({ content, embeds: [embed] }: DigestMessage): string[] {
  const own = content.replace(/\(<[^>]*>\)$/, '')
  return [
    own,
    embed.title,
    embed.description ?? '',
    ...embed.fields.flatMap(({ name, value }) => [name, value]),
  ]
}

/** Digests of all lengths, full of what Discord gives a meaning to. */
function randomDigest(seed: number): Digest {
  const random = mulberry(seed)
  const count = (most: number) => Math.floor(random() ** 2 * (most + 1))
  const pieces = [
    '@everyone',
    '@here',
    '<@123456>',
    '<@&9>',
    '<#7>',
    '</x:1>',
    '<id:browse>',
    '*',
    '_',
    '`',
    '\\',
    '[a](b)',
  ]
  const words = [
    ...pieces,
    'word',
    'ünïcode',
    '漢字',
    '👩‍💻',
    '\n',
    '\t',
    '',
    'x'.repeat(400),
    '||',
    '> ',
    '# ',
    '-',
    '://',
  ]
  const text = (most: number) =>
    Array.from({ length: count(most) }, () => words[Math.floor(random() * words.length)]).join(
      random() < 0.5 ? ' ' : '',
    )
  return {
    schema: 'debrief.digest/1',
    kind: 'weekly',
    period: '2026-W07',
    title: text(80),
    content: 'none',
    is_so_far: random() < 0.5,
    headlines: Array.from({ length: count(40) }, () => ({
      label: text(20),
      value: text(30),
      change: random() < 0.5 ? null : text(20),
      direction: random() < 0.5 ? null : 'up',
    })),
    sentences: Array.from({ length: count(30) }, () => text(300)),
    sections: Array.from({ length: count(40) }, () => ({
      heading: text(60),
      lines: Array.from({ length: count(50) }, () => text(40)),
    })),
    image: random() < 0.5 ? null : 'digest.png',
    image_alt: text(300),
  }
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
