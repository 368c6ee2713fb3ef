// What goes wrong in a session: corrections, retry loops, rejected edits, interruptions, failed requests.
import { corrections, givingUp, rejectionReasons } from './phrases.js'
import { answerTool, ask, callTools, edit, type Scene, say, useTools } from './steps.js'
import { editFile, failCommand, failed, failTests } from './tools.js'

export function correct(scene: Scene): void {
  ask(scene, scene.random.pick(corrections))
  edit(scene)
}

/** The same failing command again and again. */
export function retryLoop(scene: Scene): void {
  const { random, project } = scene
  const command = random.chance(0.6) ? project.testCommand : project.buildCommand
  const rounds = random.int(3, 5)
  for (let round = 0; round < rounds; round++) {
    useTools(scene, failCommand(scene, command, 'expected 1.5, got 1.25', random.int(3, 20)))
    if (random.chance(0.4)) edit(scene)
  }
}

export function rejectEdit(scene: Scene): void {
  const { log, random } = scene
  const reason = random.pick(rejectionReasons)
  const call = failed(
    editFile(scene),
    "The user doesn't want to proceed with this tool use. The tool use was rejected (eg. if it was a file edit, " +
      `the new_string was NOT written to the file). To tell you how to proceed, the user said:\n${reason}`,
  )
  callTools(scene, [call])
  log.wait(4, 40)
  log.tally.count('rejections')
  answerTool(scene, { ...call, seconds: 0, result: 'User rejected tool use' })
}

/** The user presses escape: in the middle of an answer, or while a tool waits for permission. */
export function interrupt(scene: Scene): void {
  const { log, random } = scene
  const isForTool = random.chance(0.4)
  if (isForTool) rejectEdit(scene)
  else say(scene, 'I will now rewrite the whole module and')
  log.tally.count('interruptions')
  log.wait(1, 6)
  log.user([{ type: 'text', text: `[Request interrupted by user${isForTool ? ' for tool use' : ''}]` }])
}

export function failRequest(scene: Scene): void {
  const { log, random } = scene
  const attempts = log.version.hasCacheTiers ? random.int(1, 3) : 0
  for (let attempt = 1; attempt <= attempts; attempt++) {
    log.wait(1, 4)
    log.line('system', {
      subtype: 'api_error',
      level: 'error',
      error: { status: 529 },
      retryInMs: 500 * 2 ** attempt,
      retryAttempt: attempt,
      maxRetries: 10,
    })
  }
  log.tally.count('apiErrors')
  log.line('assistant', { message: syntheticReply(scene), isApiErrorMessage: true, error: 'unknown' })
  ask(scene, 'Please continue.')
}

export function giveUp(scene: Scene): void {
  useTools(scene, failTests(scene))
  ask(scene, scene.random.pick(givingUp))
  say(scene, 'Understood. The last state is in the working tree; one test still fails.')
}

function syntheticReply({ random }: Scene): Record<string, unknown> {
  return {
    id: random.uuid(),
    container: null,
    model: '<synthetic>',
    role: 'assistant',
    stop_reason: 'stop_sequence',
    stop_sequence: '',
    type: 'message',
    usage: {
      input_tokens: 0,
      output_tokens: 0,
      cache_creation_input_tokens: 0,
      cache_read_input_tokens: 0,
      cache_creation: { ephemeral_1h_input_tokens: 0, ephemeral_5m_input_tokens: 0 },
    },
    content: [{ type: 'text', text: 'API Error: 529 {"type":"error","error":{"type":"overloaded_error"}}' }],
  }
}
