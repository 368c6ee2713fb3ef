// Sub-agents: a file of their own beside the parent's, and in some versions a copy of their lines within it.
import { createLostFile, type DemoEffects } from './log-file.js'
import { explanations } from './phrases.js'
import { type Line, SessionLog } from './session-log.js'
import { answerTool, callTools, type Scene, useTools } from './steps.js'
import { readFile, searchFiles, type ToolCall, toolCall } from './tools.js'

interface Delegation {
  readonly agentId: string
  readonly agentType: string
  readonly task: string
  readonly call: ToolCall
}

/** The `delegate` of a session whose sub-agents' files lie in the given folder; it grants that share of wishes. */
export function createDelegate(folder: string, share: number, effects: DemoEffects): Scene['delegate'] {
  return (scene, agentType, task) => {
    if (!scene.random.chance(share)) return
    const { version } = scene.log
    const delegation = startDelegation(scene, agentType, task)
    callTools(scene, [delegation.call])
    if (version.launchesAsync) answerTool(scene, launched(delegation))
    const totalTokens = runSubagent(scene, delegation, folder, effects)
    if (version.launchesAsync) notify(scene, delegation)
    else answerTool(scene, completed(delegation, totalTokens))
  }
}

function startDelegation({ log, random }: Scene, agentType: string, task: string): Delegation {
  const agentId = log.version.hasPromptIds ? `a${random.hex(16)}` : random.hex(7)
  const input = { subagent_type: agentType, description: task.split(' ').slice(0, 4).join(' '), prompt: task }
  const call = toolCall(random, {
    name: log.version.delegationTool,
    input,
    answer: '',
    result: null,
    seconds: 0,
  })
  return { agentId, agentType, task, call }
}

/** Plays the sub-agent from the parent's now on; the parent's clock ends where the sub-agent's does. */
function runSubagent(scene: Scene, delegation: Delegation, folder: string, effects: DemoEffects): number {
  const { log, random } = scene
  const isLost = log.version.mirrorsSubagents && random.chance(0.25)
  const path = `${folder}/agent-${delegation.agentId}`
  const file = isLost ? createLostFile() : effects.createFile(`${path}.jsonl`)
  const model = delegation.agentType === 'Explore' ? 'claude-haiku-4-5-20251001' : log.identity.model
  const identity = { ...log.identity, agentId: delegation.agentId, model }
  const onLine = log.version.mirrorsSubagents
    ? (line: Line) => mirror(scene, delegation, child, line)
    : () => {}
  const child: SessionLog = new SessionLog(identity, file, random, log.tally, log.nowMs, onLine)
  log.tally.subagentSession()
  playTask({ ...scene, log: child, hasFaults: false }, delegation.task)
  log.nowMs = child.nowMs
  file.close()
  if (isLost) return child.context
  log.tally.file(file.lineCount, file.byteCount)
  if (log.version.hasAttachments) writeMeta(`${path}.meta.json`, delegation, effects)
  return child.context
}

function playTask(scene: Scene, task: string): void {
  const { log, random } = scene
  log.user(task)
  for (let round = random.int(2, 6); round > 0; round--)
    if (random.chance(0.4)) useTools(scene, searchFiles(scene))
    else useTools(scene, ...Array.from({ length: random.int(1, 3) }, () => readFile(scene)))
  log.wait(3, 12)
  log.reply([{ type: 'text', text: random.pick(explanations) }])
}

function mirror({ log, random }: Scene, delegation: Delegation, child: SessionLog, line: Line): void {
  if (line.type !== 'user' && line.type !== 'assistant') return
  log.nowMs = child.nowMs + 20
  const { type, message, requestId, uuid, timestamp } = line
  log.line('progress', {
    data: {
      message: { type, timestamp, message, ...(requestId ? { requestId } : {}), uuid },
      normalizedMessages: [],
      type: 'agent_progress',
      prompt: delegation.task,
      agentId: delegation.agentId,
    },
    toolUseID: `agent_msg_01${random.letters(22)}`,
    parentToolUseID: delegation.call.id,
  })
}

function completed({ call, agentId, task }: Delegation, totalTokens: number): ToolCall {
  const answer = [{ type: 'text', text: 'Found it. The summary names the files and the functions.' }]
  return {
    ...call,
    answer,
    result: { status: 'completed', prompt: task, agentId, content: answer, totalTokens },
  }
}

function launched({ call, agentId, task }: Delegation): ToolCall {
  const answer = `Async agent launched successfully.\nagentId: ${agentId}`
  return { ...call, answer, result: { isAsync: true, status: 'async_launched', agentId, prompt: task } }
}

/** The result of a sub-agent in the background: a line of type user, but nobody typed it. */
function notify({ log }: Scene, { agentId, call }: Delegation): void {
  const content =
    `<task-notification>\n<task-id>${agentId}</task-id>\n<tool-use-id>${call.id}</tool-use-id>\n` +
    '<status>completed</status>\n</task-notification>'
  const sessionId = log.identity.sessionId
  log.bare({ type: 'queue-operation', operation: 'enqueue', timestamp: log.timestamp, sessionId, content })
  log.bare({ type: 'queue-operation', operation: 'dequeue', timestamp: log.timestamp, sessionId })
  log.user(content, { promptSource: 'system', origin: { kind: 'task-notification' } })
}

function writeMeta(path: string, { agentType, call }: Delegation, effects: DemoEffects): void {
  const file = effects.createFile(path)
  file.write(JSON.stringify({ agentType, description: call.input.description, toolUseId: call.id }))
  file.close()
}
