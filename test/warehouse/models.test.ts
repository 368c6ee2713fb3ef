import { describe, expect, it } from 'vitest'
import { UserError } from '../../pipeline/errors.js'
import { discoverModels, readModel } from '../../pipeline/warehouse/models.js'

const text = `-- One row per session: how long it ran
-- and what it cost.
-- grain: session_id, local_date
-- columns:
--   session_id  id of the session, as logged
--   cost_usd    at list price,   priced calls only
with a as (select 1) -- not: a header
select * from a
`

describe('a model', () => {
  it('is what its header and its SELECT say', () => {
    expect(readModel('marts', 'session_days', text)).toEqual({
      name: 'marts.session_days',
      layer: 'marts',
      patchedBy: null,
      table: 'session_days',
      sql: 'with a as (select 1) -- not: a header\nselect * from a',
      description: 'One row per session: how long it ran and what it cost.',
      grain: ['session_id', 'local_date'],
      columns: [
        { name: 'session_id', description: 'id of the session, as logged' },
        { name: 'cost_usd', description: 'at list price,   priced calls only' },
      ],
    })
  })

  it('without a key says so with “none”', () => {
    expect(readModel('marts', 'rejects', '-- Lines.\n-- grain: none\nselect 1').grain).toEqual([])
  })

  it.each([
    ['no header', 'select 1'],
    ['no grain', '-- One row per session.\nselect 1'],
    ['no sentence before its grain', '-- grain: session_id\nselect 1'],
    ['its header after a blank line', '\n-- One row per session.\n-- grain: session_id\nselect 1'],
    ['nothing at all', ''],
  ])('with %s is refused by name', (_, sql) => {
    expect(() => readModel('intermediate', 'things', sql)).toThrow(UserError)
    expect(() => readModel('intermediate', 'things', sql)).toThrow(
      'intermediate.things: expected a header with a sentence and "-- grain: …"',
    )
  })

  it('is found by its path, each once', () => {
    const names = discoverModels().map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
    expect(names).toEqual(
      expect.arrayContaining(['staging.calls', 'intermediate.llm_calls_priced', 'marts.sessions']),
    )
  })
})
