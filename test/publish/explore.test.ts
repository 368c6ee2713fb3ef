import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { publish } from '../../pipeline/publish/publish.js'
import { openPublishRoom, type PublishRoom } from './publish-room.js'

const week = { kind: 'weekly', period: '2026-W07', dryRun: true, repost: false } as const
const keys = { AWS_ACCESS_KEY_ID: 'AKEXAMPLE', AWS_SECRET_ACCESS_KEY: 'not-a-secret-0123456789' }

let room: PublishRoom
beforeEach(async () => {
  room = await openPublishRoom()
})
afterEach(() => room.close())

function writeExplore(content: 'none' | 'summaries'): void {
  const files = {
    'index.html': '<!doctype html><meta name="debrief:content" content="none">',
    'lib/duckdb-eh.wasm': 'wasm',
    'lib/duckdb.js': 'js',
    'data/sessions.arrow': 'arrow',
    'data/explore.json': JSON.stringify({ schema: 'debrief.explore/1', content }),
  }
  for (const [path, text] of Object.entries(files)) {
    const file = join(room.folder, 'out/site/explore', path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
  }
}

async function exploreObjects(settings: string): Promise<string[]> {
  const yaml = `publish: {s3: {endpoint: "https://s3.example.com", bucket: debriefs, prefix: team, ${settings}}}
privacy: {content: none}`
  const { deliveries } = await publish(room.context(yaml, keys), week, null)
  const lines = deliveries[0]?.detail.split('\n') ?? []
  expect(lines.some((line) => line.includes('/weekly/2026-W07/index.html'))).toBe(true)
  return lines.filter((line) => line.includes('/explore/')).map((line) => line.replace(/^.*\/explore\//, ''))
}

describe('explore/', () => {
  it('stays at home unless its upload is asked for', async () => {
    writeExplore('none')
    expect(await exploreObjects('access: presigned')).toEqual([])
    expect(await exploreObjects('access: public')).toEqual([])
  })

  it('goes up with the types that a browser needs, where asked for', async () => {
    writeExplore('none')
    expect(await exploreObjects('access: public, explore: true')).toEqual([
      'data/sessions.arrow  5 bytes  application/vnd.apache.arrow.stream',
      'index.html  59 bytes  text/html; charset=utf-8',
      'lib/duckdb-eh.wasm  4 bytes  application/wasm',
      'lib/duckdb.js  2 bytes  text/javascript; charset=utf-8',
    ])
  })

  it('is kept from a public place where it was written with more than numbers', async () => {
    writeExplore('summaries')
    expect(await exploreObjects('access: presigned, explore: true')).toHaveLength(4)
    await expect(exploreObjects('access: public, explore: true')).rejects.toThrow(
      /explore\/ was written with privacy.content summaries: expected none/,
    )
  })
})
