// How a piece of work goes, from its opening prompt to thanks, silence or giving up.
import { explanations, followUps, openingPrompt, thanks } from './phrases.js'
import type { StoryKind } from './projects.js'
import { ask, commit, conclude, edit, type Scene, say, useTools } from './steps.js'
import {
  failCommand,
  failTests,
  fetchPage,
  loadSkill,
  passTests,
  readFile,
  readIssue,
  runCommand,
  searchFiles,
  searchWeb,
  writeFile,
  writeTodos,
} from './tools.js'
import { correct, failRequest, giveUp, interrupt, rejectEdit, retryLoop } from './troubles.js'

/** How it goes: without a hitch, with a hitch, badly, or broken off. */
export type Mood = 'smooth' | 'bumpy' | 'rough' | 'abandoned'

export const moodWeights: readonly (readonly [Mood, number])[] = [
  ['smooth', 56],
  ['bumpy', 24],
  ['rough', 11],
  ['abandoned', 9],
]

export function playStory(scene: Scene, mood: Mood): void {
  const { random } = scene
  if (random.chance(0.12)) runSlashCommand(scene)
  ask(scene, openingPrompt(scene.kind, scene.topic, random))
  if (random.chance(0.1)) useTools(scene, readIssue(scene))
  lookAround(scene)
  if (mood === 'abandoned') {
    breakOff(scene)
    return
  }
  bodies[scene.kind](scene)
  if (mood === 'rough') goBadly(scene)
  else goWell(scene, mood === 'bumpy')
}

function goWell(scene: Scene, hasHitch: boolean): void {
  if (hasHitch) hitch(scene)
  conclude(scene)
  finish(scene)
}

const bodies: Readonly<Record<StoryKind, (scene: Scene) => void>> = {
  implement: (scene) => {
    useTools(scene, writeTodos(scene, scene.topic))
    if (scene.random.chance(0.45)) delegateSearch(scene)
    editSome(scene, 1, 4)
    test(scene)
  },
  fix: (scene) => {
    if (scene.random.chance(0.25)) delegateSearch(scene)
    useTools(scene, failTests(scene))
    editSome(scene, 1, 2)
    test(scene)
  },
  refactor: (scene) => {
    editSome(scene, 2, 4)
    test(scene)
    if (scene.random.chance(0.3)) scene.delegate(scene, 'code-reviewer', 'Review the refactoring.')
  },
  tests: (scene) => {
    useTools(scene, writeFile(scene, `tests/${scene.topic.replaceAll(' ', '-')}.${scene.project.extension}`))
    test(scene)
  },
  docs: (scene) => {
    useTools(scene, writeFile(scene, 'README.md'))
    if (scene.random.chance(0.3)) loadSkillFor(scene, 'plain-language')
  },
  explore: (scene) => {
    if (scene.random.chance(0.8)) delegateSearch(scene)
    lookAround(scene)
    say(scene, scene.random.pick(explanations))
  },
  research: (scene) => {
    useTools(scene, searchWeb(scene, scene.topic))
    useTools(scene, fetchPage(scene), fetchPage(scene))
    say(scene, scene.random.pick(explanations))
  },
  config: (scene) => {
    useTools(scene, writeFile(scene, 'ci.yaml'))
    if (scene.random.chance(0.5))
      useTools(scene, failCommand(scene, scene.project.buildCommand, 'unknown key: on'))
    editSome(scene, 1, 2)
    useTools(scene, runCommand(scene, scene.project.buildCommand, 'built', 12))
  },
}

function lookAround(scene: Scene): void {
  useTools(scene, searchFiles(scene))
  const files = Array.from({ length: scene.random.int(1, 3) }, () => readFile(scene))
  useTools(scene, ...files)
}

function editSome(scene: Scene, least: number, most: number): void {
  const count = scene.random.int(least, most)
  for (let i = 0; i < count; i++) edit(scene)
}

function test(scene: Scene): void {
  if (scene.random.chance(0.3)) {
    useTools(scene, failTests(scene))
    edit(scene)
  }
  useTools(scene, passTests(scene))
}

function hitch(scene: Scene): void {
  conclude(scene)
  if (scene.random.chance(0.65)) correct(scene)
  else rejectEdit(scene)
  test(scene)
}

function goBadly(scene: Scene): void {
  retryLoop(scene)
  if (scene.random.chance(0.4)) failRequest(scene)
  correct(scene)
  if (scene.random.chance(0.6)) {
    giveUp(scene)
    return
  }
  test(scene)
  conclude(scene)
}

function breakOff(scene: Scene): void {
  interrupt(scene)
  if (!scene.random.chance(0.4)) return
  correct(scene)
  interrupt(scene)
}

function finish(scene: Scene): void {
  const { random } = scene
  for (
    let more = random.weighted([
      [0, 45],
      [1, 35],
      [2, 20],
    ] as const);
    more > 0;
    more--
  )
    followUp(scene)
  if (scene.kind !== 'explore' && scene.kind !== 'research' && random.chance(0.65)) {
    if (random.chance(0.5)) ask(scene, 'Please commit this.')
    commit(scene)
    conclude(scene)
  }
  if (!random.chance(0.45)) return
  ask(scene, random.pick(thanks))
  say(scene, 'You are welcome.')
}

function followUp(scene: Scene): void {
  const text = scene.random.pick(followUps)
  if (scene.random.chance(0.2)) queuePrompt(scene, text)
  else ask(scene, text)
  if (scene.random.chance(0.04)) scene.log.compact()
  if (scene.random.chance(0.5)) useTools(scene, readFile(scene))
  edit(scene)
  test(scene)
  conclude(scene)
}

/** A prompt typed while the agent still works: an attachment in newer versions, a late user line in older ones. */
function queuePrompt(scene: Scene, text: string): void {
  const { log } = scene
  const sessionId = log.identity.sessionId
  const queued = (operation: string): Record<string, unknown> => ({
    type: 'queue-operation',
    operation,
    timestamp: log.timestamp,
    sessionId,
  })
  log.bare({ ...queued('enqueue'), content: text })
  useTools(scene, readFile(scene))
  if (log.version.hasAttachments) {
    log.bare(queued('remove'))
    log.tally.inWeek('prompts', log.nowMs)
    log.line('attachment', { attachment: { type: 'queued_command', prompt: text, commandMode: 'prompt' } })
  } else {
    log.bare(queued('dequeue'))
    log.human(text)
  }
}

function delegateSearch(scene: Scene): void {
  scene.delegate(scene, 'Explore', `Find everything that has to do with ${scene.topic}.`)
}

function loadSkillFor(scene: Scene, skill: string): void {
  const call = loadSkill(scene, skill)
  useTools(scene, call)
  const text = `Base directory for this skill: ${scene.cwd}/.claude/skills/${skill}`
  scene.log.user([{ type: 'text', text }], { isMeta: true, sourceToolUseID: call.id })
}

/** A command of the program itself; its wrapper and output are no prompts. */
function runSlashCommand({ log }: Scene): void {
  log.user(
    '<local-command-caveat>Caveat: The messages below were generated by the user while running local commands.' +
      '</local-command-caveat>',
    { isMeta: true },
  )
  log.user(
    '<command-name>/status</command-name>\n<command-message>status</command-message>\n<command-args></command-args>',
  )
  log.user('<local-command-stdout>Everything is fine</local-command-stdout>')
}
