import { beforeAll, describe, expect, test } from 'vitest'
import { parsePeriod } from '../../pipeline/period.js'
import { costBridgeSection, signedDollars } from '../../pipeline/report/cost-bridge.js'
import { type ReportData, readReportData } from '../../pipeline/report/data.js'
import { sampleContext } from '../support/report-config.js'
import { buildSampleWarehouse } from '../support/sample-warehouse.js'

const week = parsePeriod('weekly', '2026-W07', 'monday')

async function readSample(extraSql = ''): Promise<ReportData> {
  const { config, now } = sampleContext()
  await buildSampleWarehouse(config.paths.warehouse, { extraSql })
  return readReportData(config, week, now())
}

/** What a step adds, as a number of micro-dollars. */
const micros = (usd: number | null | undefined) => Math.round((usd ?? 0) * 1e6)
const change = (data: ReportData, step: string) =>
  micros(data.rows.cost_bridge.find((row) => row.step === step)?.change_usd)

describe('the cost bridge', () => {
  let data: ReportData
  beforeAll(async () => {
    data = await readSample()
  })

  test('goes from the headline before to the headline now, and its steps sum exactly', () => {
    const steps = data.rows.cost_bridge
    const [first, last] = [steps[0], steps.at(-1)]
    const headline = (role: string) =>
      micros(data.rows.headlines.find(({ period_role }) => period_role === role)?.cost_usd)
    expect(micros(first?.cost_usd)).toBe(headline('previous'))
    expect(micros(last?.cost_usd)).toBe(headline('current'))
    const sum = steps.reduce((total, { change_usd }) => total + micros(change_usd), 0)
    expect(micros(first?.cost_usd) + sum).toBe(micros(last?.cost_usd))
    expect(steps.map(({ step }) => step)).toEqual([
      'previous',
      'calls',
      'models',
      'context_size',
      'cache_share',
      'answer_length',
      'prices',
      'extras',
      'current',
    ])
  })

  test('twice the calls of the same kind are a step of calls alone', async () => {
    const same = await readSample(`
      delete from marts.llm_calls where local_date >= date '2026-02-09';
      insert into marts.llm_calls select calls.* replace (local_date + 7 as local_date)
        from marts.llm_calls calls, range(2) where local_date < date '2026-02-09'`)
    const [first] = same.rows.cost_bridge
    expect(Math.abs(change(same, 'calls') - micros(first?.cost_usd))).toBeLessThan(100)
    for (const step of ['models', 'context_size', 'cache_share', 'answer_length', 'prices', 'extras'])
      expect(Math.abs(change(same, step))).toBeLessThan(100)
  })

  test('a price that falls for the same work is a step of prices alone', async () => {
    const cheaper = await readSample(`
      delete from marts.llm_calls where local_date >= date '2026-02-09';
      update marts.llm_calls set cost_usd = (input_tokens * 3 + cache_read_tokens * 0.3
        + cache_write_5m_tokens * 3.75 + output_tokens * 15) / 1000000 where price_model is not null;
      insert into marts.llm_calls select * replace (local_date + 7 as local_date, cost_usd / 2 as cost_usd)
        from marts.llm_calls where local_date < date '2026-02-09';
      insert into marts.model_prices select * replace (date '2026-02-09' as effective_from, input_usd / 2 as input_usd,
        output_usd / 2 as output_usd, cache_read_usd / 2 as cache_read_usd,
        cache_write_5m_usd / 2 as cache_write_5m_usd) from marts.model_prices`)
    const [first] = cheaper.rows.cost_bridge
    expect(Math.abs(change(cheaper, 'prices') + micros(first?.cost_usd) / 2)).toBeLessThan(300)
    for (const step of ['calls', 'models', 'context_size', 'cache_share', 'answer_length', 'extras'])
      expect(Math.abs(change(cheaper, step))).toBeLessThan(300)
  })

  test('is not told where there is nothing to compare with, nor of a running week', async () => {
    const first = await readSample(`delete from marts.llm_calls where local_date < date '2026-02-09'`)
    expect(first.rows.cost_bridge).toEqual([])
    expect(costBridgeSection(first)).toBeNull()
    expect(costBridgeSection({ ...data, isSoFar: true })).toBeNull()
  })

  test('names its largest steps', () => {
    const section = costBridgeSection(data)
    expect(section?.paragraphs[0]).toMatch(/than the week before, above all by .* \([+−]\$[\d.]+\)/)
    expect(signedDollars(0.004)).toBe('±$0.00')
    expect(signedDollars(-3.1)).toBe('−$3.10')
  })
})
