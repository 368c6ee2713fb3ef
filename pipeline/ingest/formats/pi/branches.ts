// Which entries of a session's tree lie on a branch that the person left.

export interface TreeEntry {
  readonly id: string
  readonly parentId: string | null
}

/**
 * Where a person went back and asked anew, an entry has several children: the thread went on in the one that leads to
 * the last entry, or else in the last of them. Whoever lacks a parent, for its line was bad, is left nowhere.
 */
export function leftBranches(entries: readonly TreeEntry[]): ReadonlySet<string> {
  const parents = new Map(entries.map(({ id, parentId }) => [id, parentId]))
  const thread = new Set<string>()
  for (let id = entries.at(-1)?.id; id !== undefined && !thread.has(id); id = parents.get(id) ?? undefined)
    thread.add(id)

  const wentOn = new Map<string | null, string>()
  for (const { id, parentId } of entries) {
    const chosen = wentOn.get(parentId)
    if (chosen === undefined || !thread.has(chosen)) wentOn.set(parentId, id)
  }

  const left = new Set<string>()
  for (const { id, parentId } of entries)
    if (wentOn.get(parentId) !== id || (parentId !== null && left.has(parentId))) left.add(id)
  return left
}
