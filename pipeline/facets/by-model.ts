// Facets by a language model: sampled, asked for, read, and once repaired; long sessions are summarised in parts first.
import type { Config } from '../config.js'
import { type Asker, LlmError, type LlmMatter, type LlmRequest } from '../llm/client.js'
import { AnswerError, parseSummary, readAnswer } from './answer-schema.js'
import { type ClearedTranscript, clearText, clearTranscript } from './clear-transcript.js'
import { encode } from './frame.js'
import { facetsRequest, promptVersion, repairRequest, summaryRequest } from './prompt.js'
import { readLog } from './proof.js'
import type { ExtractedFacets, FacetBatching, FacetInput, FacetProvider } from './provider.js'
import { excerpt, type Sample, sampleTranscript } from './sample.js'
import { sumUsd } from './sum-usd.js'
import { summaryLines } from './summaries.js'

type ModelConfig = Pick<Config, 'home' | 'privacy' | 'secrets'>

/** About ten thousand tokens. */
export const budgetChars = 36_000
/** Of the budget, for all summaries together; opening and end have the rest. */
const summariesShare = 0.5
const longestBrokenAnswerChars = 8000

/** A provider that asks; what it sends is cleared first, and what it believes stands in the log. */
export function modelProvider(asker: Asker, config: ModelConfig, maxChars = budgetChars): FacetProvider {
  return {
    name: asker.name,
    model: asker.model,
    promptVersion,
    extract: (input) => extractByModel(asker, config, input, maxChars),
    inBatches: asker.batches === null ? null : batching(config, maxChars),
  }
}

function batching(config: ModelConfig, maxChars: number): FacetBatching {
  return {
    request: (input) => {
      const cleared = clearTranscript(input, config)
      const sample = sampleTranscript(cleared, maxChars)
      return sample.kind === 'whole' ? facetsRequest(input, cleared, sample.lines) : null
    },
    read: (input, text) => {
      try {
        return readAnswer(input, clearTranscript(input, config), text)
      } catch (cause) {
        throw asUnusable(cause)
      }
    },
  }
}

async function extractByModel(
  asker: Asker,
  config: ModelConfig,
  input: FacetInput,
  maxChars: number,
): Promise<ExtractedFacets> {
  const cleared = clearTranscript(input, config)
  const sample = sampleTranscript(cleared, maxChars)
  const asking: Asking = { asker, config, subject: input.session.session_id, costs: [] }
  const lines =
    sample.kind === 'whole' ? sample.lines : await summarise(asking, input, cleared, sample, maxChars)
  const facets = await askFor(asking, 'facets', facetsRequest(input, cleared, lines), (text) =>
    readAnswer(input, cleared, text),
  )
  return { facets, costUsd: sumUsd(asking.costs) }
}

interface Asking {
  readonly asker: Asker
  readonly config: ModelConfig
  readonly subject: string
  /** Of every request so far, repairs included. */
  readonly costs: (string | null)[]
}

/** The answer as `read` has it; where it cannot, one attempt to have it repaired. */
async function askFor<T>(
  asking: Asking,
  purpose: LlmMatter['purpose'],
  request: LlmRequest,
  read: (text: string) => T,
): Promise<T> {
  const text = await ask(asking, purpose, request)
  try {
    return read(text)
  } catch (cause) {
    if (!(cause instanceof AnswerError)) throw cause
    // It may hold what was never in the log: a model's words are cleared too before they are sent back.
    const broken = encode(excerpt(clearText(text, asking.config), longestBrokenAnswerChars))
    const repaired = await ask(asking, 'repair', repairRequest(request, [broken], cause.problems))
    try {
      return read(repaired)
    } catch (again) {
      throw asUnusable(again)
    }
  }
}

async function ask(asking: Asking, purpose: LlmMatter['purpose'], request: LlmRequest): Promise<string> {
  const { text, costUsd } = await asking.asker.ask(request, { purpose, subject: asking.subject })
  asking.costs.push(costUsd)
  return text
}

/** Only a bad answer is the model's fault; all else is a bug. */
function asUnusable(cause: unknown): unknown {
  return cause instanceof AnswerError ? new LlmError('unusable', cause.message, null, { cause }) : cause
}

/** One part after the other: each is a request of its own, and a budget that runs out stops the rest. */
async function summarise(
  asking: Asking,
  input: FacetInput,
  cleared: ClearedTranscript,
  { parts, opening, end }: Extract<Sample, { kind: 'parts' }>,
  maxChars: number,
): Promise<string[]> {
  const log = readLog(input, cleared)
  const linesPerPart: string[][] = []
  for (const part of parts) {
    const summary = await askFor(asking, 'summary', summaryRequest(input, cleared, part), parseSummary)
    linesPerPart.push(summaryLines(part, summary, log, (maxChars * summariesShare) / parts.length))
  }
  return joined(opening, linesPerPart.flat(), end)
}

/** The opening and the end speak for themselves: what is shown whole there is not told again. */
function joined(opening: readonly string[], summaries: readonly string[], end: readonly string[]): string[] {
  const whole = new Set([...opening, ...end].map(ordinalOf))
  const between = summaries.filter((line) => !whole.has(ordinalOf(line)))
  const seen = new Set(opening)
  return [...opening, ...between, ...end.filter((line) => !seen.has(line))]
}

function ordinalOf(line: string): string | undefined {
  return /^\{"n":(\d+)/.exec(line)?.[1]
}
