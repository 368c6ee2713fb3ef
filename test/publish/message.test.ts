import { describe, expect, it } from 'vitest'
import { type DiscordMessage, digestMessage, threadName, tipMessage } from '../../pipeline/publish/message.js'
import { plainText, shortened } from '../../pipeline/publish/plain-text.js'
import { sampleDigest } from './publish-room.js'

const link = 'https://reports.example.com/debrief/index.html?X-Amz-Signature=abc'

describe('the message of a digest', () => {
  it('opens with the first sentence and the link, and carries figures, sections and the picture', () => {
    const digest = {
      ...sampleDigest(),
      tips: [{ tip_id: 'a/weekly/2026-W07', name: 'a_rule/2026-W07', text: 'Nine calls failed. Try less.' }],
      open_loops: [{ text: 'fix_it (cut short)', command: 'cd ~/harbour && claude --resume 12-ab' }],
      remarks: [{ heading: 'Not in these numbers', lines: ['2 calls'] }],
    }
    const message = digestMessage(digest, link, 'sam on laptop')
    expect(message.content).toBe(`A calm week: less spent, more finished.\n[Read the report](<${link}>)`)
    expect(message.embeds[0]).toEqual({
      title: 'Week of 9 February 2026',
      url: link,
      description: 'Sessions **42** ▲ +12 % · Cost **≥ $31.20**\n\nMost of it went into the importer.',
      color: 0x4f6d7a,
      fields: [
        { name: 'Top friction', value: '• wrong approach, 5 times\n• buggy code, twice', inline: false },
        { name: 'Tips', value: '• Nine calls failed. Try less.\n`a_rule/2026-W07`', inline: false },
        {
          name: 'Open loops',
          value: '• fix\\_it (cut short)\n`cd ~/harbour && claude --resume 12-ab`',
          inline: false,
        },
        { name: 'Not in these numbers', value: '• 2 calls', inline: false },
      ],
      footer: { text: 'Debrief · weekly 2026-W07 · sam on laptop' },
      image: { url: 'attachment://digest.png' },
    })
    expect(message.picture).toEqual({ name: 'digest.png', altText: 'Cost by day' })
  })

  it('has no link and no picture where there are none', () => {
    const message = digestMessage({ ...sampleDigest(), image: null }, null)
    expect(message.content).toBe('A calm week: less spent, more finished.')
    expect(embedOf(message).url).toBeUndefined()
    expect(embedOf(message).image).toBeUndefined()
    expect(message.picture).toBeNull()
  })

  it('says that a running period is not over', () => {
    expect(embedOf(digestMessage({ ...sampleDigest(), is_so_far: true }, null)).title).toBe(
      'Week of 9 February 2026 (so far)',
    )
  })

  it('goes on in another field where a section is long, and counts the lines that do not fit', () => {
    const lines = Array.from({ length: 300 }, (_, i) => `line ${i + 1} about something of some length`)
    const { fields } = embedOf(
      digestMessage({ ...sampleDigest(), headlines: [], sections: [{ heading: 'Long', lines }] }, null),
    )
    expect(fields.map(({ name }) => name).slice(0, 2)).toEqual(['Long', 'Long (continued)'])
    const shown = fields.flatMap(({ value }) => value.split('\n'))
    expect(shown.at(-1)).toMatch(/^… and \d+ more$/)
    expect(shown.slice(0, -1)).toEqual(lines.slice(0, shown.length - 1).map((text) => `• ${text}`))
    expect(Number(shown.at(-1)?.match(/\d+/)?.[0]) + shown.length - 1).toBe(300)
  })

  it('lets no enormous section crowd out a small one', () => {
    const long = Array.from({ length: 500 }, (_, i) => `line ${i + 1} of far too many lines`)
    const sections = [
      { heading: 'Long', lines: long },
      { heading: 'Longer', lines: [...long, ...long] },
      { heading: 'Small', lines: ['one line'] },
    ]
    const { fields } = embedOf(digestMessage({ ...sampleDigest(), sections }, null))
    expect(fields.at(-1)).toEqual({ name: 'Small', value: '• one line', inline: false })
    expect(new Set(fields.map(({ name }) => name.replace(' (continued)', '')))).toEqual(
      new Set(['Long', 'Longer', 'Small']),
    )
  })

  it('leaves away a command that could not be copied from a code span, and keeps its line', () => {
    const open_loops = [{ text: 'a loop', command: 'cd `x` && claude' }]
    const { fields } = embedOf(digestMessage({ ...sampleDigest(), sections: [], open_loops }, null))
    expect(fields).toEqual([{ name: 'Open loops', value: '• a loop', inline: false }])
  })

  it('names a forum’s post by its template', () => {
    expect(threadName('Debrief {period}: {title}', sampleDigest())).toBe(
      'Debrief 2026-W07: Week of 9 February 2026',
    )
    expect(threadName('word '.repeat(40), sampleDigest())).toMatch(/^(word ){19}word…$/)
  })

  it('of a tip says how to answer', () => {
    expect(tipMessage({ tip_id: 'a/weekly/2026-W07', name: 'a/2026-W07', text: 'Try *less*.' }).content).toBe(
      'Try \\*less\\*.\n-# `a/2026-W07` · 👍 helpful · 👎 not for me',
    )
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
      '\\# a \\*b\\* \\_\\_init\\_\\_ \\[x\\](https\\://example.com)',
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
    expect(shortened('aa*bb', 4)).toBe('aa…')
    expect(shortened('aa*bb', 5)).toBe('aa\\*…')
  })

  it('is shortened after a whole sentence where that leaves most of it', () => {
    expect(shortened('First we looked. Then we thought about it for long.', 30)).toBe('First we looked. …')
    expect(shortened('So. Then we thought about it for long.', 30)).toBe('So. Then we thought about it…')
  })

  it('is not cut within snake_case or a path', () => {
    expect(shortened('see tide_table_reader.ts and more', 20)).toBe('see…')
    expect(shortened('see src/tide/table.ts and more', 18)).toBe('see…')
  })

  it('draws no preview, no invitation and no picture of its own', () => {
    expect(plainText('https://example.com discord.gg/abc :smile: 12:30')).toBe(
      'https\\://example.com discord\u200d.gg/abc \\:smile: 12:30',
    )
  })

  it('holds nothing that cannot be seen or that turns a line around', () => {
    expect(plainText('a\u202eb\u200bc\ufeffd\u2066e \ud83d f\u3164')).toBe('abcde f')
    expect(plainText('👩\u200d💻 می\u200cخواهم')).toBe('👩\u200d💻 می\u200cخواهم')
    expect(plainText(`z${'\u0301'.repeat(50)}`)).toBe(`z${'\u0301'.repeat(8)}`)
    expect(plainText('\u200b\u200d\u2800 \u3164')).toBe('')
  })
})

function embedOf(message: DiscordMessage) {
  const [embed] = message.embeds
  if (!embed) throw new Error('expected an embed')
  return embed
}
