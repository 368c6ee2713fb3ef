// Holds the tokens that a program arrives at against those that the generator knows.

/* biome-ignore-all lint/suspicious/noConsole: a bench is for reading on a terminal */
/** What the generator counted, in the names that both contenders are read into. */
export function knownTokens(totals) {
  return {
    input: totals.inputTokens,
    output: totals.outputTokens,
    cacheRead: totals.cacheReadTokens,
    cacheWrite: totals.cacheWrite5mTokens + totals.cacheWrite1hTokens,
  }
}

/** Says whether the tokens are those generated, and returns it. */
export function compareTokens(name, tokens, known) {
  const isEqual = isSame(tokens, known)
  console.log(`${isEqual ? 'equal' : 'DIFFERENT'}: tokens by ${name} and as generated`)
  if (!isEqual) console.log(`  ${name}:   ${JSON.stringify(tokens)}\n  generated: ${JSON.stringify(known)}`)
  return isEqual
}

export function compareDays(ours, theirs) {
  const days = [...new Set([...ours.keys(), ...theirs.keys()])]
  const differing = days.filter((day) => !isSame(ours.get(day), theirs.get(day)))
  console.log(
    `days on which the two differ: ${differing.length} of ${days.length} ${differing.slice(0, 3).join(' ')}`,
  )
}

function isSame(one, two) {
  return JSON.stringify(one) === JSON.stringify(two)
}
