// What an HTTP status means for a question to a model. A provider's own words are never passed on: they may quote it.
import { LlmError } from './client.js'

export interface HttpFailure {
  readonly status: number
  /** What the provider says; read, and never shown. */
  readonly message: string
  readonly retryAfter: string | null
}

/** What may pass: the question is asked again, after the time that the provider names. */
export class PassingFailure extends Error {
  constructor(
    message: string,
    readonly retryAfterMs: number | null = null,
    /** The question may have been answered, and the answer lost. */
    readonly isLost: boolean = false,
  ) {
    super(message)
    this.name = 'PassingFailure'
  }
}

const isWithoutCredit = /credit balance|insufficient[_ ](quota|credits|funds)|exceeded your current quota/i
const isTooLong = /prompt is too long|context[_ ](length|window)|maximum context|too many tokens/i

/** A 400 because of the schema that was sent with the question: many models and servers enforce none, or only small ones. */
export function refusesSchema(status: number | undefined, message: string): boolean {
  return status === 400 && /schema|grammar|output_config|response_format|structured output/i.test(message)
}

/** Statuses that may pass become PassingFailure, all others LlmError. */
export function failureOf(name: string, model: string, { status, message, retryAfter }: HttpFailure): Error {
  const got = `${name} answered ${status}`
  if (status === 401 || status === 403) return misconfigured(`${got}: it does not accept the key`)
  if (status === 402 || isWithoutCredit.test(message))
    return misconfigured(`${got}: the account has no credit left`)
  if (status === 404)
    return misconfigured(`${got}: it knows no model ${model}, or base_url is not its address`)
  if (status === 413 || isTooLong.test(message))
    return new LlmError('unusable', `${got}: the question is longer than ${model} can read`)
  if ([408, 409, 425, 429].includes(status) || status >= 500)
    return new PassingFailure(got, waitOf(retryAfter))
  return new LlmError('unusable', `${got}: it does not accept the question`)
}

function misconfigured(message: string): LlmError {
  return new LlmError('misconfigured', message)
}

/** Seconds or a date, as the header may say. */
function waitOf(retryAfter: string | null): number | null {
  if (retryAfter === null) return null
  const waitMs = /^[\d.]+$/.test(retryAfter) ? Number(retryAfter) * 1000 : Date.parse(retryAfter) - Date.now()
  return Number.isFinite(waitMs) ? Math.max(0, waitMs) : null
}

/** Nobody was there to answer, so that nothing can have been billed. */
export function neverArrived(error: unknown): boolean {
  const codes = /ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ERR_TLS|CERT_|SELF_SIGNED/
  for (let cause = error; cause instanceof Error; cause = cause.cause)
    if (codes.test(`${(cause as NodeJS.ErrnoException).code ?? ''} ${cause.message}`)) return true
  return false
}
