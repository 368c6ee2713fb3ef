import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { packageRoot } from '../../pipeline/root.js'
import { buildEmptyWarehouse, type EmptyWarehouse } from './empty-warehouse.js'
import { runCase } from './run-case.js'

const shared = join(packageRoot, 'fixtures/models')
const foldersIn = (folder: string) =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort()

let warehouse: EmptyWarehouse
beforeAll(async () => {
  warehouse = await buildEmptyWarehouse()
})
afterAll(() => warehouse?.db.close())

function findModel(name: string) {
  const model = warehouse.models.find((candidate) => candidate.name === name)
  if (!model) throw new Error(`fixtures/models/${name}: expected the name of a model, such as marts.sessions`)
  return model
}

describe.each(foldersIn(shared))('%s', (name) => {
  test.each(foldersIn(join(shared, name)).map((folder) => [folder.replaceAll('-', ' '), folder]))(
    '%s',
    async (_, folder) => {
      const difference = await runCase(warehouse.db, findModel(name), join(shared, name, folder), shared)
      expect(difference).toEqual({ missing: [], unexpected: [] })
    },
  )
})

describe('a case bites', () => {
  const folder = mkdtempSync(join(tmpdir(), 'debrief-case-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  const sql = 'select line_type, sum(line_count) as line_count from staging.line_types group by line_type'
  const run = (expected: string) => {
    writeFileSync(join(folder, 'staging.line_types.csv'), 'line_type,line_count\nuser,2\nuser,3\n"",1\n')
    writeFileSync(join(folder, 'expected.csv'), expected)
    return runCase(warehouse.db, { sql }, folder, shared)
  }

  test('when a row is missing, unexpected, or there twice', async () => {
    expect(await run('line_type,line_count\nuser,5\n"",1\n')).toEqual({ missing: [], unexpected: [] })
    expect(await run('line_type,line_count\nuser,6\n"",1\n')).toEqual({
      missing: [{ line_type: 'user', line_count: 6 }],
      unexpected: [{ line_type: 'user', line_count: 5 }],
    })
    expect(await run('line_type\nuser\nuser\n""\n')).toEqual({
      missing: [{ line_type: 'user' }],
      unexpected: [],
    })
  })

  test('when null and empty text are mixed up', async () => {
    expect(await run('line_type,line_count\nuser,5\n,1\n')).toEqual({
      missing: [{ line_type: null, line_count: 1 }],
      unexpected: [{ line_type: '', line_count: 1 }],
    })
  })

  test('when a column is not there or has another type', async () => {
    await expect(run('line_type,lines\nuser,5\n')).rejects.toThrow(/lines/)
    await expect(run('line_type,line_count:bigint\nuser,5\n')).rejects.toThrow('got HUGEINT')
  })

  test('and leaves nothing behind for the next', async () => {
    expect(await warehouse.db.rows('from staging.line_types')).toEqual([])
  })
})
