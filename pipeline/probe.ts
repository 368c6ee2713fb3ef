// One look at something outside this machine: whether it answers as it should, within a time limit, and what to do if not.
import { messageOf } from './errors.js'

export interface Probe {
  readonly part: 's3' | 'discord' | 'facets' | 'narrative'
  /** Which of them: a bucket, a variable, a provider. Never a secret. */
  readonly subject: string
  readonly is_ok: boolean
  /** What was seen, be it good or not. */
  readonly message: string
  readonly advice: string
}

export const probeTimeoutMs = 10_000

export interface Probing {
  readonly part: Probe['part']
  readonly subject: string
  readonly advice: string
}

/** What `look` returns is what was seen; what it throws is the failure. */
export async function probe(what: Probing, look: () => Promise<string>): Promise<Probe> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${probeTimeoutMs / 1000} s`)), probeTimeoutMs)
  })
  try {
    return { ...what, is_ok: true, message: await Promise.race([look(), late]) }
  } catch (error) {
    return { ...what, is_ok: false, message: causeOf(error) }
  } finally {
    clearTimeout(timer)
  }
}

/** `fetch failed` says nothing; its cause does. */
function causeOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined
  if (!(cause instanceof Error)) return messageOf(error)
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : ''
  return [messageOf(error), cause.message || code].filter(Boolean).join(': ')
}

/** Asks for an address and returns the answer's status; the address may hold a token and is not in any message. */
export async function statusOf(url: string, headers: Readonly<Record<string, string>> = {}): Promise<number> {
  const answer = await fetch(url, { headers, signal: AbortSignal.timeout(probeTimeoutMs) })
  await answer.body?.cancel()
  return answer.status
}
