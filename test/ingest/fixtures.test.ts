// Every fixture gives the totals that were worked out for it by hand.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { sources } from '../../pipeline/ingest/formats/format.js'
import { packageRoot } from '../../pipeline/root.js'
import { readFixture, runFixture } from './fixture-totals.js'

for (const source of sources) {
  const folder = join(packageRoot, 'fixtures', 'logs', source)
  const cases = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory())

  describe(`fixtures of ${source}`, () => {
    it.each(cases.map(({ name }) => name))('%s', async (name) => {
      const fixture = readFixture(source, name)
      const { totals, failures } = await runFixture(fixture)
      expect(totals).toEqual(fixture.expected)
      expect(failures).toEqual([])
    })
  })
}
