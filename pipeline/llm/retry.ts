// Asks again what may pass, as long as the timeout allows; the same for every provider, so that all give up alike.
import { setTimeout as sleepMs } from 'node:timers/promises'
import { LlmError } from './client.js'
import { PassingFailure } from './http-failures.js'

export interface RetryRule {
  readonly name: string
  readonly timeoutMs: number
  /** An answer was lost on the way. */
  readonly onLost?: () => void
  /** False where asking twice might do twice what must be done once. */
  readonly mayRepeatLost?: boolean
}

/** Without a word from the provider when to come back, an attempt waits twice as long as the one before. */
const firstWaitMs = 500
const maxUnguidedAttempts = 4

/** Only LlmError leaves it. */
export async function retryWithin<T>(
  rule: RetryRule,
  attempt: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const endMs = performance.now() + rule.timeoutMs
  for (let attemptCount = 1; ; attemptCount += 1) {
    const signal = AbortSignal.timeout(Math.max(1, Math.ceil(endMs - performance.now())))
    try {
      return await attempt(signal)
    } catch (error) {
      if (error instanceof LlmError) throw error
      const failure = passingFailureOf(error, signal, rule)
      if (failure.isLost) rule.onLost?.()
      const waitMs = failure.retryAfterMs ?? firstWaitMs * 2 ** (attemptCount - 1)
      const isLast =
        signal.aborted ||
        performance.now() + waitMs >= endMs ||
        (failure.retryAfterMs === null && attemptCount >= maxUnguidedAttempts) ||
        (failure.isLost && rule.mayRepeatLost === false)
      if (isLast) throw givenUp(failure, waitMs, attemptCount)
      await sleepMs(waitMs)
    }
  }
}

/** Whatever else an SDK throws, such as for a body that is no JSON, came of an answer that cannot be read. */
function passingFailureOf(
  error: unknown,
  signal: AbortSignal,
  { name, timeoutMs }: RetryRule,
): PassingFailure {
  if (signal.aborted)
    return new PassingFailure(`${name} gave no answer within ${timeoutMs / 1000} s`, null, true)
  if (error instanceof PassingFailure) return error
  return new PassingFailure(`${name} gave an answer that cannot be read`, null, true)
}

function givenUp({ message, retryAfterMs }: PassingFailure, waitMs: number, attemptCount: number): LlmError {
  const wait = retryAfterMs === null ? '' : `, and asks to wait ${Math.ceil(waitMs / 1000)} s`
  const attempts = attemptCount === 1 ? '' : `, asked ${attemptCount} times`
  return new LlmError('unavailable', `${message}${wait}${attempts}`)
}
