// The list of every report there is, newest first, made from the digests that lie beside them.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { PeriodKind } from '../period.js'
import { type Digest, restatedHeading } from './digest.js'

export interface ArchiveEntry {
  readonly href: string
  readonly title: string
  readonly period: string
  readonly note: string
  readonly headlines: Digest['headlines']
}

export interface ArchiveGroup {
  readonly heading: string
  readonly entries: readonly ArchiveEntry[]
}

const labelPatterns: Record<PeriodKind, RegExp> = { weekly: /^\d{4}-W\d{2}$/, monthly: /^\d{4}-\d{2}$/ }

/** Somebody may ask for a week without sessions; it is not a report to come back to, and not among the `active`. */
export function archiveGroups(site: string, active: ReadonlySet<string>): ArchiveGroup[] {
  const groups = [
    { heading: 'Weeks', entries: entriesOf(site, 'weekly', active) },
    { heading: 'Months', entries: entriesOf(site, 'monthly', active) },
  ]
  return groups.filter((group) => group.entries.length > 0)
}

/** Every period that has a page, oldest first. */
export function listRenderedPeriods(site: string): { kind: PeriodKind; label: string; folder: string }[] {
  return (['weekly', 'monthly'] as const).flatMap((kind) => {
    const labels = existsSync(join(site, kind)) ? readdirSync(join(site, kind)) : []
    const rendered = labels.filter((label) => labelPatterns[kind].test(label)).sort()
    return rendered.map((label) => ({ kind, label, folder: join(site, kind, label) }))
  })
}

function entriesOf(site: string, kind: PeriodKind, active: ReadonlySet<string>): ArchiveEntry[] {
  const folder = join(site, kind)
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((label) => labelPatterns[kind].test(label) && existsSync(join(folder, label, 'index.html')))
    .filter((label) => active.has(label))
    .sort((a, b) => b.localeCompare(a))
    .map((label) => archiveEntry(folder, kind, label))
}

function archiveEntry(folder: string, kind: PeriodKind, label: string): ArchiveEntry {
  const digest = readDigest(join(folder, label, 'digest.json'))
  return {
    href: `${kind}/${label}/index.html`,
    title: digest?.title ?? label,
    period: label,
    note: digest === null ? '' : noteOf(digest),
    headlines: digest?.headlines ?? [],
  }
}

function noteOf({ is_so_far: isSoFar, sections, remarks }: Digest): string {
  if (isSoFar) return 'so far'
  // A digest of an earlier version has it among its sections.
  const told = [...sections, ...(remarks ?? [])]
  return told.some(({ heading }) => heading === restatedHeading) ? 'restated' : ''
}

/** A digest that is missing or broken costs the entry its numbers, not the archive its entry. */
function readDigest(file: string): Digest | null {
  const digest = readJson(file) as Digest | null
  return digest?.schema === 'debrief.digest/1' ? digest : null
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return null
  }
}
