import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { tableFromIPC } from 'apache-arrow'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { renderExplore } from '../../pipeline/report/explore/explore.js'
import { openDatabase } from '../../pipeline/warehouse/db.js'
import { type ExploredRun, runWithExplore } from '../support/explore-site.js'

let run: ExploredRun
let folder: string

beforeAll(async () => {
  run = await runWithExplore()
  folder = join(run.ctx.config.paths.site, 'explore')
})
afterAll(() => run?.remove())

const arrowFiles = () => readdirSync(join(folder, 'data')).filter((file) => file.endsWith('.arrow'))
const readArrow = (table: string) => tableFromIPC(readFileSync(join(folder, 'data', `${table}.arrow`)))
const contents = () => new Map(arrowFiles().map((file) => [file, readFileSync(join(folder, 'data', file))]))
const pageText = () => readFileSync(join(folder, 'index.html'), 'utf8')

describe('the files of explore/', () => {
  test('hold as many rows as the marts, but for the journals of the program itself', async () => {
    const db = await openDatabase(run.ctx.config.paths.warehouse, { readOnly: true })
    const marts = await db.rows<{ name: string }>(
      `select table_name as name from duckdb_tables() where schema_name = 'marts' order by name`,
    )
    const names = marts.map(({ name }) => name).filter((name) => !['runs', 'deliveries'].includes(name))
    expect(arrowFiles()).toEqual(names.map((name) => `${name}.arrow`))
    for (const name of names) {
      const [row] = await db.rows<{ count: number }>(`select count(*) as count from marts.${name}`)
      expect([name, readArrow(name).numRows]).toEqual([name, row?.count])
    }
    db.close()
    expect(readArrow('events').numRows).toBeGreaterThan(100)
  })

  test('keep decimals, instants and days as such', () => {
    const types = Object.fromEntries(
      readArrow('llm_calls').schema.fields.map(({ name, type }) => [name, `${type}`]),
    )
    expect(types).toMatchObject({
      cost_usd: 'Decimal[18e+12]',
      called_at: 'Timestamp<MICROSECOND>',
      local_date: 'Date32<DAY>',
      is_subagent: 'Bool',
      input_tokens: 'Int64',
      model: 'Utf8',
    })
  })

  test('are left alone where nothing changed, and written anew, byte for byte the same, where they are lost', async () => {
    const before = contents()
    const times = () => arrowFiles().map((file) => statSync(join(folder, 'data', file)).mtimeMs)
    const engineTime = () => statSync(join(folder, 'lib', 'duckdb-eh.wasm')).mtimeMs
    const [timesBefore, engineBefore, pageBefore] = [times(), engineTime(), pageText()]
    await renderExplore(run.ctx)
    expect(times()).toEqual(timesBefore)
    rmSync(join(folder, 'data'), { recursive: true })
    await renderExplore(run.ctx)
    expect(contents()).toEqual(before)
    expect(pageText()).toBe(pageBefore)
    expect(times()).not.toEqual(timesBefore)
    rmSync(join(folder, 'lib', 'duckdb-eh.wasm'))
    await renderExplore(run.ctx)
    expect(engineTime()).not.toBe(engineBefore)
  })

  test('of a table too large for a browser hold its latest days, and the page says so', async () => {
    const whole = readArrow('events').numRows
    await renderExplore(run.ctx, 100)
    const kept = readArrow('events')
    expect(kept.numRows).toBeGreaterThan(0)
    expect(kept.numRows).toBeLessThanOrEqual(100)
    const words = new RegExp(`Only rows since 2026-02-\\d\\d are here, of ${whole.toLocaleString('en-US')};`)
    expect(pageText()).toMatch(words)
    await renderExplore(run.ctx)
    expect(readArrow('events').numRows).toBe(whole)
    expect(pageText()).not.toMatch(words)
  })

  test('name neither the home directory nor another server', () => {
    const { home } = run.ctx.config
    for (const [file, bytes] of contents()) expect([file, bytes.includes(home)]).toEqual([file, false])
    expect(pageText()).not.toContain(home)
    expect(pageText().replaceAll('http://127.0.0.1:8000', '')).not.toMatch(/https?:\/\//)
  })

  test('go where explore is switched off, and with them the links to them', async () => {
    const off = await runWithExplore({ explore: false })
    const { site } = off.ctx.config.paths
    expect(existsSync(join(site, 'explore'))).toBe(false)
    const report = join('weekly', '2026-W07', 'index.html')
    for (const page of ['index.html', report]) {
      expect(readFileSync(join(site, page), 'utf8')).not.toMatch(/explore\/index\.html/)
      expect(readFileSync(join(run.ctx.config.paths.site, page), 'utf8')).toMatch(/explore\/index\.html/)
    }
    const on = { ...off.ctx, config: { ...off.ctx.config, explore: true } }
    expect(await renderExplore(on)).toBe(join(site, 'explore', 'index.html'))
    expect(await renderExplore(off.ctx)).toBeNull()
    expect(existsSync(join(site, 'explore'))).toBe(false)
    off.remove()
  })
})
