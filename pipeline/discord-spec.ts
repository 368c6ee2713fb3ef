// What debrief.yaml may say of a place in Discord: a webhook, which needs no bot, or a bot, which can also read.
import * as z from './zod.js'

/** Discord's ids are numbers too long for YAML, which would round them. */
const discordId = z
  .string({ error: "expected an id in quotes, such as '1234567890123456789'" })
  .regex(/^\d{1,20}$/, "expected an id of digits, such as '1234567890123456789'")
const discordShared = {
  api_base_url: z.url().nullable().default(null),
  digests: z.array(z.enum(['weekly', 'monthly'])).default(['weekly', 'monthly']),
  /** Whether what is noticed between reports is said here too. */
  alerts: z.boolean().default(true),
}
const webhookSpec = z
  .strictObject({
    kind: z.literal('webhook').default('webhook'),
    url_env: z.string().default('DISCORD_WEBHOOK_URL'),
    thread_id: z.string().nullable().default(null),
    /** The name of a forum's post, such as `Debrief {period}`. */
    thread_name: z.string().min(1).nullable().default(null),
    ...discordShared,
  })
  .refine(({ thread_id, thread_name }) => thread_id === null || thread_name === null, {
    error: 'expected thread_id or thread_name, got both: one posts into a thread, the other makes one',
  })
const botSpec = z.strictObject({
  kind: z.literal('bot'),
  token_env: z.string().default('DISCORD_BOT_TOKEN'),
  /** A channel or a thread that the bot sees. */
  channel_id: discordId,
  ...discordShared,
})
export const discordSpec = z.discriminatedUnion('kind', [webhookSpec, botSpec])

export type DiscordSpec = z.output<typeof discordSpec>
export type WebhookSpec = z.output<typeof webhookSpec>
export type BotSpec = z.output<typeof botSpec>

/** The variable that opens a target in Discord. */
export function discordSecretName(target: DiscordSpec): string {
  return target.kind === 'bot' ? target.token_env : target.url_env
}
