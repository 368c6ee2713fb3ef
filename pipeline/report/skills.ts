// Skills: which were used, and where a configured one would have done what was done by hand.
import type { Config } from '../config.js'
import type { ReportData } from './data.js'
import { periodNoun } from './figures.js'
import { countOf, formatCount } from './format.js'
import { noSkillUse, slashed } from './letter/shown.js'
import type { Section } from './sections.js'
import { tablesOf } from './table.js'

/** Null where none was named and none was seen. */
export function skillsSection(data: ReportData, { context }: Config): Section | null {
  const named = context.skills.map(({ name, handles }) => ({ name: slashed(name), handles }))
  const seen = data.rows.skills.filter((row) => named.length > 0 || row.used_count > 0)
  const idle = named.filter(({ name }) => !seen.some((row) => row.skill_name === name))
  const rows = [...seen, ...idle.map(({ name }) => ({ ...noSkillUse, skill_name: name }))]
  if (rows.length === 0) return null
  const isCompared = !data.isSoFar
  const handles = new Map(named.map((skill) => [skill.name, skill.handles]))
  return {
    id: 'skills',
    heading: 'Skills',
    paragraphs: [skillsParagraph(data, named.length)],
    tables: tablesOf({
      caption: 'Sessions that used a skill, or missed it',
      texts: ['Skill', ...(named.length > 0 ? ['For'] : [])],
      numbers: [
        'Used',
        ...(isCompared ? ['Before'] : []),
        ...(named.length > 0 ? ['Missed', ...(isCompared ? ['Before'] : [])] : []),
      ],
      rows,
      cells: (row) => [
        row.skill_name,
        ...(named.length > 0 ? [handles.get(row.skill_name) ?? ''] : []),
        formatCount(row.used_count),
        ...(isCompared ? [formatCount(row.previous_used_count)] : []),
        ...(named.length > 0
          ? [formatCount(row.missed_count), ...(isCompared ? [formatCount(row.previous_missed_count)] : [])]
          : []),
      ],
      maxRows: 15,
    }),
  }
}

function skillsParagraph(data: ReportData, namedCount: number): string {
  const missed = data.rows.skills.filter((row) => row.missed_count > 0).length
  const used = data.rows.skills.filter((row) => row.used_count > 0).length
  const noun = periodNoun(data)
  if (namedCount === 0)
    return `${countOf(used, 'skill')} ${used === 1 ? 'was' : 'were'} used this ${noun}. Name the skills that you have under “context” in the settings to see where one was missed.`
  const gap = missed === 0 ? 'none was missed' : `${formatCount(missed)} missed`
  return `Of ${countOf(namedCount, 'skill')} that you named, ${used === 0 ? 'none was' : used === 1 ? 'one was' : `${formatCount(used)} were`} used this ${noun} and ${gap}; missed is where the sessions’ summaries see it done by hand.`
}
