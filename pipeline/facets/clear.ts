// Secrets and home paths taken out of a text before it is kept or sent anywhere.
import { type Secret, withoutSecrets } from '../secret.js'
import { tokenShapes } from '../secret-shapes.js'

interface SecretShape {
  readonly name: string
  readonly pattern: RegExp
  /** Default: the whole match goes. */
  readonly keep?: string
}

const placeholder = '[secret]'
const value = String.raw`(?:\[secret\]|"[^"\n]*"|'[^'\n]*'|[^\s"',;&|)\]}]+)`
const secretWord = String.raw`(?:[\w.-]{0,40}(?:password|passwd|pwd|passphrase|secret|api[_-]?key|apikey|access[_-]?key(?:[_-]?id)?|account[_-]?key|private[_-]?key|auth[_-]?token|access[_-]?token|refresh[_-]?token|client[_-]?secret|token|credential)s?)`

/** In this order: whole blocks, then tokens known by their shape, then whatever is assigned to a telling name. */
const shapes: readonly SecretShape[] = [
  {
    name: 'private key',
    pattern:
      /-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----[\s\S]*?(?:-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----|$)/g,
  },
  ...tokenShapes.map(({ name, source }) => ({ name, pattern: new RegExp(source, 'g') })),
  { name: 'Slack webhook', pattern: /https:\/\/hooks\.slack\.com\/(?:services|workflows)\/[\w/-]+/g },
  {
    name: 'Discord webhook',
    pattern: /https:\/\/(?:\w+\.)?discord(?:app)?\.com\/api\/(?:v\d+\/)?webhooks\/\d+\/[\w-]+/g,
  },
  {
    name: 'password in a URL',
    pattern: /\b([a-z][a-z0-9+.-]{0,20}:\/\/[^\s/:@"'<>]{0,200}):[^\s@"'<>]{1,300}@/gi,
    keep: `$1:${placeholder}@`,
  },
  {
    name: 'token as user in a URL',
    pattern: /\b(https?:\/\/)[^\s/:@"'<>]{16,300}@/gi,
    keep: `$1${placeholder}@`,
  },
  {
    name: 'signature in a URL',
    pattern:
      /([?&](?:X-Amz-Signature|X-Amz-Credential|X-Amz-Security-Token|sig|signature|key|code)=)[^\s&"'<>]+/gi,
    keep: `$1${placeholder}`,
  },
  {
    name: 'authorization header',
    pattern:
      /\b((?:proxy-)?authorization["']?\s*[:=]\s*["']?)(?:(bearer|basic|token|digest|apikey)\s+)?[^\s"',;]+/gi,
    keep: `$1${placeholder}`,
  },
  { name: 'bearer token', pattern: /\b(bearer|basic)\s+[\w.~+/=-]{12,}/gi, keep: `$1 ${placeholder}` },
  { name: 'cookie', pattern: /\b((?:set-)?cookie["']?\s*:\s*)[^\n"']+/gi, keep: `$1${placeholder}` },
  {
    name: 'command-line flag',
    pattern: new RegExp(String.raw`(--?(?:${secretWord}))(\s+|=)${value}`, 'gi'),
    keep: `$1$2${placeholder}`,
  },
  {
    name: 'user and password for curl',
    pattern: /(\s(?:-u|--user)\s+["']?[^\s:"']+):[^\s"']+/g,
    keep: `$1:${placeholder}`,
  },
  {
    name: 'assignment to a telling name',
    pattern: new RegExp(String.raw`\b(${secretWord}["']?\s*(?:[:=]|=>|:=)\s*)${value}`, 'gi'),
    keep: `$1${placeholder}`,
  },
  {
    name: 'key in the environment',
    pattern: new RegExp(String.raw`\b([A-Z][A-Z0-9_]{0,60}_(?:KEY|PAT|DSN)\s*=\s*)${value}`, 'g'),
    keep: `$1${placeholder}`,
  },
  {
    name: 'a password named in a sentence',
    pattern:
      /\b((?:password|passphrase|secret|token|api key)\s+(?:is|was|to)\s+)(?=\S*[\d!@#$%^&*_+-])\S{6,}/gi,
    keep: `$1${placeholder}`,
  },
]

/** The text without anything that looks like a secret. */
export function clearSecrets(text: string, known: Iterable<Secret> = []): string {
  return shapes.reduce(
    (cleared, { pattern, keep }) => cleared.replace(pattern, keep ?? placeholder),
    withoutSecrets(text, known),
  )
}

/** Home directories, the user's own and any other, as `~`. */
export function shortenHomePaths(text: string, home: string): string {
  const own =
    home.length > 1 ? text.replaceAll(new RegExp(`${escaped(home)}(?=[/\\\\]|\\b)`, 'g'), '~') : text
  return own.replaceAll(/(?:\/(?:Users|home)\/|\b[A-Za-z]:\\Users\\)[^\s/\\:"'`<>|,;()]+/g, '~')
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
}
