import { createHash } from 'node:crypto'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Bucket } from '../../pipeline/publish/s3.js'
import { withdrawFromBucket } from '../../pipeline/publish/withdraw.js'
import { openPublishRoom, type PublishRoom } from './publish-room.js'

const yaml = 'publish: {s3: {bucket: reports, prefix: team/debrief}}'
const keys = { AWS_ACCESS_KEY_ID: 'key', AWS_SECRET_ACCESS_KEY: 'a-secret-of-some-length' }
const root = 'team/debrief/me/desk'

let room: PublishRoom
/** What the bucket holds, by key. */
let objects: Map<string, string>
beforeEach(async () => {
  room = await openPublishRoom()
  objects = new Map()
})
afterEach(() => room.close())

const bucket: Bucket = {
  list: async (prefix) =>
    new Map(
      [...objects]
        .filter(([key]) => key.startsWith(prefix))
        .map(([key, body]) => [key, createHash('md5').update(body, 'latin1').digest('hex')]),
    ),
  put: async ({ key }, body) => void objects.set(key, body.toString('latin1')),
  remove: async (key) => void objects.delete(key),
  presign: async () => '',
  close: () => {},
}

function withdraw(settings = yaml, env: Record<string, string> = keys) {
  return withdrawFromBucket(room.context(settings, env), { openBucket: async () => bucket })
}

/** As if this had been published before. */
function upload(path: string, key: string): void {
  objects.set(`${root}/${key}`, readFileSync(join(room.folder, 'out', path), 'latin1'))
}

describe('withdrawing from the bucket', () => {
  it('deletes what is not in out/ any more, and only below the own prefix', async () => {
    upload('site/weekly/2026-W07/index.html', 'site/weekly/2026-W07/index.html')
    upload('site/weekly/2026-W07/index.html', 'site/weekly/2026-W01/index.html')
    upload('parquet/manifest.json', 'parquet/manifest.json')
    objects.set(`${root}/parquet/sessions/week=2026-W01/data_0.parquet`, 'forgotten')
    objects.set('team/debrief/me/desktop/site/index.html', 'another machine')
    objects.set('team/debrief/you/desk/site/index.html', 'another user')
    expect((await withdraw()).status).toBe('withdrawn')
    const left = [...objects.keys()].sort()
    expect(left.filter((key) => /W01/.test(key))).toEqual([])
    expect(left).toContain('team/debrief/me/desktop/site/index.html')
    expect(left).toContain('team/debrief/you/desk/site/index.html')
    expect(left).toContain(`${root}/site/weekly/2026-W07/index.html`)
  })

  it('overwrites what changed, and uploads no page that was never there', async () => {
    upload('site/weekly/2026-W07/index.html', 'site/weekly/2026-W07/index.html')
    writeFileSync(join(room.site, 'index.html'), 'told anew')
    const { detail } = await withdraw()
    expect(objects.get(`${root}/site/weekly/2026-W07/index.html`)).toBe('told anew')
    expect([...objects.keys()]).toEqual([`${root}/site/weekly/2026-W07/index.html`])
    expect(detail).toBe(`overwritten: 1, deleted: 0, below ${root}/ in bucket reports`)
  })

  it('leaves no table file behind that the new manifest does not name', async () => {
    upload('parquet/manifest.json', 'parquet/manifest.json')
    objects.set(`${root}/parquet/sessions/old.parquet`, 'old')
    await withdraw()
    const tables = [...objects.keys()].filter((key) => key.startsWith(`${root}/parquet/`)).sort()
    expect(tables).toEqual([
      `${root}/parquet/_ledger/state_facets.parquet`,
      `${root}/parquet/manifest.json`,
      `${root}/parquet/sessions/user_id=me/machine_id=desk/week=2026-W07/data_0.parquet`,
    ])
  })

  it('empties the prefix where nothing is left in out/', async () => {
    upload('site/weekly/2026-W07/index.html', 'site/weekly/2026-W07/index.html')
    rmSync(join(room.folder, 'out/site'), { recursive: true })
    rmSync(join(room.folder, 'out/parquet'), { recursive: true })
    await withdraw()
    expect([...objects.keys()]).toEqual([])
  })

  it('says so where there is no bucket, no key, or no answer', async () => {
    expect(await withdraw('')).toMatchObject({ status: 'off' })
    expect(await withdraw(yaml, {})).toMatchObject({
      status: 'failed',
      detail: expect.stringContaining('AWS_ACCESS_KEY_ID'),
    })
    const refused = await withdrawFromBucket(room.context(yaml, keys), {
      openBucket: async () => {
        throw Object.assign(new Error('connect'), { code: 'ECONNREFUSED' })
      },
    })
    expect(refused).toMatchObject({
      status: 'failed',
      detail: expect.stringContaining('could not be reached'),
    })
  })
})
