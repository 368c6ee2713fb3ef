// A week's mood: what came of its sessions, and how much rubbed, as their facets tell.
import type { WeekRow } from './rows.js'

export type Mood = 'good' | 'mixed' | 'rough'

type Judged = Pick<WeekRow, 'known_count' | 'achieved_count' | 'judged_count' | 'friction_count'>

/**
 * Good: at least three of four achieved what was wanted, with less than one sign of friction a session. Rough: fewer than
 * half, or more than three signs. Null where no outcome is clear.
 */
export function moodOf(row: Judged): Mood | null {
  if (row.known_count === 0) return null
  const achieved = row.achieved_count / row.known_count
  const friction = row.friction_count / row.judged_count
  if (achieved < 0.5 || friction > 3) return 'rough'
  return achieved >= 0.75 && friction < 1 ? 'good' : 'mixed'
}

export const moodWords: Readonly<Record<Mood, string>> = {
  good: 'went well',
  mixed: 'mixed',
  rough: 'went badly',
}

/** The mouth of a face, drawn into 14 by 14. */
export const moodPaths: Readonly<Record<Mood, string>> = {
  good: 'M3.5 5.5a3.6 3.6 0 0 0 7 0',
  mixed: 'M3.5 7h7',
  rough: 'M3.5 9a3.6 3.6 0 0 1 7 0',
}
