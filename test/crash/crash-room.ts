// A machine whose runs are killed: one home with logs, and for every history of kills an out folder, a bucket and a Discord.
import { type ChildProcess, spawn } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleepMs } from 'node:timers/promises'
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3'
import { packageRoot } from '../../pipeline/root.js'
import type { Ceph } from '../support/ceph.js'
import { type DiscordServer, startDiscordServer } from '../support/discord-server.js'

export type TargetKind = 'webhook' | 'bot'

/** What a run is killed after: a while from its begin, or a moment that lies late in it. */
export interface KillPlan {
  readonly after: 'begin' | 'snapshot' | 'delivery' | 'request'
  readonly delayMs: number
}

export interface CrashRoom {
  /** A new history. */
  open(target: TargetKind): Promise<History>
  readonly client: S3Client
  close(): void
}

export interface History {
  readonly out: string
  readonly bucket: string
  readonly discord: DiscordServer
  /** To its end, undisturbed. */
  finish(): Promise<{ code: number | null; text: string; elapsedMs: number }>
  /** True where it was killed before its end. */
  kill(plan: KillPlan): Promise<boolean>
  stop(): Promise<void>
}

export const week = '2026-W07'
const logs = ['version-2.1-late', 'rule-03-subagents', 'bad-lines', 'rule-05-fork', 'todo-lists']

export async function openCrashRoom(ceph: Ceph): Promise<CrashRoom> {
  const folder = mkdtempSync(join(tmpdir(), 'debrief-crash-'))
  const home = join(folder, 'home')
  for (const name of logs)
    cpSync(join(packageRoot, 'fixtures/logs/claude-code', name, 'home'), home, { recursive: true })
  const { endpoint, ...credentials } = ceph
  const client = new S3Client({ region: 'us-east-1', endpoint, forcePathStyle: true, credentials })
  let count = 0
  return {
    client,
    open: async (target) => {
      count += 1
      const place = join(folder, `history-${count}`)
      mkdirSync(place)
      const bucket = `crash-${String(count).padStart(4, '0')}`
      await client.send(new CreateBucketCommand({ Bucket: bucket }))
      const discord = await startDiscordServer()
      writeFileSync(join(place, 'debrief.yaml'), configText(endpoint, bucket, discord, target))
      const env = {
        PATH: process.env.PATH,
        HOME: home,
        TZ: 'UTC',
        DISCORD_WEBHOOK_URL: discord.webhookUrl,
        DISCORD_BOT_TOKEN: discord.bot.token,
        AWS_ACCESS_KEY_ID: ceph.accessKeyId,
        AWS_SECRET_ACCESS_KEY: ceph.secretAccessKey,
      }
      const start = () =>
        spawn(process.execPath, [join(packageRoot, 'dist/jobs/cli.js'), 'run', 'weekly', '--for', week], {
          cwd: place,
          env,
          stdio: ['ignore', 'pipe', 'pipe'],
        })
      return historyOf(join(place, 'out'), bucket, discord, start)
    },
    close: () => {
      client.destroy()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function configText(endpoint: string, bucket: string, discord: DiscordServer, target: TargetKind): string {
  const channel = target === 'bot' ? `kind: bot, channel_id: "${discord.bot.channelId}", ` : ''
  return `user: tester
machine: bench
timezone: UTC
explore: false
discord: [{${channel}api_base_url: "${discord.baseUrl}"}]
publish: {s3: {endpoint: "${endpoint}", bucket: ${bucket}}}
`
}

function historyOf(out: string, bucket: string, discord: DiscordServer, start: () => ChildProcess): History {
  return {
    out,
    bucket,
    discord,
    finish: async () => {
      const startedAt = performance.now()
      const { code, text } = await watched(start())
      return { code, text: text(), elapsedMs: performance.now() - startedAt }
    },
    kill: async (plan) => {
      const known = { bytes: bytesOf(join(out, 'deliveries.jsonl')), requests: discord.requests.length }
      const child = start()
      const ended = watched(child)
      let hasEnded = false
      void ended.then(() => {
        hasEnded = true
      })
      const hasCome = async () => {
        if (plan.after === 'begin') return true
        if (plan.after === 'snapshot') return existsSync(`${join(out, 'parquet')}.writing`)
        if (plan.after === 'delivery') return bytesOf(join(out, 'deliveries.jsonl')) > known.bytes
        return discord.requests.length > known.requests
      }
      while (!hasEnded && !(await hasCome())) await sleepMs(2)
      await Promise.race([sleepMs(plan.delayMs), ended])
      if (child.exitCode === null) child.kill('SIGKILL')
      return (await ended).code === null
    },
    stop: () => discord.stop(),
  }
}

async function watched(child: ChildProcess): Promise<{ code: number | null; text: () => string }> {
  const chunks: Buffer[] = []
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => chunks.push(chunk))
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  return { code, text: () => Buffer.concat(chunks).toString() }
}

function bytesOf(path: string): number {
  return existsSync(path) ? statSync(path).size : 0
}

/** What no undisturbed run leaves below out/. */
export function leftoversIn(out: string): string[] {
  return readdirSync(out, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.(tmp|building|writing|rewriting|old|wal|owner)(\/|$)|restoring|mending/.test(path))
    .sort()
}
