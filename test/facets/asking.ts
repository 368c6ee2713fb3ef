// An asker over a loopback server, and answers as a model would word them.
import { onTestFinished } from 'vitest'
import { readConfig } from '../../pipeline/config.js'
import type { Answer } from '../../pipeline/facets/answer-shape.js'
import { modelProvider } from '../../pipeline/facets/by-model.js'
import type { ExtractedFacets, FacetInput } from '../../pipeline/facets/provider.js'
import type { Asker, LlmClient, LlmMatter } from '../../pipeline/llm/client.js'
import { openOpenAiCompatible } from '../../pipeline/llm/openai-compatible.js'
import { type LlmQuestion, type LlmServer, startOpenAiServer } from '../support/llm-servers.js'

export const config = readConfig({ cwd: '/nonexistent' }, { HOME: '/home/kim', USER: 'kim' })
export const requestCostUsd = '0.001230000000001'

export interface Loopback {
  readonly server: LlmServer
  readonly asker: Asker
  readonly matters: LlmMatter[]
  /** Facets of the session, as `answer` has the model answer each question. */
  extract(
    input: FacetInput,
    answer: (question: LlmQuestion) => string | Answer,
    maxChars?: number,
  ): Promise<ExtractedFacets>
}

export async function startLoopback(): Promise<Loopback> {
  const server = await startOpenAiServer({ needsKey: false })
  onTestFinished(() => server.stop())
  const client = await openOpenAiCompatible({
    model: 'loopback-1',
    baseUrl: server.baseUrl,
    key: null,
    timeoutMs: 20_000,
  })
  const matters: LlmMatter[] = []
  const asker = askerOver(client, matters)
  return {
    server,
    asker,
    matters,
    extract: (input, answer, maxChars) => {
      server.otherwise = (question) => {
        const said = answer(question)
        return { kind: 'answer', text: typeof said === 'string' ? said : JSON.stringify(said) }
      }
      return modelProvider(asker, config, maxChars).extract(input)
    },
  }
}

/** Every request at one price, and noted what for. */
export function askerOver(client: LlmClient, matters: LlmMatter[] = []): Asker {
  return {
    name: client.name,
    model: client.model,
    batches: null,
    estimateCostUsd: () => requestCostUsd,
    settle: () => Promise.reject(new Error('expected no batch')),
    ask: async (request, matter) => {
      matters.push(matter)
      return { text: (await client.ask(request)).text, costUsd: requestCostUsd }
    },
  }
}

/** A complete answer; each test says what matters to it. */
export function answerOf(changes: Partial<Answer> = {}): Answer {
  return {
    underlying_goal: 'Have a login form that works',
    brief_summary: 'The agent mended the form; it ended well.',
    goals: [{ category: 'fix_bug', prompts: [1] }],
    session_type: 'single_task',
    outcome: { value: 'fully_achieved', n: 4, quote: 'The form works and the tests pass' },
    helpfulness: 'very_helpful',
    satisfaction: [],
    frictions: [],
    friction_detail: null,
    corrections: [],
    retry_loops: [],
    tasks: [{ set_by: 1, state: 'completed' }],
    primary_success: 'Found the cause at once',
    workflow_type: 'debugging',
    decisions: [],
    knowledge_filed: [],
    time_saved_minutes: 20,
    ...changes,
  }
}
