import { expect, test } from 'vitest'
import { type Config, readConfig } from '../../pipeline/config.js'
import { sources } from '../../pipeline/ingest/formats/format.js'
import { configuredSources } from '../../pipeline/ingest/ingest.js'
import { sourceSpecs } from '../../pipeline/ingest/source-specs.js'

type Spec = NonNullable<Config['sources']>[number]

const read = readConfig({ cwd: '/nowhere', out: '/nowhere/out' }, { HOME: '/home/sam' })
const withSources = (listed: Spec[] | null, isDemo = false): Config => ({ ...read, sources: listed, isDemo })
const enabled = (config: Config) => configuredSources(config).map(({ format }) => format.source)

test('without a list every source is looked for at its usual place', () => {
  const specs = sourceSpecs(withSources(null))
  expect(specs.map(({ source }) => source)).toEqual(sources)
  expect(specs.every((spec) => spec.enabled && spec.paths === null && !spec.isListed)).toBe(true)
})

test('a source that is not listed is read as without a list', () => {
  const config = withSources([{ source: 'amp', enabled: true, paths: ['/data/amp'] }])
  expect(enabled(config).sort()).toEqual([...sources].sort())
  expect(configuredSources(config)[0]?.places).toEqual(['/data/amp'])
  expect(configuredSources(config).find(({ format }) => format.source === 'claude-code')?.places).toEqual([
    '/home/sam/.claude/projects',
    '/home/sam/.config/claude/projects',
  ])
})

test('a source that is switched off is not read, and all others are', () => {
  const config = withSources([{ source: 'gemini', enabled: false, paths: null }])
  expect(enabled(config).sort()).toEqual(sources.filter((source) => source !== 'gemini').sort())
})

test('the demo reads its own logs alone', () => {
  const config = withSources([{ source: 'claude-code', enabled: true, paths: ['/demo'] }], true)
  expect(enabled(config)).toEqual(['claude-code'])
})

test('an unknown source is an error that names those there are', () => {
  expect(() => sourceSpecs(withSources([{ source: 'claude-cod', enabled: true, paths: null }]))).toThrow(
    /unknown source "claude-cod"/,
  )
})
