// Whether bucket and webhooks would take a report: an object of no content comes and goes, and no message is posted.
import { randomUUID } from 'node:crypto'
import type { Config, S3Spec } from '../config.js'
import { type DiscordSpec, discordSecretName } from '../discord-spec.js'
import { type Probe, probe, statusOf } from '../probe.js'
import { readAddress } from './addresses.js'
import { readKeys } from './deliver-s3.js'
import type { PublishEffects } from './effects.js'
import { explainS3Error } from './s3.js'

/** Only what is configured and has its keys: `doctor` says by itself what is not set. */
export async function probePublishing(config: Config, effects: PublishEffects): Promise<Probe[]> {
  const { s3 } = config.publish
  return Promise.all([
    ...(s3 === null ? [] : probeBucket(config, s3, effects)),
    ...config.discord.flatMap((spec) => probeDiscord(config, spec)),
  ])
}

function probeBucket(config: Config, s3: S3Spec, effects: PublishEffects): Promise<Probe>[] {
  const keys = readKeys(config)
  if (typeof keys === 'string') return []
  const what = {
    part: 's3',
    subject: s3.bucket,
    advice: 'Check publish.s3 and the keys: they need PutObject, GetObject, DeleteObject and ListBucket.',
  } as const
  const look = async () => {
    const bucket = await effects.openBucket(s3, keys)
    // Below the prefix, where the keys may write, and beside everything that is ever uploaded.
    const key = `${s3.prefix}/${config.user}/${config.machine}/.probe-${randomUUID()}`
    const object = { key, contentType: 'text/plain', cacheControl: 'no-store', isPublic: false }
    try {
      await bucket.put({ ...object, file: '', sizeBytes: 5 }, Buffer.from('probe'))
      const status = await statusOf(await bucket.presign(key)).finally(() => bucket.remove(key))
      if (status !== 200) throw new Error(`written, but its link answered ${status}`)
      return 'an object was written, read by a link, and removed'
    } catch (error) {
      throw new Error(explainS3Error(error, s3))
    } finally {
      bucket.close()
    }
  }
  return [probe(what, look)]
}

function probeDiscord(config: Config, spec: DiscordSpec): Promise<Probe>[] {
  const variable = discordSecretName(spec)
  if (!config.secrets[variable]) return []
  const what = {
    part: 'discord',
    subject: variable,
    advice:
      spec.kind === 'bot'
        ? `Set ${variable} to the bot’s token, and let the bot see and write in the channel ${spec.channel_id}.`
        : `Set ${variable} to the webhook’s address, from the channel’s settings under Integrations.`,
  } as const
  return [probe(what, () => lookAtDiscord(config, spec))]
}

/** Who the webhook is, or which channel the bot sees: asked without posting anything. */
async function lookAtDiscord(config: Config, spec: DiscordSpec): Promise<string> {
  const address = readAddress(config, spec)
  if (typeof address === 'string') throw new Error(address)
  const status =
    address.kind === 'bot'
      ? await statusOf(`${address.apiBaseUrl}/v10/channels/${address.channelId}`, {
          authorization: `Bot ${address.token.reveal()}`,
        })
      : await statusOf(`${address.apiBaseUrl}/v10/webhooks/${address.id}/${address.token.reveal()}`)
  const thing = address.kind === 'bot' ? 'channel' : 'webhook'
  if (status === 401) throw new Error('the token is not accepted (401)')
  if (status === 403) throw new Error(`the ${thing} may not be seen (403)`)
  if (status === 404) throw new Error(`there is no such ${thing} any more (404)`)
  if (status !== 200) throw new Error(`Discord answered ${status}`)
  return `the ${thing} is there`
}
