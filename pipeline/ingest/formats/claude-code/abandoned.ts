// Branches that were left: where two prompts follow the same line, the person went back and asked anew (rule 5).

/** What is known of a message's place: its line's id, and whether it is a prompt that was typed. */
export interface Placed {
  readonly uuid: string | null
  readonly isTypedPrompt: boolean
}

/** The messages still on the thread; `parents` says which line each line follows. The counting SQL says the same. */
export function withoutAbandoned<T extends Placed>(
  messages: readonly T[],
  parents: ReadonlyMap<string, string>,
): T[] {
  const left = leftPrompts(messages, parents)
  if (left.size === 0) return [...messages]
  const isOff = new Map<string, boolean>([...left].map((uuid) => [uuid, true]))
  const isOffThread = (uuid: string): boolean => {
    const path: string[] = []
    let at: string | undefined = uuid
    while (at !== undefined && !isOff.has(at)) {
      isOff.set(at, false) // A line that follows itself ends here.
      path.push(at)
      at = parents.get(at)
    }
    const isLeft = at !== undefined && isOff.get(at) === true
    for (const line of path) isOff.set(line, isLeft)
    return isLeft
  }
  return messages.filter(({ uuid }) => uuid === null || !isOffThread(uuid))
}

/** Of the prompts that follow one line, all but the latest. */
function leftPrompts(messages: readonly Placed[], parents: ReadonlyMap<string, string>): Set<string> {
  const latest = new Map<string, string>()
  const left = new Set<string>()
  for (const { uuid, isTypedPrompt } of messages) {
    const parent = uuid === null ? undefined : parents.get(uuid)
    if (!isTypedPrompt || uuid === null || parent === undefined) continue
    const before = latest.get(parent)
    if (before !== undefined) left.add(before)
    latest.set(parent, uuid)
  }
  return left
}
