import { expect, test } from 'vitest'
import { modelColors } from '../../pipeline/report/model-colors.js'
import type { CostRow } from '../../pipeline/report/rows.js'

const colorsOf = (...models: (string | null)[]) => {
  const colors = modelColors(models.map((model, i) => row(model, i + 1)))
  return Object.fromEntries(models.map((model, i) => [model ?? 'rest', colors[i]?.match(/series-\w+/)?.[0]]))
}

function row(model: string | null, rank: number): CostRow {
  return {
    local_date: '2026-02-09',
    model_rank: rank,
    model,
    model_count: 1,
    call_count: 1,
    unpriced_call_count: 0,
    total_tokens: 1,
    cost_usd: 1,
  }
}

test('a model keeps its colour, whichever others there are and whatever they cost', () => {
  expect(colorsOf('claude-opus-4-5', 'claude-haiku-4-5')).toEqual({
    'claude-opus-4-5': 'series-1',
    'claude-haiku-4-5': 'series-3',
  })
  expect(
    colorsOf('claude-haiku-4-5', 'claude-opus-4-1', 'claude-opus-4-5', 'claude-sonnet-4-5'),
  ).toMatchObject({
    'claude-opus-4-5': 'series-1',
    'claude-sonnet-4-5': 'series-2',
    'claude-haiku-4-5': 'series-3',
  })
})

test('no two models share a colour; those beyond the fifth are the rest', () => {
  const models = ['opus-1', 'opus-2', 'opus-3', 'acme-1', 'acme-2', null]
  const colors = colorsOf(...models)
  expect(new Set(Object.values(colors)).size).toBe(6)
  expect(colors.rest).toBe('series-rest')
  const reordered = colorsOf('acme-2', 'opus-3', 'acme-1', 'opus-2', 'opus-1', null)
  expect(reordered).toEqual(colors)
})
