import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { defaultEffects, type PublishEffects } from '../../pipeline/publish/effects.js'
import { publish } from '../../pipeline/publish/publish.js'
import { openPublishRoom, type PublishRoom } from './publish-room.js'

const week = { kind: 'weekly', period: '2026-W07', dryRun: false, repost: false } as const
const keys = { AWS_ACCESS_KEY_ID: 'AKEXAMPLE', AWS_SECRET_ACCESS_KEY: 'not-a-secret-0123456789' }
const endpoint = 'https://s3.example.com'
const page = '/debriefs/team/me/desk/site/weekly/2026-W07/index.html'

let room: PublishRoom
beforeEach(async () => {
  room = await openPublishRoom()
})
afterEach(() => room.close())

/** A bucket that takes everything and signs as the real one does. */
function effectsWith(put: () => Promise<void> = async () => {}): PublishEffects {
  return {
    ...defaultEffects,
    openBucket: async () => ({
      list: async () => new Map(),
      put,
      remove: async () => {},
      presign: async (key) =>
        `${endpoint}/debriefs/${key}?X-Amz-Credential=${keys.AWS_ACCESS_KEY_ID}&X-Amz-Signature=5af1`,
      close: () => {},
    }),
  }
}

function publishWeek(access: 'presigned' | 'public', effects = effectsWith()) {
  const yaml = `publish: {s3: {endpoint: "${endpoint}", bucket: debriefs, prefix: team, access: ${access}}}
privacy: {content: none}`
  return publish(room.context(yaml, keys), week, room.db, effects)
}

async function freeze(): Promise<void> {
  await room.db.run(
    `insert into state.periods (period_kind, period, frozen_at, figures, narrative)
     values ('weekly', '2026-W07', now()::timestamp, '{}', ''), ('weekly', '2026-W06', now()::timestamp, '{}', '')`,
  )
}

const links = () => room.db.rows('select period, report_link from state.periods order by period desc')

describe('a frozen period', () => {
  it('keeps where its report lies, without what a presigned link lets one in by', async () => {
    await freeze()
    const { deliveries } = await publishWeek('presigned')
    expect(deliveries[0]?.link).toContain('X-Amz-Signature')
    expect(await links()).toEqual([
      { period: '2026-W07', report_link: `${endpoint}${page}` },
      { period: '2026-W06', report_link: null },
    ])
    const everything = JSON.stringify([
      await room.db.rows('from state.periods'),
      await room.db.rows('from state.deliveries'),
    ])
    expect(everything).not.toMatch(/X-Amz|AKEXAMPLE/)
  })

  it('keeps the public address of a public report', async () => {
    await freeze()
    const { deliveries } = await publishWeek('public')
    expect(await links()).toMatchObject([{ report_link: deliveries[0]?.link }, { report_link: null }])
  })

  it('keeps the link it has when an upload fails', async () => {
    await freeze()
    await publishWeek('presigned')
    const failing = effectsWith(async () => {
      throw new Error('connection refused')
    })
    expect(await publishWeek('presigned', failing)).toMatchObject({ isComplete: false })
    expect(await links()).toMatchObject([{ report_link: `${endpoint}${page}` }, { report_link: null }])
  })
})

it('a period that is not frozen yet is published all the same, and none is made of it', async () => {
  expect(await publishWeek('presigned')).toMatchObject({ isComplete: true })
  expect(await links()).toEqual([])
})
