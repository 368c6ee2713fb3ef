// `debrief prices`: what things cost, what has no price, and the digest that names this state of it.
import {
  type ModelPrice,
  type PriceList,
  type Rates,
  readPriceList,
  type UnpricedModel,
} from '../pipeline/warehouse/prices.js'
import { alignedTable } from './aligned-table.js'
import { type CommonFlags, runJob } from './job.js'

export async function prices(flags: CommonFlags): Promise<void> {
  await runJob(
    'prices',
    flags,
    async (ctx) => {
      const list = await readPriceList(ctx.config)
      return { text: priceText(list), json: list }
    },
    { isJournaled: false },
  )
}

const shortDigestLength = 12
const longestName = 40

/** Within 80 columns, but for models with long names. */
export function priceText(list: PriceList): string {
  return [
    modelTable(list.models),
    [...legend(list.models), regionLine(list), ...toolLines(list)].join('\n'),
    unpricedText(list),
    `Digest ${list.digest.slice(0, shortDigestLength)}${staleness(list)}`,
  ]
    .filter((part) => part !== '')
    .join('\n\n')
}

function modelTable(models: readonly ModelPrice[]): string {
  const hasDates = models.some(({ effective_from }) => effective_from !== null)
  const header = ['Model', ...(hasDates ? ['From'] : []), 'Input', 'Output', '5m', '1h', 'Read', 'Fast']
  const rows = models.flatMap((price) => {
    const name = shortName(price.model) + (price.is_own ? ' *' : '')
    const from = hasDates ? [price.effective_from ?? ''] : []
    const fast = price.fast_multiplier === null ? '' : `×${price.fast_multiplier}`
    const usual = [name, ...from, ...rateCells(price), fast]
    if (price.long === null || price.long_threshold_tokens === null) return [usual]
    const above = `  above ${price.long_threshold_tokens.toLocaleString('en-US')} tokens`
    return [usual, [above, ...from.map(() => ''), ...rateCells(price.long), '']]
  })
  return alignedTable(header, rows, hasDates ? 2 : 1)
}

function rateCells(rates: Rates): string[] {
  return [rates.input, rates.output, rates.cache_write_5m, rates.cache_write_1h, rates.cache_read].map(String)
}

function legend(models: readonly ModelPrice[]): string[] {
  return [
    'USD per million tokens; 5m and 1h: written to the cache, Read: read from it.',
    ...(models.some(({ long }) => long)
      ? ['A request above a threshold costs its rates as a whole; fast mode multiplies it.']
      : []),
    ...(models.some(({ is_own }) => is_own) ? ['* your own, from prices in the configuration'] : []),
  ]
}

function regionLine({ regions }: PriceList): string {
  const dearer = regions.filter(({ multiplier }) => multiplier !== 1)
  return dearer.length === 0
    ? 'No region costs more.'
    : `Tokens by region of inference: ${dearer.map((region) => `${region.inference_geo} ×${region.multiplier}`).join(', ')}; elsewhere ×1.`
}

function toolLines({ server_tools: tools }: PriceList): string[] {
  if (tools.length === 0) return []
  return [`Server tools: ${tools.map((tool) => `${tool.server_tool} $${tool.usd_per_use} each`).join(', ')}.`]
}

function unpricedText({ unpriced, is_applied: isApplied }: PriceList): string {
  if (unpriced === null) return 'Nothing is loaded yet, so no call lacks a price.'
  if (unpriced.length === 0) return 'Every loaded call has a price.'
  const rows = unpriced.map((row: UnpricedModel) => [
    shortName(row.model),
    row.call_count.toLocaleString('en-US'),
    row.total_tokens.toLocaleString('en-US'),
  ])
  const hint = isApplied ? 'Give them one under prices in debrief.yaml.' : ''
  return [alignedTable(['Without a price', 'Calls', 'Tokens'], rows, 1), hint].filter(Boolean).join('\n')
}

function staleness({ is_applied: isApplied }: PriceList): string {
  return isApplied === false ? '; loaded costs are of other prices until the next `debrief sync`' : ''
}

function shortName(model: string): string {
  return model.length > longestName ? `${model.slice(0, longestName - 1)}…` : model
}
