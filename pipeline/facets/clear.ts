// Secrets and home paths taken out of a text before it is kept or sent anywhere.
import { type Secret, withoutSecrets } from '../secret.js'

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
  { name: 'JSON web token', pattern: /\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g },
  {
    name: 'Anthropic, OpenAI and similar',
    pattern: /\b(?:sk|pk|rk)[-_](?:ant|proj|live|test|or|lf)?[-_]?[\w-]{16,}/g,
  },
  { name: 'GitHub', pattern: /\b(?:gh[opsur]_[A-Za-z0-9]{16,}|github_pat_\w{20,})/g },
  { name: 'GitLab', pattern: /\bgl(?:pat|dt|rt|cbt|ptt|ft)-[\w-]{16,}/g },
  { name: 'Slack token', pattern: /\bxox[abeoprs]-[\w-]{8,}|\bxapp-[\w-]{8,}/g },
  { name: 'Slack webhook', pattern: /https:\/\/hooks\.slack\.com\/(?:services|workflows)\/[\w/-]+/g },
  {
    name: 'Discord webhook',
    pattern: /https:\/\/(?:\w+\.)?discord(?:app)?\.com\/api\/(?:v\d+\/)?webhooks\/\d+\/[\w-]+/g,
  },
  { name: 'Discord bot', pattern: /\b[MNO][\w-]{23,27}\.[\w-]{6}\.[\w-]{27,}/g },
  { name: 'AWS key id', pattern: /\b(?:AKIA|ASIA|AROA|AIDA|ABIA|ACCA)[A-Z0-9]{16}\b/g },
  { name: 'Google', pattern: /\bAIza[\w-]{30,}|\bya29\.[\w.-]{16,}|\bGOCSPX-[\w-]{16,}/g },
  { name: 'npm, PyPI, crates', pattern: /\bnpm_[A-Za-z0-9]{30,}|\bpypi-[\w-]{30,}|\bcio[A-Za-z0-9]{32}\b/g },
  { name: 'Hugging Face', pattern: /\bhf_[A-Za-z0-9]{20,}/g },
  { name: 'SendGrid', pattern: /\bSG\.[\w-]{16,}\.[\w-]{16,}/g },
  { name: 'Twilio', pattern: /\b(?:SK|AC)[0-9a-f]{32}\b/g },
  {
    name: 'DigitalOcean, Shopify, Linear',
    pattern: /\b(?:do[opr]_v1_|shp(?:at|ca|pa|ss)_|lin_api_)[A-Za-z0-9]{20,}/g,
  },
  { name: 'Telegram bot', pattern: /\b\d{8,10}:AA[\w-]{32,}/g },
  {
    name: 'age, Vault, Databricks',
    pattern: /\bAGE-SECRET-KEY-1[A-Z0-9]{50,}|\bhv[sb]\.[\w-]{20,}|\bdapi[0-9a-f]{32}\b/g,
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
