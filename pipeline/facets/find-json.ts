// The JSON object in a model's answer: alone, between fences, or with words around it.

/** The first whole object, or null. */
export function findJsonObject(text: string): Record<string, unknown> | null {
  const fenced = [...text.matchAll(/```(?:json)?\s*\n([\s\S]*?)\n\s*```/gi)].map((match) => match[1] ?? '')
  for (const candidate of [text, ...fenced]) {
    const parsed = parseObject(candidate)
    if (parsed !== null) return parsed
  }
  return scanForObject(text)
}

const mostTries = 50

function scanForObject(text: string): Record<string, unknown> | null {
  let start = text.indexOf('{')
  for (let tries = 0; start !== -1 && tries < mostTries; tries++) {
    const end = endOfObject(text, start)
    const parsed = end === -1 ? null : parseObject(text.slice(start, end))
    if (parsed !== null) return parsed
    start = text.indexOf('{', start + 1)
  }
  return null
}

/** Behind the brace that closes the one at `start`, or -1; braces in strings do not count. */
function endOfObject(text: string, start: number): number {
  let depth = 0
  let isInString = false
  for (let i = start; i < text.length; i++) {
    const character = text[i]
    if (isInString && character === '\\') i++
    else if (character === '"') isInString = !isInString
    else if (!isInString && character === '{') depth++
    else if (!isInString && character === '}' && --depth === 0) return i + 1
  }
  return -1
}

function parseObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : null
  } catch {
    return null
  }
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}
