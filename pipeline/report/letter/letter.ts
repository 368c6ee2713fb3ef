// The coach's letter, by rules: a lead, then the sections that have something to say, as Markdown.
import { figuresOf, isEmpty } from '../figures.js'
import { escapeMarkdown, narrativeMarkdown, narrativeSentences } from '../narrative.js'
import { attentionLetter } from './attention.js'
import { frictionLetter } from './friction.js'
import { glanceSentences } from './glance.js'
import { priorityLetter } from './priorities.js'
import { recommendationLetter } from './recommendations.js'
import { relationshipLetter } from './relationships.js'
import type { LetterSection, LetterSource, Told } from './remarks.js'
import { skillsLetter } from './skills.js'
import { systemLetter } from './system.js'

/** Below it nobody needs a letter in parts. */
const fewSessions = 3

/** In the order of the letter, after the lead. */
const sections: readonly ((source: LetterSource) => LetterSection | null)[] = [
  attentionLetter,
  priorityLetter,
  frictionLetter,
  skillsLetter,
  relationshipLetter,
  systemLetter,
  recommendationLetter,
]

export const rulesSignature = 'Written by rules, without a model.'

/** Sections without anything to say are left out; the lead stands above them without a heading of its own. */
export function letterByRules(source: LetterSource): string {
  return blocksByRules(source).map(blockMarkdown).join('\n\n')
}

/** What that letter tells, sentence by sentence. */
export function toldByRules(source: LetterSource): Told[] {
  return blocksByRules(source).flatMap(({ sentences }) => sentences)
}

type Block = Omit<LetterSection, 'heading'> & { readonly heading: string | null }

function blocksByRules(source: LetterSource): Block[] {
  const lead = { heading: null, sentences: narrativeSentences(source.data), isList: false }
  const figures = figuresOf(source.data)
  if (isEmpty(figures)) return [lead]
  const below = { heading: null, sentences: glanceSentences(source), isList: false }
  const told =
    (figures.session_count ?? 0) < fewSessions ? [] : sections.flatMap((write) => write(source) ?? [])
  return [lead, ...(below.sentences.length > 0 ? [below] : []), ...told]
}

function blockMarkdown({ heading, sentences, isList }: Block): string {
  const texts = sentences.map(({ text }) => text)
  const body = isList ? texts.map((text) => `- ${escapeMarkdown(text)}`).join('\n') : narrativeMarkdown(texts)
  return heading === null ? body : `### ${heading}\n\n${body}`
}

/** A letter with its last paragraph: who wrote it. It freezes with the letter. */
export function signed(letter: string, signature: string): string {
  return `${letter}\n\n*${escapeMarkdown(signature)}*`
}

export interface Letter {
  /** Plain sentences of the first paragraph: what the digest tells. */
  readonly lead: string
  readonly markdown: string
  readonly signature: string
}

/** A letter as frozen; before there were letters it was three sentences by rules. */
export function readLetter(frozen: string): Letter {
  const match = /\n\n\*([^\n]+)\*$/.exec(frozen)
  const markdown = match ? frozen.slice(0, match.index) : frozen
  return {
    lead: markdown.split(/\n\s*\n/)[0] ?? '',
    markdown,
    signature: match ? unescaped(match[1]!) : rulesSignature,
  }
}

function unescaped(text: string): string {
  return text.replace(/\\([\\`*_{}[\]()#+\-.!|<>~&:@])/g, '$1')
}
