// Where a configured target is and what opens it: a webhook's URL or a bot's token, out of the environment.
import type { Config } from '../config.js'
import type { BotSpec, DiscordSpec, WebhookSpec } from '../discord-spec.js'
import { Secret } from '../secret.js'
import type { BotAddress } from './bot.js'
import { officialApi } from './channel.js'
import type { WebhookAddress } from './webhook.js'

export type DiscordAddress = WebhookAddress | BotAddress

const discordHosts = /^(?:(?:ptb|canary)\.)?discord(?:app)?\.com$/

/** The address of a target, or in words what is missing. */
export function readAddress(config: Config, spec: DiscordSpec): DiscordAddress | string {
  return spec.kind === 'bot' ? readBot(config, spec) : readWebhook(config, spec)
}

/** How a target is called before its address is known. */
export function targetName(spec: DiscordSpec): string {
  return spec.kind === 'bot' ? `discord:bot:${spec.channel_id}` : `discord:${spec.url_env}`
}

function readBot(config: Config, spec: BotSpec): BotAddress | string {
  const token = config.secrets[spec.token_env]
  if (!token) return `expected the bot's token in the environment, but ${spec.token_env} is not set`
  return {
    kind: 'bot',
    target: targetName(spec),
    channelId: spec.channel_id,
    token,
    apiBaseUrl: baseOf(spec),
  }
}

function readWebhook(config: Config, spec: WebhookSpec): WebhookAddress | string {
  const url = config.secrets[spec.url_env]
  if (!url) return `expected the webhook's URL in the environment, but ${spec.url_env} is not set`
  const expected =
    spec.api_base_url === null ? 'https://discord.com/api/webhooks/<id>/<token>' : '…/webhooks/<id>/<token>'
  return parseWebhookUrl(url, spec) ?? `expected ${spec.url_env} to be ${expected}, got something else`
}

/** Id and token out of a webhook's URL, or null where it is none. discord.js's own parser refuses other hosts. */
function parseWebhookUrl(url: Secret, spec: WebhookSpec): WebhookAddress | null {
  const parsed = URL.canParse(url.reveal()) ? new URL(url.reveal()) : null
  const match = parsed && /\/webhooks\/(\d{1,20})\/([\w-]+)\/?$/.exec(parsed.pathname)
  if (!parsed || !match?.[1] || !match[2]) return null
  if (spec.api_base_url === null && !discordHosts.test(parsed.hostname)) return null
  return {
    kind: 'webhook',
    target: ['discord', match[1], ...(spec.thread_id === null ? [] : [spec.thread_id])].join(':'),
    id: match[1],
    token: new Secret(match[2]),
    threadId: spec.thread_id,
    threadName: spec.thread_name,
    apiBaseUrl: baseOf(spec),
  }
}

function baseOf({ api_base_url }: DiscordSpec): string {
  return (api_base_url ?? officialApi).replace(/\/+$/, '')
}
