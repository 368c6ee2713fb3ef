// How a report opens: headline numbers, the letter's lead, the biggest surprise, then the letter, each claim linked.

import { type Anchor, type Anchors, anchorOf, markdownAnchor } from './anchors.js'
import type { ReportInput } from './contents.js'
import { comparisonNote } from './headline-comparisons.js'
import { type Headline, headlinesOf } from './headlines.js'
import { type LetterFigures, letterFigures } from './letter/figures.js'
import { toldByRules } from './letter/letter.js'
import { type LinkedLetter, type LinkTargets, linkLetter } from './letter/links.js'
import { toldByMatch } from './letter/match.js'
import type { Told } from './letter/remarks.js'
import { headlineBlocks } from './markdown.js'
import { escapeMarkdown } from './narrative.js'
import { sessionAddresses } from './session-links.js'
import { type Surprise, surpriseOf } from './surprise.js'

export interface LinkedHeadline extends Headline {
  /** The part that shows it in detail, where the page has one. */
  readonly anchor: Anchor | null
}

export interface LinkedSurprise extends Surprise {
  readonly anchor: Anchor | null
}

export interface Opening {
  readonly headlines: readonly LinkedHeadline[]
  readonly comparisonNote: string
  readonly surprise: LinkedSurprise | null
  readonly letter: LinkedLetter
  readonly figures: LetterFigures | null
}

/** What the other parts are is known first: nothing here leads to a part that is not there. */
export function openingOf(input: ReportInput, partAnchors: Anchors): Opening {
  const { data, config, letter } = input
  const figures = letterFigures(data)
  const anchors = figures ? new Map([...partAnchors, [figures.id, figures.heading]]) : partAnchors
  const sessions = sessionAddresses(data)
  const surprise = surpriseOf(data)
  const headlines = headlinesOf(data, config.timezone)
  return {
    comparisonNote: comparisonNote(data, headlines),
    headlines: headlines.map((headline) => ({
      ...headline,
      anchor: anchorOf(headline.parts, anchors),
    })),
    surprise: surprise && { ...surprise, anchor: anchorOf(surprise.parts, anchors) },
    letter: linkLetter(letter.markdown, toldIn(input), { anchors, sessions } satisfies LinkTargets),
    figures,
  }
}

/** Sentences of the rules say themselves what they claim; what a model wrote, or earlier rules, is matched. */
function toldIn({ data, config, letter }: ReportInput): Told[] {
  const byRules = toldByRules({ data, context: config.context }).map(inMarkdown)
  const isKnown = (text: string) => byRules.some((told) => told.text.includes(text))
  const others = toldByMatch(letter.markdown, data).filter(({ text }) => !isKnown(text))
  return [...byRules, ...others]
}

function inMarkdown({ text, claims }: Told): Told {
  return {
    text: escapeMarkdown(text),
    claims: claims.map((claim) =>
      claim.phrase === undefined ? claim : { ...claim, phrase: escapeMarkdown(claim.phrase) },
    ),
  }
}

export function openingBlocks({ headlines, surprise }: Opening, lead: string): string[] {
  const where = surprise?.anchor
    ? ` [${escapeMarkdown(surprise.anchor.heading)}](#${markdownAnchor(surprise.anchor.heading)})`
    : ''
  return [
    ...headlineBlocks(headlines),
    lead,
    ...(surprise ? [`**The biggest surprise.** ${escapeMarkdown(surprise.text)}${where}`] : []),
  ]
}
