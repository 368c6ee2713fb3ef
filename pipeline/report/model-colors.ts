// A model keeps its colour from report to report: it follows from the name, not from this period's rank.
import type { CostRow } from './rows.js'

const slots = ['var(--series-1)', 'var(--series-2)', 'var(--series-3)', 'var(--series-4)', 'var(--series-5)']
const restColor = 'var(--series-rest)'
const families: readonly RegExp[] = [/opus/, /sonnet/, /haiku/, /gpt|codex/, /gemini/]

/** Colours of the models in the order of their rank; what has no slot or stands for several is the rest. */
export function modelColors(rows: readonly CostRow[]): string[] {
  const models = new Map(rows.map((row) => [row.model_rank ?? 0, row.model]))
  const ranked = [...models].sort(([a], [b]) => a - b)
  const named = ranked.flatMap(([rank, model]) => (model !== null && rank <= slots.length ? [model] : []))
  const taken = takeSlots(named)
  return ranked.map(([, model]) => slots[taken.get(model ?? '') ?? -1] ?? restColor)
}

/** Each family's newest model has the family's slot; the others look for a free one from where their name falls. */
function takeSlots(models: readonly string[]): Map<string, number> {
  const newestFirst = [...models].sort((a, b) => (a < b ? 1 : -1))
  const taken = new Map<string, number>()
  const isFree = (slot: number) => ![...taken.values()].includes(slot)
  for (const model of newestFirst) {
    const slot = families.findIndex((family) => family.test(model))
    if (slot >= 0 && isFree(slot)) taken.set(model, slot)
  }
  for (const model of newestFirst) {
    if (taken.has(model)) continue
    const wanted = slots.map((_, i) => (nameHash(model) + i) % slots.length).find(isFree)
    if (wanted !== undefined) taken.set(model, wanted)
  }
  return taken
}

/** FNV-1a */
function nameHash(name: string): number {
  let hash = 0x811c9dc5
  for (const character of name) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0
  return hash
}
