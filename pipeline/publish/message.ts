// A digest as a Discord message: within every documented limit whatever the digest holds, and unable to ping.
import type { Digest } from './digest.js'
import { type MessageField, type SectionText, sectionFields } from './message-fields.js'
import { codeSpan, shortened, shortenedAsIs, visibleText } from './plain-text.js'

/** What a message may hold, by Discord's documentation; lengths in UTF-16 units, the strictest way to count. */
export const discordLimits = {
  content: 2000,
  title: 256,
  altText: 1024,
  url: 2048,
  embedTotal: 6000,
  threadName: 100,
  attachmentBytes: 10 * 1024 * 1024,
} as const

const sentenceLimit = 600
const descriptionShare = 2000
const footerLimit = 200
const accentColor = 0x4f6d7a
// A triangle that points right would become a picture.
const arrows = { up: '▲', down: '▼', flat: '→' } as const

/** How a tip is answered by one tap. */
export const reactions = { helpful: '👍', dismissed: '👎' } as const

export interface MessageEmbed {
  readonly title: string
  readonly url?: string
  readonly description?: string
  readonly color: number
  readonly fields: readonly MessageField[]
  readonly footer?: { readonly text: string }
  readonly image?: { readonly url: string }
}

export interface DiscordMessage {
  readonly content: string
  readonly embeds: readonly MessageEmbed[]
  readonly allowedMentions: { readonly parse: readonly [] }
  /** The picture to attach: a file beside digest.json, and its text for those who cannot see it. */
  readonly picture: { readonly name: string; readonly altText: string } | null
}

/** The message for a digest; `link` leads to the report, null where it is not published anywhere. */
export function digestMessage(digest: Digest, link: string | null, owner = ''): DiscordMessage {
  const title = titleOf(digest)
  const [first, ...rest] = digest.sentences.filter((sentence) => visibleText(sentence) !== '')
  const description = descriptionOf(digest, rest)
  const footer = footerOf(digest, owner)
  const room = discordLimits.embedTotal - title.length - description.length - footer.length
  const url = link !== null && isShown(link) && link.length <= discordLimits.url ? { url: link } : {}
  return {
    content: contentOf(first ?? digest.title, title, link),
    embeds: [
      {
        title,
        ...url,
        ...(description === '' ? {} : { description }),
        color: accentColor,
        fields: sectionFields(sectionsOf(digest), room),
        footer: { text: footer },
        ...(digest.image === null ? {} : { image: { url: `attachment://${digest.image}` } }),
      },
    ],
    allowedMentions: { parse: [] },
    picture:
      digest.image === null
        ? null
        : { name: digest.image, altText: shortened(digest.image_alt, discordLimits.altText) },
  }
}

/** The name of a forum's post: `{period}` and `{title}` stand for the digest's own. */
export function threadName(template: string, digest: Digest): string {
  const name = template.replaceAll('{period}', digest.period).replaceAll('{title}', digest.title)
  return shortenedAsIs(name, discordLimits.threadName) || 'Debrief'
}

function titleOf(digest: Digest): string {
  const end = digest.is_so_far ? ' (so far)' : ''
  const text = [digest.title, digest.period].find((candidate) => visibleText(candidate) !== '') ?? 'Debrief'
  return shortened(text, discordLimits.title - end.length) + end
}

/** The sentence that a notification shows, and the link in a form that draws no preview. */
function contentOf(sentence: string, title: string, link: string | null): string {
  const linkLine = link === null || !isShown(link) ? '' : `\n[Read the report](<${link}>)`
  const shownLink = linkLine.length < discordLimits.content - sentenceLimit ? linkLine : ''
  return (shortened(sentence, sentenceLimit) || title) + shownLink
}

function isShown(link: string): boolean {
  return /^https?:\/\/[^\s<>]+$/.test(link)
}

/** The figures, two on a line, and what else the letter's first paragraph says. */
function descriptionOf({ headlines }: Digest, sentences: readonly string[]): string {
  const figures = headlines.map(headlineText).filter((text) => text !== '')
  const pairs = figures.flatMap((text, i) => (i % 2 === 0 ? [[text, ...figures.slice(i + 1, i + 2)]] : []))
  const lines = wholeLines(
    pairs.map((pair) => pair.join(' · ')),
    descriptionShare / 2,
  )
  const told = wholeLines(
    sentences.slice(0, 20).map((sentence) => shortened(sentence, sentenceLimit)),
    descriptionShare - lines.length - 2,
  )
  return [lines, told].filter((text) => text !== '').join('\n\n')
}

function headlineText({ label, value, change, direction }: Digest['headlines'][number]): string {
  const figure = shortened(value, 100)
  if (figure === '') return ''
  const moved = change === null ? '' : shortened(change, 100)
  const arrow = direction === null || moved === '' ? '' : `${arrows[direction]} `
  return [shortened(label, 100), `**${figure}**`, arrow + moved].filter((part) => part !== '').join(' ')
}

function wholeLines(lines: readonly string[], limit: number): string {
  let text = ''
  for (const line of lines) {
    const longer = text === '' ? line : `${text}\n${line}`
    if (longer.length > limit) break
    text = longer
  }
  return text
}

function sectionsOf(digest: Digest): SectionText[] {
  const plain = ({ heading, lines }: Digest['sections'][number]) => ({
    heading,
    lines: lines.map((text) => ({ text, code: null })),
  })
  return [
    ...digest.sections.map(plain),
    { heading: 'Tips', lines: digest.tips.map(({ text, name }) => ({ text, code: name })) },
    {
      heading: 'Open loops',
      lines: digest.open_loops.map(({ text, command }) => ({ text, code: command })),
    },
    ...digest.remarks.map(plain),
  ]
}

/** Whose digest it is, in a channel of many; a footer knows no Markdown, so nothing is escaped. */
function footerOf({ kind, period }: Digest, owner: string): string {
  return shortenedAsIs(`Debrief · ${kind} ${period}${owner === '' ? '' : ` · ${owner}`}`, footerLimit)
}

/** A tip's own message, to be answered by one tap on a reaction. */
export function tipMessage({ text, name }: Digest['tips'][number]): DiscordMessage {
  const answers = [codeSpan(name, 200), `${reactions.helpful} helpful`, `${reactions.dismissed} not for me`]
  return {
    content: `${shortened(text, 1200)}\n-# ${answers.filter((part) => part !== '').join(' · ')}`,
    embeds: [],
    allowedMentions: { parse: [] },
    picture: null,
  }
}

/** What an alert says, as it is kept. */
export interface AlertText {
  readonly kind: string
  readonly message: string
  /** YYYY-MM-DD */
  readonly localDate: string
}

/** An alert's message; `link` leads to the part of the report that says why, null where there is none. */
export function alertMessage(
  { message, localDate }: AlertText,
  link: string | null,
  owner: string,
): DiscordMessage {
  const linkLine = link === null || !isShown(link) || link.length > 1000 ? '' : `\n[See why](<${link}>)`
  return {
    content: `⚠ ${shortened(message, 800)}${linkLine}\n-# ${shortened(`Debrief · alert ${localDate} · ${owner}`, footerLimit)}`,
    embeds: [],
    allowedMentions: { parse: [] },
    picture: null,
  }
}

/** The name of an alert's post in a forum. */
export function threadNameOfAlert({ kind, localDate }: AlertText): string {
  return `Alert: ${kind.replaceAll('_', ' ')}, ${localDate}`
}
