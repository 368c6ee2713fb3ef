// Which sessions there are: when each begins, on what, with which version and model, and how it goes.
import { type Project, projectWeights, type StoryKind, storyKindWeights } from './projects.js'
import type { Random } from './random.js'
import { type Mood, moodWeights } from './stories.js'
import { type AgentVersion, agentVersions } from './versions.js'
import { dayMs, hourMs, minuteMs, mondaysOf, type WeeksSpec } from './weeks.js'

export interface SessionPlan {
  readonly startMs: number
  readonly project: Project
  readonly kind: StoryKind
  readonly topic: string
  readonly mood: Mood
  readonly version: AgentVersion
  readonly model: string
  readonly cwd: string
  readonly gitBranch: string
}

export interface PlanOptions {
  readonly weeks: WeeksSpec
  readonly sessionsPerWeek: number | readonly number[]
  readonly utcOffsetMinutes: number
}

const codeFolder = '/home/dev/projects'

const dayWeights = [20, 22, 20, 18, 13, 4, 5].map((weight, day) => [day, weight] as const)
const hourWeights = [
  [8, 4],
  [9, 12],
  [10, 14],
  [11, 11],
  [12, 4],
  [13, 8],
  [14, 13],
  [15, 12],
  [16, 10],
  [17, 6],
  [18, 2],
  [20, 5],
  [21, 3],
] as const

const earlyModels = [
  ['claude-opus-4-5-20251101', 46],
  ['claude-sonnet-4-5-20250929', 42],
  ['claude-haiku-4-5-20251001', 12],
] as const
const lateModels = [
  ['claude-opus-4-6', 50],
  ['claude-sonnet-4-6', 34],
  ['claude-haiku-4-5-20251001', 12],
  ['claude-preview-x', 4],
] as const

/** Every session of the given weeks, in the order in which they begin. */
export function planSessions(options: PlanOptions, random: Random): SessionPlan[] {
  const mondays = mondaysOf(options.weeks)
  const pickTopic = createTopicPicker()
  return mondays.flatMap((mondayMs, i) => {
    const progress = mondays.length > 1 ? i / (mondays.length - 1) : 1
    const starts = Array.from({ length: sessionCount(options, i) }, () => pickStart(mondayMs, random))
    starts.sort((a, b) => a - b)
    return starts.map((localMs) => {
      const startMs = localMs - options.utcOffsetMinutes * minuteMs
      return planSession(startMs, progress, pickTopic, random)
    })
  })
}

/** Topics come round in turn, so that none repeats before the others were used. */
export function createTopicPicker(): (project: Project, kind: StoryKind) => string {
  const used = new Map<string, number>()
  return (project, kind) => {
    const key = `${project.name} ${kind}`
    const count = used.get(key) ?? 0
    used.set(key, count + 1)
    const topics = project.topics[kind]
    return topics[count % topics.length] ?? project.name
  }
}

function planSession(
  startMs: number,
  progress: number,
  pickTopic: (project: Project, kind: StoryKind) => string,
  random: Random,
): SessionPlan {
  const project = random.weighted(projectWeights)
  const kind = random.weighted(storyKindWeights)
  const topic = pickTopic(project, kind)
  const version = pickVersion(progress, random)
  return {
    startMs,
    project,
    kind,
    topic,
    mood: random.weighted(moodWeights),
    version,
    model: random.weighted<string>(progress < 0.5 ? earlyModels : lateModels),
    ...pickPlace(project, kind, topic, version, random),
  }
}

/** The main branch, a branch for the topic, or a worktree for it. */
function pickPlace(
  project: Project,
  kind: StoryKind,
  topic: string,
  version: AgentVersion,
  random: Random,
): Pick<SessionPlan, 'cwd' | 'gitBranch'> {
  const folder = `${codeFolder}/${project.name}`
  const slug = topic.split(' ').slice(-3).join('-')
  const place = random.weighted([
    ['main', 50],
    ['branch', 38],
    ['worktree', 12],
  ] as const)
  if (place === 'main') return { cwd: folder, gitBranch: 'main' }
  if (place === 'branch' || !version.hasPromptIds) return { cwd: folder, gitBranch: `${kind}/${slug}` }
  return { cwd: `${folder}/.claude/worktrees/${slug}`, gitBranch: `worktree-${slug}` }
}

/** Newer versions become likelier as the weeks go by. */
function pickVersion(progress: number, random: Random): AgentVersion {
  const newest = agentVersions.length - 1
  return random.weighted(
    agentVersions.map(
      ([version, weight], i) =>
        [version, weight / (1 + Math.abs(i - 1 - progress * (newest - 1)) ** 2)] as const,
    ),
  )
}

function pickStart(mondayMs: number, random: Random): number {
  const day = random.weighted(dayWeights)
  const hour = random.weighted<number>(hourWeights)
  return mondayMs + day * dayMs + hour * hourMs + random.int(0, hourMs - 1)
}

function sessionCount(options: PlanOptions, weekIndex: number): number {
  const { sessionsPerWeek } = options
  if (typeof sessionsPerWeek === 'number') return sessionsPerWeek
  return sessionsPerWeek[weekIndex % sessionsPerWeek.length] ?? 0
}
