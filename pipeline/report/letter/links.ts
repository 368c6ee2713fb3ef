// Links each claim of the letter to the part of the report that shows it; the letter itself is kept without links.

import { escapeHtml } from '../../escape.js'
import { type Anchor, type Anchors, anchorOf, markdownAnchor } from '../anchors.js'
import { markdownToHtml } from '../templates.js'
import { figureIn } from './figure-words.js'
import type { Claim, Told } from './remarks.js'

export interface LetterLink {
  /** The words that are linked, without markup. */
  readonly phrase: string
  readonly href: string
  /** Of the part that it leads to. */
  readonly heading: string
  /** The part in the Markdown, which has no pages of sessions. */
  readonly markdownHref: string
}

/** A letter's Markdown with marks where links begin and end. */
export interface LinkedLetter {
  readonly marked: string
  readonly links: readonly LetterLink[]
}

export interface LinkTargets {
  readonly anchors: Anchors
  /** The address of each session's page, by id. */
  readonly sessions: ReadonlyMap<string, string>
}

// Private-use characters: no logged text brings them here, and Markdown passes them on.
const [open, middle, close] = ['\ue000', '\ue001', '\ue002']
const marks = /[\ue000-\ue002]/g

/**
 * Sentences and phrases are given as they stand in the Markdown. Sentences that are not found in the letter, and claims without a
 * part on this page, stay without a link.
 */
export function linkLetter(markdown: string, told: readonly Told[], targets: LinkTargets): LinkedLetter {
  const plain = markdown.replace(marks, '')
  const places = told
    .flatMap((sentence) => placesOf(plain, sentence, targets))
    .sort((a, b) => a.from - b.from || b.to - a.to)
  const apart = places.filter((place, i) => places.slice(0, i).every(({ to }) => to <= place.from))
  let marked = ''
  let at = 0
  apart.forEach(({ from, to }, i) => {
    marked += `${plain.slice(at, from)}${open}${i}${middle}${plain.slice(from, to)}${close}`
    at = to
  })
  return { marked: marked + plain.slice(at), links: apart.map(({ link }) => link) }
}

/** The first paragraph, and the rest. */
export function leadAndRest(marked: string): { readonly lead: string; readonly rest: string } {
  const [lead = '', ...rest] = marked.split(/\n\s*\n/)
  return { lead, rest: rest.join('\n\n') }
}

/** As HTML. Whatever links a letter brings along are only their words; these alone lead anywhere. */
export async function linkedHtml(marked: string, links: readonly LetterLink[]): Promise<string> {
  const html = await markdownToHtml(marked)
  return html
    .replace(/\ue000(\d+)\ue001/g, (_mark, index) => {
      const { href, heading, phrase } = links[Number(index)]!
      return `<a class="claim" href="${href}" aria-label="${escapeHtml(`${phrase}: ${heading}`)}">`
    })
    .replaceAll(close!, '</a>')
}

/** As Markdown, in which a letter's own markup, pictures and links are only their words as well. */
export function linkedMarkdown(marked: string, links: readonly LetterLink[]): string {
  const inert = marked.replace(/(?<!\\)(?:<|\[(?![ x]\] )|:(?=\/\/))/g, '\\$&')
  return inert.replace(
    /\ue000(\d+)\ue001([^\ue002]*)\ue002/g,
    (_mark, index, words) => `[${words}](${links[Number(index)]!.markdownHref})`,
  )
}

interface Place {
  readonly from: number
  readonly to: number
  readonly link: LetterLink
}

function placesOf(markdown: string, { text: sentence, claims }: Told, targets: LinkTargets): Place[] {
  const start = markdown.indexOf(sentence)
  if (start < 0) return []
  return claims.flatMap((claim) => {
    const anchor = anchorOf(claim.parts, targets.anchors)
    const phrase = claim.phrase ?? figureIn(sentence)
    const at = phrase === null ? -1 : sentence.indexOf(phrase)
    if (anchor === null || phrase === null || at < 0) return []
    const link = linkOf(claim, anchor, phrase, targets)
    return [{ from: start + at, to: start + at + phrase.length, link }]
  })
}

function linkOf(claim: Claim, anchor: Anchor, phrase: string, { sessions }: LinkTargets): LetterLink {
  const page = claim.sessionId === undefined ? undefined : sessions.get(claim.sessionId)
  return {
    phrase: phrase.replace(/\\(?=[^\w\s])/g, ''),
    href: page ?? anchor.href,
    heading: page === undefined ? anchor.heading : 'the session',
    markdownHref: `#${markdownAnchor(anchor.heading)}`,
  }
}
