// Skills that were used, and configured ones that would have saved a sequence of steps done by hand.
import { builtInCommands } from '../../known-names.js'
import { evidenceFrom } from '../evidence.js'
import type { Evidence } from '../schema.js'
import { type Action, isDone } from './actions.js'
import type { Conversation, Prompt } from './conversation.js'
import { speaksOf } from './words.js'

export interface MissedSkills {
  /** Null where no skill is configured. */
  readonly names: string[] | null
  readonly evidence: readonly Evidence[]
}

const gistChars = 400
/** One look is quicker by hand than a skill; from two steps on, or with a text written, it is work. */
const fewestSteps = 2
const fewestAnswerChars = 200

export function skillsUsed({ notes, actions }: Pick<Conversation, 'notes' | 'actions'>): string[] {
  const typed = notes.flatMap((note) => /^\/([\w:.-]+)/.exec(note.text)?.[1] ?? [])
  const called = actions.flatMap(({ tool, input, isError, isRejected }) =>
    tool === 'Skill' && !isError && !isRejected && typeof input.skill === 'string' ? [input.skill] : [],
  )
  const names = [...typed, ...called].filter((name) => /^[\w:.-]+$/.test(name) && !builtInCommands.has(name))
  return [...new Set(names.map((name) => `/${name}`))].sort()
}

/** A prompt asked for what a configured skill handles, or the agent did it step by step, and the skill was not used. */
export function findMissedSkills(conversation: Conversation): MissedSkills {
  const { skills } = conversation.input.context
  if (skills.length === 0) return { names: null, evidence: [] }
  const used = new Set(skillsUsed(conversation).map(shortName))
  const missed = skills.flatMap(({ name, handles }) => {
    const slashed = `/${name.replace(/^\//, '')}`
    const message = used.has(shortName(slashed)) ? null : manualWork(conversation, handles)
    return message ? [{ name: slashed, message }] : []
  })
  return {
    names: [...new Set(missed.map(({ name }) => name))].sort(),
    evidence: missed.map(({ name, message }) => evidenceFrom('skills_missed', name, [message])),
  }
}

/** A plugin's skill is called `plugin:skill`, and the user may have configured either. */
function shortName(slashed: string): string {
  return slashed.slice(1).split(':').at(-1) ?? slashed
}

function manualWork(conversation: Conversation, handles: string) {
  const asked = conversation.prompts.find(
    (prompt, i) =>
      isRequestFor(prompt, handles) && wasWorkedOn(conversation, prompt, conversation.prompts[i + 1]),
  )
  if (asked) return asked.message
  const steps = conversation.actions.filter(
    (action) => isDone(action) && action.kind !== 'other' && speaksOf(wordsOf(action), handles),
  )
  return steps.length >= fewestSteps ? (steps[0]?.call ?? null) : null
}

function isRequestFor({ kind, text }: Prompt, handles: string): boolean {
  return (kind === 'ask' || kind === 'git') && speaksOf(text.slice(0, gistChars), handles)
}

function wasWorkedOn({ actions, messages }: Conversation, prompt: Prompt, next: Prompt | undefined): boolean {
  const from = prompt.message.ordinal
  const to = next?.message.ordinal ?? Number.POSITIVE_INFINITY
  const steps = actions.filter(({ call }) => call.ordinal > from && call.ordinal < to).filter(isDone)
  const isWritten = messages.some(
    ({ role, text, ordinal }) =>
      role === 'assistant' && ordinal > from && ordinal < to && text.length >= fewestAnswerChars,
  )
  return steps.length >= fewestSteps || steps.some(({ kind }) => kind === 'edit') || isWritten
}

/** A step's command and what the agent says it is for. */
function wordsOf({ target, input }: Action): string {
  return `${target} ${typeof input.description === 'string' ? input.description : ''}`.slice(0, gistChars)
}
