// What a person asked, told up to three times a prompt, between much that Codex says under the person's name.
import { type Fields, isFields } from '../entries.js'

/** How what Codex puts into a user's message begins. */
const injectedOpenings = [
  '# AGENTS.md instructions',
  '<INSTRUCTIONS>',
  '<codex_internal_context',
  '<collaboration_mode>',
  '<environment_context>',
  '<external_',
  '<goal_context>',
  '<hook_prompt',
  '<model_switch>',
  '<permissions instructions>',
  '<personality_spec>',
  '<recommended_plugins>',
  '<skill>',
  '<skills_instructions>',
  '<subagent_notification>',
  '<turn_aborted>',
  '<user_action>',
  '<user_instructions>',
  '<user_shell_command>',
  'Another language model started to solve this problem and produced a summary',
  'You were originally given instructions from a user over one or more turns.',
  'Warning: apply_patch was requested via ',
  'Warning: The maximum number of unified exec processes',
  'The following is the Codex agent history',
].map((opening) => opening.toLowerCase())

const imageTag = /^<\/?image\b[^>]*>$/
const editorContext =
  /^# (?:Context from my IDE setup|Files mentioned by the user):[\s\S]*?\n## My request for Codex:\s*/

/** The words of a person in one text of a message; null where there are none. */
export function humanText(text: string): string | null {
  const words = text.trim().replace(editorContext, '')
  const opening = words.slice(0, 100).toLowerCase()
  if (imageTag.test(words) || injectedOpenings.some((injected) => opening.startsWith(injected))) return null
  return words === '' ? null : words
}

/** Of a message's content; '' where a person sent only images, null where no person said anything. */
export function humanTextOf(content: readonly unknown[]): string | null {
  const items = content.filter(isFields)
  const texts = items.flatMap(({ text }) => (typeof text === 'string' ? (humanText(text) ?? []) : []))
  if (texts.length > 0) return texts.join('\n')
  return items.some(isImage) ? '' : null
}

function isImage({ type }: Fields): boolean {
  return typeof type === 'string' && /image/i.test(type)
}

/**
 * A prompt stands in the log as the model's input, and again as an event (`user_message`, or a completed
 * `UserMessage` in newer versions), one behind the other. The events are what was typed, so they decide; only in logs
 * that never have any does the input count. What comes before the model's next word belongs together.
 */
export class PromptWindow<Prompt> {
  #inputs: Prompt[] = []
  readonly #counts = { event: 0, item: 0 }
  #hasEvents = false

  input(prompt: Prompt): void {
    this.#inputs.push(prompt)
  }

  /** True where the prompt is told for the first time. */
  isNew(told: 'event' | 'item'): boolean {
    const before = Math.max(this.#counts.event, this.#counts.item)
    this.#counts[told] += 1
    this.#hasEvents = true
    return this.#counts[told] > before
  }

  /** To be called where the model says something, and at the end: gives the prompts that no event told of. */
  close(): readonly Prompt[] {
    const inputs = this.#hasEvents ? [] : this.#inputs
    this.#inputs = []
    this.#counts.event = 0
    this.#counts.item = 0
    return inputs
  }
}
