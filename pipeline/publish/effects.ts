// What publishing needs of the outside world; tests pass other effects, or other parts of these.
import { setTimeout as sleepMs } from 'node:timers/promises'
import type { S3Spec } from '../config.js'
import { openWebhook, type Webhook, type WebhookAddress } from './discord.js'
import { type Bucket, type BucketKeys, openBucket } from './s3.js'

export interface PublishEffects {
  openBucket(s3: S3Spec, keys: BucketKeys): Promise<Bucket>
  openWebhook(address: WebhookAddress): Promise<Webhook>
  sleep(milliseconds: number): Promise<void>
}

export const defaultEffects: PublishEffects = {
  openBucket,
  openWebhook: (address) => openWebhook(address),
  sleep: async (milliseconds) => {
    await sleepMs(milliseconds)
  },
}
