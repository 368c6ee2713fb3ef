// What a report holds, in order: this one list makes page and Markdown, and says which queries each part shows.
import type { Config } from '../config.js'
import type { PeriodKind } from '../period.js'
import { anchorsOf } from './anchors.js'
import { businessesSection, modelsSection, prioritiesSection } from './attention.js'
import type { ChartSpec } from './charts.js'
import { costBridgeSection } from './cost-bridge.js'
import type { ReportData, ReportQuery } from './data.js'
import { delegationSection } from './delegation.js'
import { frictionSection } from './friction.js'
import { growthSection } from './growth.js'
import type { Letter } from './letter/letter.js'
import { type LinkedLetter, leadAndRest, linkedMarkdown } from './letter/links.js'
import { letterQueries } from './letter/rows.js'
import { frictionBlocks, sectionBlocks, sessionBlocks, tipBlocks, trustBlocks } from './markdown.js'
import { heatmapSection } from './monthly/heatmaps.js'
import { monthsSection } from './monthly/months.js'
import { targetBlocks, targetsSection } from './monthly/targets.js'
import { timeSavedSection } from './monthly/time-saved.js'
import { escapeMarkdown } from './narrative.js'
import { openLoopsSection } from './open-loops.js'
import { type Opening, openingBlocks, openingOf } from './opening.js'
import { ownSection } from './own-sections.js'
import { peopleSection } from './people.js'
import { agentsSection, attentionSection, costSection, hoursSection, type Section } from './sections.js'
import type { Conversation } from './sessions/conversation.js'
import { sessionSection } from './sessions/section.js'
import { skillsSection } from './skills.js'
import { slowToolsSection } from './slow-tools.js'
import { partialsIn } from './templates.js'
import { tipsSection } from './tips.js'
import { toolsSection } from './tools.js'
import { trustSection } from './trust.js'
import { whatChangedSection } from './what-changed.js'

/** What every part is made from. */
export interface ReportInput {
  readonly data: ReportData
  readonly config: Config
  readonly letter: Letter
  /** The words of sessions, by id; empty unless the settings allow them. */
  readonly conversations: ReadonlyMap<string, Conversation>
}

/** A part with something to say, ready to be put into templates/partials/<partial>.hbs. */
export interface Part {
  readonly partial: string
  readonly view: object
  readonly markdown: readonly string[]
  readonly chart: ChartSpec | null
  readonly queries: readonly ReportQuery[]
  /** Of the opening: what it tells of the letter, as `letterHtml` for its partial. */
  readonly letter?: LinkedLetter
  /** Of a part of the user's own: its query. */
  readonly ownSql?: { readonly name: string; readonly sql: string }
}

interface PartSpec {
  /** Null where there is nothing to say. */
  readonly make: (input: ReportInput) => Omit<Part, 'queries'> | null
  readonly queries: readonly ReportQuery[]
  /** Only in reports of this kind; in both where it is not said. */
  readonly kind?: PeriodKind
}

/** A part of paragraphs, tables and perhaps a chart. */
function section(
  queries: readonly ReportQuery[],
  build: (data: ReportData, config: Config) => Section | null,
): PartSpec {
  return {
    queries,
    make: ({ data, config }) => {
      const view = build(data, config)
      return view && { partial: 'section', view, markdown: sectionBlocks(view), chart: view.chart ?? null }
    },
  }
}

const contents: readonly PartSpec[] = [
  { ...section(['month_by_month'], monthsSection), kind: 'monthly' },
  section(['cost_bridge'], costBridgeSection),
  section(['cost_by_day_and_model'], costSection),
  section(['attention_by_business', 'friction_signals'], businessesSection),
  section(['attention_by_project'], attentionSection),
  section(['attention_by_agent'], agentsSection),
  section(['attention_by_model'], modelsSection),
  section(['when_you_worked'], hoursSection),
  section(['priorities', 'priority_alignment', 'friction_signals'], prioritiesSection),
  {
    queries: ['project_weeks', 'people_weeks'],
    make: ({ data }) => {
      const view = heatmapSection(data)
      return view && { partial: 'heatmaps', view, markdown: sectionBlocks(view), chart: null }
    },
    kind: 'monthly',
  },
  { ...section(['time_saved'], timeSavedSection), kind: 'monthly' },
  {
    queries: [
      'friction_kinds',
      'friction_signals',
      'worst_moments',
      'friction_cost',
      'friction_trend',
      'contradictions',
      'anomalies',
    ],
    make: ({ data, config }) => {
      const view = frictionSection(data, config.timezone)
      return { partial: 'friction', view, markdown: frictionBlocks(view), chart: null }
    },
  },
  section(['tools', 'tool_mix', 'growth'], toolsSection),
  section(['slow_tools', 'slowest_calls'], slowToolsSection),
  section(['delegations', 'session_details', 'headlines'], delegationSection),
  section(['skills'], skillsSection),
  section(['relationship_pulse', 'relationship_actions', 'friction_signals'], peopleSection),
  section(['growth', 'growth_series'], growthSection),
  {
    queries: ['tips', 'tip_effects'],
    make: ({ data }) => {
      const view = tipsSection(data)
      return { partial: 'tips', view, markdown: tipBlocks(view), chart: null }
    },
  },
  {
    queries: ['targets'],
    make: ({ data }) => {
      const view = targetsSection(data)
      return view && { partial: 'targets', view, markdown: targetBlocks(view), chart: null }
    },
    kind: 'monthly',
  },
  section(['what_changed'], whatChangedSection),
  {
    queries: ['open_loops'],
    make: ({ data }) => {
      const view = openLoopsSection(data)
      return view && { partial: 'open-loops', view, markdown: sectionBlocks(view), chart: null }
    },
  },
  {
    queries: ['sessions', 'session_details', 'session_turns', 'session_tools', 'session_files'],
    make: ({ data, config, conversations }) => {
      const view = sessionSection(data, config, conversations)
      return { partial: 'sessions', view, markdown: sessionBlocks(view), chart: null }
    },
  },
  {
    queries: [
      'files_read',
      'rejected_lines',
      'line_types',
      'duplicates',
      'unpriced_models',
      'undercounts',
      'missing_usage',
      'facet_coverage',
      'expiring_logs',
      'agent_totals',
      'unlogged_days',
    ],
    make: ({ data, config }) => {
      const view = trustSection(data, config.timezone)
      return { partial: 'trust', view, markdown: trustBlocks(view), chart: null }
    },
  },
]

export interface Contents {
  readonly opening: Opening
  readonly parts: readonly Part[]
}

/**
 * The parts of this report that have something to say. The opening comes first and is made last, since it links to the
 * others; the user's own come before the last, which is about them all.
 */
export function contentsOf(input: ReportInput): Contents {
  const parts = ourParts(input)
  const others = [...parts.slice(0, -1), ...ownParts(input), ...parts.slice(-1)]
  const opening = openingOf(input, anchorsOf(others.map(({ view }) => view)))
  return { opening, parts: [...openingParts(opening, input), ...others] }
}

function openingParts(opening: Opening, { letter }: ReportInput): Part[] {
  const { lead, rest } = leadAndRest(opening.letter.marked)
  const { links } = opening.letter
  return [
    {
      partial: 'at-a-glance',
      view: opening,
      markdown: openingBlocks(opening, linkedMarkdown(lead, links)),
      chart: null,
      letter: { marked: lead, links },
      queries: ['headlines', 'headline_history', 'surprises', 'frozen_figures', 'restatements'],
    },
    {
      partial: 'letter',
      view: { letter, figures: opening.figures },
      markdown: [
        ...(rest === '' ? [] : [linkedMarkdown(rest, links)]),
        `*${escapeMarkdown(letter.signature)}*`,
        ...(opening.figures ? sectionBlocks({ ...opening.figures, paragraphs: [] }) : []),
      ],
      chart: null,
      letter: { marked: rest, links },
      queries: letterQueries,
    },
  ]
}

function ownParts({ data, config }: ReportInput): Part[] {
  const partials = config.templates_dir === null ? new Map() : partialsIn(config.templates_dir)
  return data.own.flatMap((own) => {
    const view = ownSection(own)
    if (view === null) return []
    const partial = partials.has(own.name) ? own.name : 'section'
    const shown = { ...view, rows: own.rows }
    return [{ partial, view: shown, markdown: sectionBlocks(view), chart: null, queries: [], ownSql: own }]
  })
}

function ourParts(input: ReportInput): Part[] {
  return contents
    .filter(({ kind }) => kind === undefined || kind === input.data.period.kind)
    .flatMap(({ make, queries }) => {
      const part = make(input)
      return part === null ? [] : [{ ...part, queries }]
    })
}
