import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { packageRoot } from '../../pipeline/root.js'
import { dictionaryMarkdown, readColumnTypes } from '../../pipeline/warehouse/dictionary.js'
import { discoverModels } from '../../pipeline/warehouse/models.js'
import { buildEmptyWarehouse, type EmptyWarehouse } from '../models/empty-warehouse.js'
import { discoverReports } from './sql-files.js'

let warehouse: EmptyWarehouse
beforeAll(async () => {
  warehouse = await buildEmptyWarehouse()
})
afterAll(() => warehouse?.db.close())

test('sql/DICTIONARY.md is what the headers say; with -u it is written anew', async () => {
  const models = discoverModels()
  const types = await readColumnTypes(warehouse.db, models)
  const text = dictionaryMarkdown([...models, ...discoverReports()], types)
  await expect(text).toMatchFileSnapshot(join(packageRoot, 'sql/DICTIONARY.md'))
})

test('a sign of Markdown in a header does not break the table', () => {
  const columns = [{ name: 'tags', description: 'a|b, <c> and *d*' }]
  const model = {
    layer: 'marts',
    table: 'things',
    description: 'All <things>.',
    grain: ['thing_id'],
    columns,
  } as const
  const text = dictionaryMarkdown([model], new Map([['marts.things', new Map([['tags', 'varchar']])]]))
  expect(text).toContain('### things\n\nAll &lt;things&gt;.\n\nOne row per `thing_id`.')
  expect(text).toContain('| `tags` | varchar | a\\|b, &lt;c&gt; and \\*d\\* |')
})
