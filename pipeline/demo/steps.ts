// The moves of a session: asking, replying with tools, committing, housekeeping lines in between.
import { conclusions, narration, thoughts } from './phrases.js'
import type { StoryKind } from './projects.js'
import type { Line, SessionLog } from './session-log.js'
import { editFile, failed, runCommand, type ToolBench, type ToolCall } from './tools.js'

export interface Scene extends ToolBench {
  readonly log: SessionLog
  readonly kind: StoryKind
  readonly topic: string
  /** How much of the hook, progress and turn lines is written, 0 to 1. */
  readonly noise: number
  /** Hands a task to a sub-agent. */
  readonly delegate: (scene: Scene, agentType: string, task: string) => void
  /** Whether a fault may be written into the file here: a cut line, or two glued ones. */
  readonly hasFaults: boolean
}

export function ask(scene: Scene, text: string): void {
  const { log, random } = scene
  log.wait(15, 280)
  const content = random.weighted<string | Record<string, unknown>[]>([
    [text, 70],
    [[{ type: 'text', text }], 20],
    [`<system-reminder>\nThe todo list is empty.\n</system-reminder>\n${text}`, 5],
    [
      [
        { type: 'text', text: openedFile(scene) },
        { type: 'text', text },
      ],
      5,
    ],
  ])
  snapshot(scene)
  log.human(content)
}

export function say(scene: Scene, text: string): void {
  scene.log.wait(4, 25)
  scene.log.reply([...thinking(scene), { type: 'text', text }])
  endTurn(scene)
}

export function conclude(scene: Scene): void {
  say(scene, scene.random.pick(conclusions))
}

/** One reply that calls tools, and their answers. */
export function useTools(scene: Scene, ...calls: readonly ToolCall[]): void {
  callTools(scene, calls)
  for (const call of calls) answerTool(scene, call)
  if (scene.log.needsCompaction) scene.log.compact()
}

export function callTools(scene: Scene, calls: readonly ToolCall[]): void {
  const { log, random } = scene
  log.wait(4, 20)
  const text = random.chance(0.4) ? [{ type: 'text', text: random.pick(narration) }] : []
  const uses = calls.map(({ id, name, input }) => ({ type: 'tool_use', id, name, input }))
  log.reply([...thinking(scene), ...text, ...uses])
}

export function answerTool(scene: Scene, call: ToolCall, extra: Line = {}): void {
  const { log } = scene
  showProgress(scene, call)
  log.nowMs += call.seconds * 1000 + log.random.int(20, 400)
  if (call.isError) log.tally.count('toolErrors')
  const block = { tool_use_id: call.id, type: 'tool_result', content: call.answer }
  log.user([call.isError ? { ...block, is_error: true } : block], { toolUseResult: call.result, ...extra })
}

export function edit(scene: Scene): void {
  if (scene.random.chance(0.06))
    useTools(
      scene,
      failed(editFile(scene), '<tool_use_error>String to replace not found in file.</tool_use_error>'),
    )
  useTools(scene, editFile(scene))
}

export function commit(scene: Scene): void {
  const { random } = scene
  const message = `${scene.kind}: ${scene.topic}`
  useTools(scene, runCommand(scene, 'git status --short', ` M ${random.pick(scene.project.files)}`, 1))
  const stdout = `[${scene.log.identity.gitBranch} ${random.hex(7)}] ${message}\n 2 files changed`
  useTools(scene, runCommand(scene, `git add -A && git commit -m "${message}"`, stdout, 2))
  if (random.chance(0.5)) useTools(scene, runCommand(scene, 'git push', 'Everything up-to-date', 3))
}

/** What stands between the lines that matter; a reader must pass over it. */
export function endTurn({ log, random, noise }: Scene): void {
  if (log.version.hasProgress && random.chance(0.8 * noise))
    log.line('system', {
      subtype: 'stop_hook_summary',
      hookCount: 1,
      hookInfos: [{ command: 'notify-done' }],
      hookErrors: [],
      preventedContinuation: false,
      stopReason: '',
      hasOutput: false,
      level: 'suggestion',
    })
  if (log.version.hasCacheTiers && random.chance(0.8 * noise))
    log.line('system', { subtype: 'turn_duration', durationMs: random.int(4_000, 240_000), isMeta: false })
}

function snapshot(scene: Scene): void {
  const { log, random } = scene
  if (!log.version.hasGitBranch || log.identity.agentId !== null) return
  const messageId = random.uuid()
  const made = { messageId, trackedFileBackups: {}, timestamp: log.timestamp }
  const text = JSON.stringify({
    type: 'file-history-snapshot',
    messageId,
    snapshot: made,
    isSnapshotUpdate: false,
  })
  if (!scene.hasFaults || !random.chance(0.012)) log.file.write(text)
  else if (random.chance(0.5)) cutLine(log, text)
  else glueLines(log, text)
}

function cutLine(log: SessionLog, text: string): void {
  log.tally.count('badLines')
  log.file.write(text.slice(0, text.length >> 1))
}

/** A second object is appended right behind a snapshot that lost its newline. */
function glueLines(log: SessionLog, text: string): void {
  log.tally.count('gluedLines')
  const sessionId = log.identity.sessionId
  log.file.write(text + JSON.stringify({ type: 'permission-mode', permissionMode: 'default', sessionId }))
}

function showProgress(scene: Scene, call: ToolCall): void {
  const { log, random, noise } = scene
  for (const hookEvent of ['PreToolUse', 'PostToolUse'])
    if (random.chance(0.5 * noise)) runHook(log, hookEvent, call)
  if (!log.version.hasProgress) return
  const parent = { toolUseID: call.id, parentToolUseID: call.id }
  for (let second = 2; call.name === 'Bash' && second < call.seconds * noise; second += 2)
    log.line('progress', {
      data: { type: 'bash_progress', output: '', fullOutput: '', elapsedTimeSeconds: second, totalLines: 0 },
      ...parent,
    })
  if (call.name.startsWith('mcp__'))
    log.line('progress', {
      data: { type: 'mcp_progress', status: 'started', toolName: call.name },
      ...parent,
    })
}

function runHook(log: SessionLog, hookEvent: string, call: ToolCall): void {
  const hook = { hookEvent, hookName: `${hookEvent}:${call.name}`, command: 'check-style' }
  const toolUseID = call.id
  if (log.version.hasProgress)
    log.line('progress', { data: { type: 'hook_progress', ...hook }, toolUseID, parentToolUseID: toolUseID })
  if (log.version.hasAttachments && hookEvent === 'PostToolUse')
    log.line('attachment', {
      attachment: { type: 'hook_success', ...hook, toolUseID, content: '', exitCode: 0 },
    })
}

function thinking({ random }: Scene): Line[] {
  if (!random.chance(0.28)) return []
  return [{ type: 'thinking', thinking: random.pick(thoughts), signature: random.letters(90) }]
}

function openedFile(scene: Scene): string {
  return `<ide_opened_file>The user opened the file ${scene.random.pick(scene.project.files)} in the IDE.</ide_opened_file>`
}
