import { expect, test } from 'vitest'
import { parsePeriod } from '../../pipeline/period.js'
import { readReportData, reportQueries } from '../../pipeline/report/data.js'
import { shownSql } from '../../pipeline/report/shown-sql.js'
import { queryWarehouse } from '../../pipeline/warehouse/query.js'
import { sampleContext } from '../support/report-config.js'
import { buildSampleWarehouse } from '../support/sample-warehouse.js'

test.each(['weekly', 'monthly'] as const)(
  'the SQL shown in a %s report runs by itself, read-only, and gives the rows of the report',
  async (kind) => {
    const { config, now } = sampleContext()
    await buildSampleWarehouse(config.paths.warehouse)
    const period = parsePeriod(kind, kind === 'weekly' ? '2026-W07' : '2026-02', 'monday')
    const data = await readReportData(config, period, now())
    const shown = shownSql(reportQueries, data.periodRow)
    expect(shown).toHaveLength(reportQueries.length)
    for (const { name, text } of shown) {
      expect(text).not.toMatch(/\bmarts\.\w/)
      const { columns, rows } = await queryWarehouse(config.paths.warehouse, text)
      const objects = rows.map((row) => Object.fromEntries(columns.map((column, i) => [column.name, row[i]])))
      expect({ name, rows: objects }).toEqual({ name, rows: data.rows[name as keyof typeof data.rows] })
    }
    expect(data.rows.headlines).toHaveLength(2)
  },
)
