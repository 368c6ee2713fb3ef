// A digest as a Discord message: within every documented limit whatever the digest holds, and unable to ping.
import type { Digest } from './digest.js'
import { plainText, shortened } from './plain-text.js'

/** What a message may hold, by Discord's documentation; lengths in UTF-16 units, the strictest way to count. */
export const discordLimits = {
  content: 2000,
  title: 256,
  description: 4096,
  fields: 25,
  fieldName: 256,
  fieldValue: 1024,
  altText: 1024,
  url: 2048,
  embedTotal: 6000,
  attachmentBytes: 10 * 1024 * 1024,
} as const

const lineLimit = 300
const descriptionShare = 2000
const accentColor = 0x4f6d7a
const arrows = { up: '▲', down: '▼', flat: '▶' } as const

export interface MessageField {
  readonly name: string
  readonly value: string
  readonly inline: boolean
}

export interface MessageEmbed {
  readonly title: string
  readonly url?: string
  readonly description?: string
  readonly color: number
  readonly fields: readonly MessageField[]
  readonly image?: { readonly url: string }
}

export interface DigestMessage {
  readonly content: string
  readonly embeds: readonly [MessageEmbed]
  readonly allowedMentions: { readonly parse: readonly [] }
  /** The picture to attach: a file beside digest.json, and its text for those who cannot see it. */
  readonly picture: { readonly name: string; readonly altText: string } | null
}

/** The message for a digest; `link` leads to the report, null where it is not published anywhere. */
export function digestMessage(digest: Digest, link: string | null): DigestMessage {
  const [first, ...rest] = digest.sentences.map(plainText).filter((sentence) => sentence !== '')
  const title = shortened(titleOf(digest), discordLimits.title)
  const description = rest.length > 0 ? shortened(rest.join('\n'), descriptionShare) : null
  const room = discordLimits.embedTotal - title.length - (description?.length ?? 0)
  return {
    content: contentOf(first ?? title, link),
    embeds: [
      {
        title,
        ...(link !== null && link.length <= discordLimits.url ? { url: link } : {}),
        ...(description === null ? {} : { description }),
        color: accentColor,
        fields: fittingFields(
          [...digest.headlines.map(headlineText), ...digest.sections.map(sectionText)],
          room,
        ),
        ...(digest.image === null ? {} : { image: { url: `attachment://${digest.image}` } }),
      },
    ],
    allowedMentions: { parse: [] },
    picture:
      digest.image === null
        ? null
        : { name: digest.image, altText: shortened(plainText(digest.image_alt), discordLimits.altText) },
  }
}

function titleOf(digest: Digest): string {
  return (plainText(digest.title) || digest.period) + (digest.is_so_far ? ' (so far)' : '')
}

/** The sentence that a notification shows, and the link in a form that draws no preview. */
function contentOf(sentence: string, link: string | null): string {
  const linkLine = link === null ? '' : `\n[Read the report](<${link}>)`
  const isLinkShown = linkLine.length < discordLimits.content
  const room = discordLimits.content - (isLinkShown ? linkLine.length : 0)
  return shortened(sentence, room) + (isLinkShown ? linkLine : '')
}

interface FieldText {
  readonly name: string
  readonly lines: readonly string[]
  readonly inline: boolean
}

function headlineText({ label, value, change, direction }: Digest['headlines'][number]): FieldText {
  const arrow = direction === null ? '' : `${arrows[direction]} `
  const figure = shortened(plainText(value), lineLimit)
  const changeLines = change === null ? [] : [arrow + shortened(plainText(change), lineLimit)]
  return {
    name: plainText(label),
    lines: figure === '' ? [] : [`**${figure}**`, ...changeLines],
    inline: true,
  }
}

function sectionText({ heading, lines }: Digest['sections'][number]): FieldText {
  const shown = lines.map((line) => shortened(plainText(line), lineLimit)).filter((line) => line !== '')
  return { name: plainText(heading), lines: shown.map((line) => `• ${line}`), inline: false }
}

/** The first fields that fit; one without a name or a value would be refused by Discord, so it is left out. */
function fittingFields(texts: readonly FieldText[], room: number): MessageField[] {
  const fields: MessageField[] = []
  let left = room
  for (const text of texts) {
    const name = shortened(text.name, discordLimits.fieldName)
    const value = wholeLines(text.lines, Math.min(discordLimits.fieldValue, left - name.length))
    if (name === '' || value === '') continue
    if (fields.length === discordLimits.fields) break
    fields.push({ name, value, inline: text.inline })
    left -= name.length + value.length
  }
  return fields
}

/** As many whole lines as fit, and a count of those that do not. */
function wholeLines(lines: readonly string[], limit: number): string {
  for (let count = lines.length; count > 0; count--) {
    const leftOut = lines.length - count
    const text = [...lines.slice(0, count), ...(leftOut > 0 ? [`… and ${leftOut} more`] : [])].join('\n')
    if (text.length <= limit) return text
  }
  return ''
}
