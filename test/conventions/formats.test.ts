// Every agent has a room with its facts, fixtures, and one among these with bad lines.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { sources } from '../../pipeline/ingest/formats/format.js'
import { packageRoot } from '../../pipeline/root.js'

const rooms = join(packageRoot, 'pipeline', 'ingest', 'formats')
const overview = readFileSync(join(rooms, 'README.md'), 'utf8')

function fixturesOf(source: string): { name: string; expected: Record<string, unknown> }[] {
  const folder = join(packageRoot, 'fixtures', 'logs', source)
  if (!existsSync(folder)) return []
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => ({
      name,
      expected: JSON.parse(readFileSync(join(folder, name, 'expected.json'), 'utf8')),
    }))
}

describe.each(sources)('the format of %s', (source) => {
  it('has a room, and the overview names it', () => {
    expect(existsSync(join(rooms, source, 'format.ts'))).toBe(true)
    expect(overview).toContain(`| \`${source}/\` |`)
  })

  it('says its facts with their date', () => {
    expect(readFileSync(join(rooms, source, 'README.md'), 'utf8')).toMatch(/20\d\d-\d\d-\d\d/)
  })

  it('has fixtures, one of them with lines that cannot be read', () => {
    const fixtures = fixturesOf(source)
    expect(fixtures.length).toBeGreaterThan(1)
    expect(fixtures.filter(({ expected }) => Number(expected.rejects) > 0)).not.toEqual([])
  })

  it('has its types of lines and tools in the seeds', () => {
    const lineTypes = readFileSync(join(packageRoot, 'sql', 'seeds', 'line_types.csv'), 'utf8')
    expect(lineTypes).toContain(`\n${source},`)
  })
})
