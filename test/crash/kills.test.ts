// Whenever a run is killed, the next one makes up for it: nothing twice, nothing lost, and the databases as if nothing had been.
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ListObjectsV2Command } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Config } from '../../pipeline/config.js'
import { type Ceph, missingCephPrograms, startCeph } from '../support/ceph.js'
import { differingMarts } from '../support/same-marts.js'
import { queryFile } from '../support/workspace.js'
import {
  type CrashRoom,
  type History,
  type KillPlan,
  leftoversIn,
  openCrashRoom,
  type TargetKind,
} from './crash-room.js'
import { differingTables } from './same-ledger.js'

/** Of each kind of target. More with KILLS=200; the moments are the same with the same SEED. */
const killCount = Number(process.env.KILLS ?? 3)
const seed = Number(process.env.SEED ?? 7)
const killsPerHistory = 3

const missing = missingCephPrograms()
const skipped = missing.length > 0 ? ` (SKIPPED: not installed: ${missing.join(', ')})` : ''
/** The marts that tell of commands, and what tells when something was done. */
const unlike = {
  runs: 'all',
  deliveries: 'all',
  files: ['loaded_at'],
  session_facets: ['extracted_at'],
  periods: ['frozen_at', 'report_link'],
} as const

describe.skipIf(missing.length > 0)(`a run that is killed${skipped}`, () => {
  let ceph: Ceph
  let room: CrashRoom
  const random = randomNumbers(seed)
  beforeAll(async () => {
    ceph = await startCeph()
    room = await openCrashRoom(ceph)
  })
  afterAll(async () => {
    room?.close()
    await ceph?.stop()
  })

  it.each(['webhook', 'bot'] as const)(
    `is made up for by the next one, whenever it is killed (${killCount} kills), with a %s`,
    async (target) => {
      const reference = await room.open(target)
      const { code, elapsedMs, text } = await reference.finish()
      expect([code, messageCounts(reference)], text).toEqual([0, expectedCounts(target, reference)])
      const tally = { kills: 0, ended: 0, histories: 0, unknown: 0, missing: 0 }
      while (tally.kills < killCount) {
        const history = await room.open(target)
        const moments: string[] = []
        for (let n = 0; n < killsPerHistory && tally.kills < killCount; n += 1) {
          const plan = planKill(random, elapsedMs)
          if (random() < 0.25) history.discord.troubles.push({ kind: 'drop' })
          const wasKilled = await history.kill(plan)
          moments.push(`${plan.after} + ${Math.round(plan.delayMs)} ms${wasKilled ? '' : ' (had ended)'}`)
          tally[wasKilled ? 'kills' : 'ended'] += 1
          // After some minutes Discord does not know a nonce any more.
          for (const [id, message] of history.discord.messages)
            history.discord.messages.set(id, { ...message, nonce: null })
        }
        history.discord.troubles.length = 0
        const status = await checkHistory(history, reference, target, moments.join(', '))
        tally.histories += 1
        if (status === 'unknown') tally.unknown += 1
        if (history.discord.messages.size === 0) tally.missing += 1
        await history.stop()
      }
      await reference.stop()
      if (process.env.KILLS) process.stderr.write(`${target}: ${JSON.stringify(tally)}\n`)
    },
    120_000 + killCount * 60_000,
  )

  /** One more run, and all that must be true then; returns how the digest's delivery stands. */
  async function checkHistory(
    history: History,
    reference: History,
    target: TargetKind,
    moments: string,
  ): Promise<string> {
    const { code, text } = await history.finish()
    const told = `killed at ${moments}\n${text}`
    const deliveries = await queryFile<{ target: string; status: string }>(
      join(history.out, 'ledger.duckdb'),
      'select target, status from state.deliveries order by target',
    )
    const digest = deliveries.find((delivery) => /^discord:(bot:)?\d+$/.test(delivery.target))!
    const isUnknown = digest.status === 'unknown'
    expect(
      deliveries.filter(({ status }) => status !== 'delivered'),
      told,
    ).toEqual(isUnknown ? [digest] : [])
    expect([code, isUnknown && target === 'bot'], told).toEqual([isUnknown ? 3 : 0, false])
    if (isUnknown) expect(history.discord.messages.size, told).toBeLessThanOrEqual(1)
    else expect(messageCounts(history), told).toEqual(messageCounts(reference))
    const ledgers = [reference, history].map(({ out }) => join(out, 'ledger.duckdb')) as [string, string]
    expect(await differingTables(...ledgers), told).toEqual({})
    expect(await differingMarts(configOf(reference), configOf(history), unlike), told).toEqual({})
    expect(leftoversIn(history.out), told).toEqual([])
    expect(await objectsUnlikeFiles(history), told).toEqual([])
    return digest.status
  }

  /** Files below out/ that the bucket lacks or holds otherwise. */
  async function objectsUnlikeFiles({ bucket, out }: History): Promise<string[]> {
    const etags = new Map<string, string>()
    let token: string | undefined
    do {
      const page = await room.client.send(
        new ListObjectsV2Command({ Bucket: bucket, ContinuationToken: token }),
      )
      for (const { Key = '', ETag = '' } of page.Contents ?? []) etags.set(Key, ETag.replaceAll('"', ''))
      token = page.NextContinuationToken
    } while (token !== undefined)
    return ['parquet', 'site'].flatMap((folder) =>
      readdirSync(join(out, folder), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
        .filter((file) => etags.get(`debrief/tester/bench/${file.slice(out.length + 1)}`) !== md5Of(file)),
    )
  }
})

/** How many messages say the same: a digest, and from a bot its tips. */
function messageCounts({ discord }: History): number[] {
  const counts = new Map<string, number>()
  for (const { body } of discord.messages.values()) {
    const first = body.embeds?.[0]?.title ?? body.content ?? ''
    counts.set(first, (counts.get(first) ?? 0) + 1)
  }
  return [...counts.values()]
}

function expectedCounts(target: TargetKind, history: History): number[] {
  return target === 'webhook' ? [1] : messageCounts(history).map(() => 1)
}

function configOf({ out }: History): Config {
  return { paths: { warehouse: join(out, 'warehouse.duckdb') } } as Config
}

function md5Of(file: string): string {
  return createHash('md5').update(readFileSync(file)).digest('hex')
}

/** Half of them anywhere, the others where something is being sent or written. */
function planKill(random: () => number, elapsedMs: number): KillPlan {
  const kind = random()
  if (kind < 0.5) return { after: 'begin', delayMs: random() * elapsedMs * 1.1 }
  if (kind < 0.62) return { after: 'snapshot', delayMs: random() * 500 }
  if (kind < 0.82) return { after: 'delivery', delayMs: random() * 800 }
  return { after: 'request', delayMs: random() * 30 }
}

/** Numbers from 0 to 1, the same for the same seed. */
function randomNumbers(from: number): () => number {
  let state = from >>> 0
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}
