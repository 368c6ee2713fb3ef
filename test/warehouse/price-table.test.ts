import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Config, readConfig } from '../../pipeline/config.js'
import { type Database, openDatabase } from '../../pipeline/warehouse/db.js'
import { loadPrices, priceDigest } from '../../pipeline/warehouse/price-table.js'
import { readSql } from '../../pipeline/warehouse/read-sql.js'

let db: Database
beforeEach(async () => {
  db = await openDatabase(':memory:')
  await db.run("attach ':memory:' as scratch; create schema scratch.seeds")
  await db.run(readSql('macros'))
})
afterEach(() => db.close())

const bare = readConfig({ cwd: '/nowhere' }, { HOME: '/nowhere', USER: 'sam' })
const unset = {
  cache_read: null,
  cache_write_5m: null,
  cache_write_1h: null,
  long_threshold_tokens: null,
  long_input: null,
  long_output: null,
  fast_multiplier: null,
}

function configWith(...prices: Pick<Config['prices'][number], 'model' | 'from' | 'input'>[]): Config {
  return { ...bare, prices: prices.map((price) => ({ ...unset, output: 0, ...price })) }
}

/** "from input", with a star where the user set it. */
async function pricesOf(model: string, config: Config): Promise<string[]> {
  await loadPrices(db, config)
  const rows = await db.rows<{ line: string }>(
    `select concat(coalesce(effective_from::varchar, 'always'), ' ', input::double, if(is_own, ' *', '')) as line
     from scratch.seeds.model_prices where price_key(model) = price_key('${model}')
     order by effective_from nulls first`,
  )
  return rows.map(({ line }) => line)
}

describe("a user's price", () => {
  it('without a date replaces what the seeds say of the model, whatever its name carries', async () => {
    const config = configWith({ model: 'anthropic/claude-haiku-4-5', from: null, input: 9 })
    expect(await pricesOf('claude-haiku-4-5-20251001', config)).toEqual(['always 9.0 *'])
  })

  it('with a date leaves the price before it', async () => {
    const config = configWith({ model: 'claude-haiku-4-5', from: '2026-02-01', input: 9 })
    expect(await pricesOf('claude-haiku-4-5', config)).toEqual(['always 1.0', '2026-02-01 9.0 *'])
  })

  it('may change as often as it likes, in any order', async () => {
    const later = { model: 'acme-1', from: '2026-02-01', input: 3 }
    const first = { model: 'acme-1', from: null, input: 2 }
    expect(await pricesOf('acme-1', configWith(later, first))).toEqual(['always 2.0 *', '2026-02-01 3.0 *'])
  })

  it('given twice for a date is refused, naming both', async () => {
    const twice = configWith(
      { model: 'acme-1', from: null, input: 3 },
      { model: 'vendor/acme-1', from: null, input: 2 },
    )
    await expect(loadPrices(db, twice)).rejects.toMatchObject({
      name: 'UserError',
      message:
        'prices: expected one price for a model and date, got two: acme-1 and vendor/acme-1, from the beginning',
    })
  })
})

it('every price of the seeds has a model and date of its own', async () => {
  await loadPrices(db, bare)
  expect(
    await db.rows(
      `select price_key(model) as model_key, effective_from from scratch.seeds.model_prices group by all having count(*) > 1`,
    ),
  ).toEqual([])
})

describe('the digest', () => {
  it('is the same for the same prices, and another for any other', () => {
    const digest = priceDigest(bare)
    expect(digest).toMatch(/^[0-9a-f]{64}$/)
    expect(priceDigest(configWith())).toBe(digest)
    const [two, three] = [2, 3].map((input) =>
      priceDigest(configWith({ model: 'acme-1', from: null, input })),
    )
    expect(new Set([digest, two, three]).size).toBe(3)
  })
})
