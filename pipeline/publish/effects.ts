// What publishing needs of the outside world; tests pass other effects, or other parts of these.
import { setTimeout as sleepMs } from 'node:timers/promises'
import type { S3Spec } from '../config.js'
import { type Bot, type BotAddress, openBot } from './bot.js'
import type { Channel } from './channel.js'
import { type Bucket, type BucketKeys, openBucket } from './s3.js'
import { openWebhook, type WebhookAddress } from './webhook.js'

export interface PublishEffects {
  openBucket(s3: S3Spec, keys: BucketKeys): Promise<Bucket>
  openWebhook(address: WebhookAddress): Promise<Channel>
  openBot(address: BotAddress): Promise<Bot>
  sleep(milliseconds: number): Promise<void>
}

export const defaultEffects: PublishEffects = {
  openBucket,
  openWebhook: (address) => openWebhook(address),
  openBot: (address) => openBot(address),
  sleep: async (milliseconds) => {
    await sleepMs(milliseconds)
  },
}
