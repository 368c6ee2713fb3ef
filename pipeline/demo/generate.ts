// Synthetic Claude Code logs of any size whose totals are known because they are counted while being made.
import { join } from 'node:path'
import { createDelegate } from './delegation.js'
import { type DemoEffects, diskEffects } from './log-file.js'
import { storyTitle } from './phrases.js'
import { createTopicPicker, planSessions, type SessionPlan } from './plan.js'
import { storyKindWeights } from './projects.js'
import { createRandom, type Random } from './random.js'
import { SessionLog } from './session-log.js'
import type { Scene } from './steps.js'
import { moodWeights, playStory } from './stories.js'
import { type GeneratedTotals, Tally } from './totals.js'
import type { WeeksSpec } from './weeks.js'

export interface GeneratorOptions {
  /** Becomes a HOME: the logs are written to .claude/projects below it. */
  readonly folder: string
  readonly seed: number
  /** ISO weeks such as 2026-W02, or the first of a run of weeks. */
  readonly weeks: WeeksSpec
  /** Main sessions in each week, or a cycle of such numbers. */
  readonly sessionsPerWeek: number | readonly number[]
  /** Sessions go on, story after story, until their file has this size; without it each tells one story. */
  readonly bytesPerSession?: number
  /** Multiplies the length of file contents and command output. */
  readonly textScale?: number
  /** How much of the hook, progress and turn lines is written, 0 to 1; real logs have all of them. */
  readonly noise?: number
  /** How many of the tasks that a sub-agent could take are handed to one, 0 to 1. */
  readonly delegationShare?: number
  /** The wall clock by which the developer works and weeks are counted. */
  readonly utcOffsetMinutes?: number
  /** Whether a few lines are cut or glued, as happens in real logs. */
  readonly hasFaults?: boolean
}

export type { GeneratedTotals } from './totals.js'

/** Six weeks of one developer's work: about 150 sessions in five projects. */
export const demoOptions = {
  seed: 2026,
  weeks: ['2026-W02', '2026-W03', '2026-W04', '2026-W05', '2026-W06', '2026-W07'],
  sessionsPerWeek: [21, 27, 24, 32, 18, 29],
  textScale: 0.2,
  noise: 0.25,
  utcOffsetMinutes: 0,
  hasFaults: true,
} as const satisfies Omit<GeneratorOptions, 'folder'>

/** Writes the demo's logs below the given HOME. */
export function generateDemo(folder: string, effects: DemoEffects = diskEffects): Promise<GeneratedTotals> {
  return generateLogs({ ...demoOptions, folder }, effects)
}

/** Writes logs and returns what they hold; equal options give equal bytes. */
export async function generateLogs(
  options: GeneratorOptions,
  effects: DemoEffects = diskEffects,
): Promise<GeneratedTotals> {
  const utcOffsetMinutes = options.utcOffsetMinutes ?? 0
  const tally = new Tally(utcOffsetMinutes)
  const plans = planSessions({ ...options, utcOffsetMinutes }, createRandom(options.seed))
  for (const [i, plan] of plans.entries())
    writeSession(plan, createRandom(options.seed, i + 1), options, tally, effects)
  return tally.totals
}

function writeSession(
  plan: SessionPlan,
  random: Random,
  options: GeneratorOptions,
  tally: Tally,
  effects: DemoEffects,
): void {
  const sessionId = random.uuid()
  const path = join(options.folder, '.claude', 'projects', plan.cwd.replace(/[/.]/g, '-'), sessionId)
  const file = effects.createFile(`${path}.jsonl`)
  const log = new SessionLog({ ...plan, sessionId, agentId: null }, file, random, tally, plan.startMs)
  tally.inWeek('sessions', plan.startMs)
  const scene: Scene = {
    ...plan,
    log,
    random,
    textScale: options.textScale ?? 1,
    noise: options.noise ?? 1,
    hasFaults: options.hasFaults ?? false,
    delegate: createDelegate(join(path, 'subagents'), options.delegationShare ?? 1, effects),
  }
  openSession(scene)
  playStory(scene, plan.mood)
  continueSession(scene, options.bytesPerSession ?? 0)
  closeSession(scene)
  file.close()
  tally.file(file.lineCount, file.byteCount)
}

/** More stories in the same session, until its file is large enough. */
function continueSession(scene: Scene, byteCount: number): void {
  const { log, random, project } = scene
  const pickTopic = createTopicPicker()
  while (log.file.byteCount < byteCount) {
    log.wait(5, 60)
    const kind = random.weighted(storyKindWeights)
    playStory({ ...scene, kind, topic: pickTopic(project, kind) }, random.weighted(moodWeights))
  }
}

function openSession({ log, random }: Scene): void {
  const { version, identity } = log
  const { sessionId } = identity
  if (!version.hasPromptIds && random.chance(0.3))
    log.bare({ type: 'summary', summary: 'An earlier conversation', leafUuid: random.uuid() })
  if (!version.hasAttachments) return
  log.bare({ type: 'permission-mode', permissionMode: 'default', sessionId })
  const skills =
    '- plain-language: Use this skill to simplify texts.\n- tidy-imports: Use this skill to sort imports.'
  log.line('attachment', {
    attachment: { type: 'skill_listing', content: skills, skillCount: 2, isInitial: true },
  })
}

function closeSession({ log, random, kind, topic }: Scene): void {
  const { version, identity } = log
  const { sessionId } = identity
  const title = storyTitle(kind, topic)
  if (version.hasAttachments) {
    log.bare({ type: 'ai-title', aiTitle: title, sessionId })
    log.bare({ type: 'last-prompt', lastPrompt: title, sessionId })
  } else if (version.hasPromptIds && random.chance(0.4))
    log.bare({ type: 'custom-title', customTitle: title, sessionId })
}
