// Sessions judged one by one: each paid answer is kept before the next is asked for, and where asking is in vain it ends.
import { UserError } from '../errors.js'
import { LlmError } from '../llm/client.js'
import { keyOf } from './due.js'
import { keptFacets, readInput } from './judge.js'
import type { SessionFacts } from './provider.js'
import { standIn } from './stand-in.js'
import type { StandInReason } from './store.js'
import type { Work } from './work.js'

/** After so many in a row nobody is asked any more. */
const maxUnavailable = 3

export async function judgeSingly(
  work: Work,
  sessions: readonly SessionFacts[],
  { isAskedFor }: { readonly isAskedFor: boolean },
): Promise<void> {
  const patience = createPatience(work, isAskedFor)
  for (const [i, session] of sessions.entries()) {
    await judgeOne(work, session, patience, sessions.length - i)
    const { session_id: subject } = session
    work.ctx.emit({ step: 'facets', action: 'progress', subject, done: i + 1, total: sessions.length })
  }
  await work.flush()
}

interface Patience {
  /** Why nobody is asked any more; null while they are. */
  readonly ended: StandInReason | null
  answered(): void
  /** Takes note of a failure, with how many sessions are still to be judged, this one too. */
  failed(error: LlmError, left: number): Promise<StandInReason>
}

/** Decides from one failure to the next whether to go on asking. */
function createPatience({ ctx, judge, flush }: Work, isAskedFor: boolean): Patience {
  let ended: StandInReason | null = judge.provider === null ? 'unavailable' : null
  let unavailableCount = 0
  const end = (reason: StandInReason, message: string, left: number) => {
    ended = reason
    const others = `rules stand in for ${left === 1 ? 'the last session' : `the ${left} that are left`}`
    ctx.emit({ step: 'facets', action: 'warn', subject: judge.name, message: `${message}; ${others}` })
  }
  return {
    get ended() {
      return ended
    },
    answered: () => {
      unavailableCount = 0
    },
    failed: async (error, left) => {
      if (error.failure === 'misconfigured') {
        await flush()
        if (isAskedFor) throw misconfigured(error)
        end('unavailable', error.message, left)
        return 'unavailable'
      }
      if (error.failure === 'over_budget') end('over_budget', error.message, left)
      unavailableCount = error.failure === 'unavailable' ? unavailableCount + 1 : 0
      if (unavailableCount === maxUnavailable)
        end('unavailable', `${error.message}, ${maxUnavailable} times in a row`, left)
      return error.failure
    },
  }
}

async function judgeOne(work: Work, session: SessionFacts, patience: Patience, left: number): Promise<void> {
  const { ctx, judge, effects } = work
  try {
    if (patience.ended !== null || judge.provider === null)
      return await standIn(work, session, patience.ended ?? 'unavailable')
    const input = await readInput(session, ctx.config, effects)
    const answer = await judge.provider.extract(input).catch(async (cause: unknown) => {
      if (!(cause instanceof LlmError)) throw cause
      await standIn(work, session, await patience.failed(cause, left), input)
      return null
    })
    if (answer === null) return
    patience.answered()
    await work.write(keptFacets(ctx, keyOf(session, judge.provider, ctx.config), input, answer))
  } catch (cause) {
    if (cause instanceof UserError) throw cause
    work.skip(session, cause)
  }
}

export function misconfigured(error: LlmError): UserError {
  const hint = 'Mend facets in debrief.yaml, or judge by rules with --provider rules.'
  return new UserError(error.message, hint, { cause: error })
}
