// Where your attention went: whose work it was, which kind, what moved, and what a single session took.
import { currentRow, periodNoun } from '../figures.js'
import { capitalised, formatCount, formatDollars, formatDuration, formatShare, listed } from '../format.js'
import { spikeDay } from './insights.js'
import {
  aboutSession,
  costShare,
  isComparable,
  kindOfWork,
  type LetterSection,
  type LetterSource,
  type Sentence,
  section,
  sessionName,
  shownIn,
  some,
} from './remarks.js'
import type { ProjectChangeRow } from './rows.js'

/** In this order; three of them, by the share of time or money concerned. */
export function attentionLetter(source: LetterSource): LetterSection | null {
  const candidates = [
    businesses,
    kindsOfWork,
    newFocus,
    leftAlone,
    dearestSession,
    dearProject,
    lateHours,
    spikeDay('cost_spike'),
  ]
  return section(source, 'Where your attention went', candidates, 4)
}

const businesses: Sentence = (source) => {
  const { data, context } = source
  const rows = data.rows.attention_by_business.filter((row) => row.session_count > 0)
  const nameOf = (slug: string) => context.businesses.find((known) => known.slug === slug)?.name ?? slug
  const [top, ...others] = rows
  if (!top) return null
  const moved = isComparable(source) && Math.abs(top.active_share - top.previous_active_share) >= 0.05
  const was = moved ? ` (${formatShare(top.previous_active_share)} the ${periodNoun(data)} before)` : ''
  const rest = others.slice(0, 2).map((row) => `${nameOf(row.business)} ${formatShare(row.active_share)}`)
  const also = rest.length === 0 ? '' : `; ${listed(rest)}`
  const idle = context.businesses.filter(({ slug }) => !rows.some((row) => row.business === slug))
  const none = idle.length === 1 ? `; nothing touched ${idle[0]!.name}` : ''
  return {
    weight: 1,
    claims: shownIn('businesses', 'business'),
    text: `${nameOf(top.business)} had ${formatShare(top.active_share)} of the time whose subject is known${was}${also}${none}.`,
  }
}

const kindsOfWork: Sentence = (source) => {
  const rows = source.data.rows.goals
  const [top, second] = rows.filter((row) => row.session_count > 0 && row.primary_task_category !== 'other')
  const known = rows.reduce((sum, row) => sum + row.session_count, 0)
  // Where all is of one kind, the kind says nothing.
  if (!top || known < 3 || top.active_share < 0.1 || top.active_share > 0.95) return null
  const work = (row: typeof top) => kindOfWork(row.primary_task_category)
  const of = `${formatShare(top.active_share)} of the time`
  const next =
    second && second.active_share >= 0.1
      ? `, followed by ${work(second)} with ${formatShare(second.active_share)}`
      : ''
  const base = { weight: 0.3 + top.active_share / 2, claims: shownIn('letter-figures') }
  if (!isComparable(source)) return { ...base, text: `${capitalised(work(top))} took ${of}${next}.` }
  const mover = [...rows]
    .filter((row) => row.primary_task_category !== 'other' && row !== top)
    .sort((a, b) => shareMove(b) - shareMove(a))[0]
  if (Math.abs(top.active_share - top.previous_active_share) >= 0.15)
    return {
      ...base,
      weight: base.weight + shareMove(top),
      text: `${capitalised(work(top))} ${top.active_share > top.previous_active_share ? 'grew to' : 'shrank to'} ${of}, from ${formatShare(top.previous_active_share)} the ${periodNoun(source.data)} before${next}.`,
    }
  const moved =
    mover && shareMove(mover) >= 0.1 && mover !== second
      ? `; ${work(mover)} ${moverWords(mover)}`.replace(' ,', ',')
      : ''
  return { ...base, text: `${capitalised(work(top))} took ${of}, much as before${next}${moved}.` }
}

function moverWords(row: { active_share: number; previous_active_share: number }): string {
  const [before, now] = [row.previous_active_share, row.active_share]
  if (before === 0) return `came in new with ${formatShare(now)}`
  return now === 0
    ? `, at ${formatShare(before)} before, is gone`
    : `went from ${formatShare(before)} to ${formatShare(now)}`
}

function shareMove(row: { active_share: number; previous_active_share: number }): number {
  return Math.abs(row.active_share - row.previous_active_share)
}

/** The project that gained most time, where that is more than an hour or a tenth of the period's. */
const newFocus: Sentence = (source) => {
  const gained = largest(source, (row) => row.active_seconds - row.previous_active_seconds)
  if (!gained) return null
  const { row, seconds } = gained
  const took = `${formatDuration(row.active_seconds)} in ${some(row.session_count, 'session')}`
  const isNew = row.previous_session_count === 0
  const before = `the ${periodNoun(source.data)} before`
  return {
    claims: shownIn('letter-figures'),
    weight: seconds / Math.max(1, currentRow(source.data).active_seconds),
    text: isNew
      ? `${nameOf(row)} was not there ${before}, and now had ${took}.`
      : `What grew most was ${nameOf(row)}, from ${formatDuration(row.previous_active_seconds)} to ${took}.`,
  }
}

/** The project that lost most. */
const leftAlone: Sentence = (source) => {
  const lost = largest(source, (row) => row.previous_active_seconds - row.active_seconds)
  if (!lost) return null
  const { row, seconds } = lost
  const had = formatDuration(row.previous_active_seconds)
  const before = `the ${periodNoun(source.data)} before`
  return {
    claims: shownIn('letter-figures'),
    weight: seconds / Math.max(1, currentRow(source.data).active_seconds, row.previous_active_seconds) / 2,
    text:
      row.session_count === 0
        ? `You did not open ${nameOf(row)}, which had ${had} ${before}.`
        : `${nameOf(row)} fell back from ${had} to ${formatDuration(row.active_seconds)}.`,
  }
}

function largest(
  source: LetterSource,
  secondsOf: (row: ProjectChangeRow) => number,
): { row: ProjectChangeRow; seconds: number } | null {
  if (!isComparable(source)) return null
  const rows = source.data.rows.project_changes.filter((row) => row.project !== null)
  const [row] = [...rows].sort((a, b) => secondsOf(b) - secondsOf(a))
  const enough = Math.min(3600, Math.max(600, currentRow(source.data).active_seconds / 10))
  return row && secondsOf(row) >= enough ? { row, seconds: secondsOf(row) } : null
}

function nameOf(row: { project: string | null }): string {
  return row.project ?? 'work outside any project'
}

const dearestSession: Sentence = (source) => {
  const rows = source.data.rows.sessions
  if (rows.length < 3) return null
  const [row] = [...rows].sort(
    (a, b) => (b.cost_usd ?? 0) - (a.cost_usd ?? 0) || a.session_id.localeCompare(b.session_id),
  )
  const share = costShare(source, row?.cost_usd ?? 0)
  if (!row || share < 0.12 || currentRow(source.data).unpriced_call_count > 0) return null
  const effort =
    row.subagent_count > 0
      ? ` It had ${some(row.subagent_count, 'sub-agent')} at work.`
      : row.active_seconds >= 5400
        ? ` It kept you busy for ${formatDuration(row.active_seconds)}.`
        : ''
  return {
    claims: [aboutSession(source, row), { parts: ['cost'], phrase: formatDollars(row.cost_usd ?? 0) }],
    weight: share * 1.5,
    text: `A single session took ${formatDollars(row.cost_usd ?? 0)} or ${formatShare(share)} of the cost: ${sessionName(source, row)}.${effort}`,
  }
}

/** A project whose part of the cost is far above its part of the time. */
const dearProject: Sentence = (source) => {
  if (currentRow(source.data).unpriced_call_count > 0) return null
  const rows = source.data.rows.attention_by_project.filter((row) => !row.is_rest && row.project !== null)
  const [row] = rows
    .filter((row) => row.active_share >= 0.03)
    .sort((a, b) => (b.cost_share ?? 0) - b.active_share - ((a.cost_share ?? 0) - a.active_share))
  if (!row || rows.length < 2) return null
  const gap = (row.cost_share ?? 0) - row.active_share
  if (gap < 0.1 || (row.cost_share ?? 0) < 1.4 * row.active_share) return null
  return {
    claims: shownIn('attention'),
    weight: gap * 1.5,
    text: `${nameOf(row)} was dear for the time it had: ${formatShare(row.active_share)} of the hours, ${formatShare(row.cost_share ?? 0)} of the cost.`,
  }
}

/** Prompts between ten in the evening and six in the morning. */
const lateHours: Sentence = (source) => {
  const rows = source.data.rows.when_you_worked
  const count = (isMeant: (hour: number, weekday: number) => boolean) =>
    rows
      .filter((row) => isMeant(row.local_hour, row.local_weekday))
      .reduce((sum, row) => sum + row.prompt_count, 0)
  const all = count(() => true)
  const late = count((hour) => hour >= 22 || hour < 6)
  const weekend = count((_hour, weekday) => weekday >= 6)
  if (all < 20) return null
  if (late / all >= 0.15)
    return {
      claims: shownIn('hours'),
      weight: late / all,
      text: `${formatCount(late)} of ${formatCount(all)} prompts (${formatShare(late / all)}) were written between 22:00 and 06:00.`,
    }
  if (weekend / all < 0.2) return null
  return {
    claims: shownIn('hours'),
    weight: (weekend / all) * 0.8,
    text: `The weekend had ${formatShare(weekend / all)} of the prompts.`,
  }
}
