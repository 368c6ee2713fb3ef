// A second, naive reader of Claude Code logs: slow, plain and independent of the program, to check totals with.

type Json = Record<string, unknown>
type Call = { model: string; input: number; output: number; read: number; write5m: number; write1h: number }
/** One API call by its key, and whether only sub-agents' lines have it. */
type KeyedCall = Call & { messageId: string; isAside: boolean }

export interface Recount {
  sessions: number
  subagentSessions: number
  prompts: number
  llmCalls: number
  inputTokens: number
  outputTokens: number
  cacheReadTokens: number
  cacheWrite5mTokens: number
  cacheWrite1hTokens: number
  toolCalls: number
  toolErrors: number
  lines: number
  blankLines: number
  badLines: number
  gluedLines: number
  callsByModel: Record<string, number>
}

/** Reads whole files, given by path and content. */
export function recount(files: ReadonlyMap<string, string>): Recount {
  const calls = new Map<string, KeyedCall>()
  const sessions = new Set<string>()
  const subagents = new Set<string>()
  const tools = new Set<string>()
  const failedTools = new Set<string>()
  const prompts = new Set<string>() // A fork repeats them under the same ids.
  const counts = { lines: 0, blankLines: 0, badLines: 0, gluedLines: 0 }

  function readReply(line: Json): void {
    const message = asObject(line.message)
    for (const block of asBlocks(message.content)) if (block.type === 'tool_use') tools.add(String(block.id))
    if (line.isApiErrorMessage || message.model === '<synthetic>' || !message.usage) return
    const key = message.id ? `${message.id} ${line.requestId ?? ''}` : String(line.uuid)
    const known = calls.get(key)
    const isAside = line.isSidechain === true && (known?.isAside ?? true)
    const call = readCall(String(message.model), asObject(message.usage))
    const kept = known && known.output >= call.output ? known : call
    calls.set(key, { ...kept, messageId: String(message.id ?? line.uuid), isAside })
    asBlocks(asObject(message.usage).iterations).forEach((part, i) => {
      if (part.type === 'advisor_message')
        calls.set(`${key} advisor ${i}`, {
          ...readCall(String(part.model), part),
          messageId: `${key} advisor ${i}`,
          isAside,
        })
    })
  }

  function readLine(line: Json): void {
    if (line.agentId) subagents.add(`${line.sessionId}/${line.agentId}`)
    else if (line.sessionId) sessions.add(String(line.sessionId))
    const data = asObject(line.data)
    if (data.type === 'agent_progress') {
      subagents.add(`${line.sessionId}/${data.agentId}`)
      const inner = asObject(data.message)
      if (inner.type === 'assistant') readReply(inner)
    }
    if (line.type === 'assistant') readReply(line)
    if (line.type === 'user')
      for (const block of asBlocks(asObject(line.message).content))
        if (block.type === 'tool_result' && block.is_error) failedTools.add(String(block.tool_use_id))
    if (isPrompt(line)) prompts.add(String(line.uuid))
  }

  for (const content of files.values())
    for (const text of content.split('\n').filter((piece, i, all) => i < all.length - 1 || piece !== '')) {
      counts.lines++
      const objects = parseLine(text)
      if (objects === null) counts.badLines++
      else if (objects.length === 0) counts.blankLines++
      else if (objects.length > 1) counts.gluedLines++
      objects?.forEach(readLine)
    }

  // A side question repeats its parent's reply under another request.
  const replies = new Set([...calls.values()].filter((call) => !call.isAside).map((call) => call.messageId))
  const counted = [...calls.values()].filter((call) => !call.isAside || !replies.has(call.messageId))
  const sum = (measure: (call: Call) => number): number =>
    counted.reduce((total, call) => total + measure(call), 0)
  const callsByModel: Record<string, number> = {}
  for (const { model } of counted) callsByModel[model] = (callsByModel[model] ?? 0) + 1
  return {
    ...counts,
    prompts: prompts.size,
    sessions: sessions.size,
    subagentSessions: subagents.size,
    llmCalls: counted.length,
    inputTokens: sum((call) => call.input),
    outputTokens: sum((call) => call.output),
    cacheReadTokens: sum((call) => call.read),
    cacheWrite5mTokens: sum((call) => call.write5m),
    cacheWrite1hTokens: sum((call) => call.write1h),
    toolCalls: tools.size,
    toolErrors: failedTools.size,
    callsByModel,
  }
}

/** The objects on a line, none if it is blank, null if it holds anything but whole objects. */
function parseLine(text: string): Json[] | null {
  const trimmed = text.replace(/^\uFEFF/, '').trim()
  if (trimmed === '') return []
  const whole = tryParse(trimmed)
  if (whole) return [whole]
  for (let at = trimmed.indexOf('}{'); at >= 0; at = trimmed.indexOf('}{', at + 1)) {
    const [first, second] = [tryParse(trimmed.slice(0, at + 1)), tryParse(trimmed.slice(at + 1))]
    if (first && second) return [first, second]
  }
  return null
}

function tryParse(text: string): Json | null {
  try {
    return asObject(JSON.parse(text))
  } catch {
    return null
  }
}

function readCall(model: string, usage: Json): Call {
  const tiers = asObject(usage.cache_creation)
  const write1h = asNumber(tiers.ephemeral_1h_input_tokens)
  return {
    model,
    input: asNumber(usage.input_tokens),
    output: asNumber(usage.output_tokens),
    read: asNumber(usage.cache_read_input_tokens),
    write5m: asNumber(usage.cache_creation_input_tokens) - write1h,
    write1h,
  }
}

const wrapper =
  /^\s*<(system-reminder|task-notification|ide_[a-z_]+|command-[a-z]+|local-command-[a-z]+|bash-[a-z]+)>[\s\S]*?<\/\1>/
const notAsked =
  /^(\[Request interrupted by user|Stop hook feedback|This session is being continued|<debrief-extraction)/

function isPrompt(line: Json): boolean {
  const attachment = asObject(line.attachment)
  if (attachment.type === 'queued_command') return isAsked(String(attachment.prompt))
  if (line.type !== 'user' || line.isMeta || line.isCompactSummary || line.isSidechain) return false
  const { content } = asObject(line.message)
  if (typeof content === 'string') return isAsked(content)
  return isAsked(
    asBlocks(content)
      .filter((block) => block.type === 'text')
      .map((block) => String(block.text))
      .join('\n'),
  )
}

function isAsked(text: string): boolean {
  let rest = text
  while (wrapper.test(rest)) rest = rest.replace(wrapper, '')
  rest = rest.trim()
  return rest !== '' && !notAsked.test(rest)
}

function asObject(value: unknown): Json {
  return typeof value === 'object' && value !== null ? (value as Json) : {}
}

function asBlocks(value: unknown): Json[] {
  return Array.isArray(value) ? value.map(asObject) : []
}

function asNumber(value: unknown): number {
  return typeof value === 'number' ? value : 0
}
