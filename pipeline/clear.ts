// Secrets and home paths taken out of a text before it is kept, shown or sent anywhere.

import { clearAssigned } from './assigned-secrets.js'
import { escapeRegExp } from './escape.js'
import { clearPrivateKeys } from './private-keys.js'
import { clearRandomText } from './random-text.js'
import { type Secret, withoutSecrets } from './secret.js'
import { placeholder, type SecretShape, tokenShapes } from './secret-shapes.js'

/** In this order: parts of URLs, tokens known by their shape, headers. */
export const clearedShapes: readonly SecretShape[] = [
  {
    name: 'password in the URL of a page',
    source: String.raw`\b((?:https?|wss?|ftps?|git|ssh)://[^\s/:@"'<>]{0,200}):[^\s/"'<>]{1,300}@`,
    ignoresCase: true,
    keep: `$1:${placeholder}@`,
  },
  {
    name: 'password in a connection string',
    source: String.raw`\b((?!(?:https?|wss?|ftps?|git|ssh):)[a-z][a-z0-9+.-]{0,20}://[^\s/:@"'<>]{0,200}):(?:[^\s/"'<>]{1,300}|[^\s@"'<>]{1,300})@`,
    ignoresCase: true,
    keep: `$1:${placeholder}@`,
  },
  {
    name: 'token as user in a URL',
    source: String.raw`(\bhttps?://)[^\s/:@"'<>]{16,300}@`,
    ignoresCase: true,
    keep: `$1${placeholder}@`,
  },
  {
    name: 'signature in a URL',
    source: String.raw`([?&](?:X-(?:Amz|Goog)-(?:Signature|Credential|Security-Token)|sig|signature|hmac|Key-Pair-Id|Policy)=)[^\s&"'<>]+`,
    ignoresCase: true,
    keep: `$1${placeholder}`,
  },
  {
    name: 'key in a URL',
    source: String.raw`([?&](?:key|code|auth|sid|ticket)=)[^\s&"'<>]{0,200}\d[^\s&"'<>]{7,}`,
    ignoresCase: true,
    keep: `$1${placeholder}`,
  },
  ...tokenShapes.filter(({ name }) => name !== 'private key'),
  {
    name: 'header of several parts',
    source: String.raw`\b((?:proxy-)?authorization["']?\s*[:=]\s*["']?)(?:digest|aws4-hmac-sha256|oauth|hawk)\s[^\n]+`,
    ignoresCase: true,
    keep: `$1${placeholder}`,
  },
  {
    name: 'authorization header',
    source: String.raw`\b((?:proxy-)?authorization["']?\s*[:=]\s*["']?)(?:(?:bearer|basic|token|apikey|negotiate)\s+)?[^\s"',;<\\][^\s"',;]*`,
    ignoresCase: true,
    keep: `$1${placeholder}`,
  },
  {
    name: 'bearer token',
    source: String.raw`\b(bearer)\s+(?:[\w.~+/=-]{0,40}\d[\w.~+/=-]{8,}|[\w.~+/=-]{16,})`,
    ignoresCase: true,
    keep: `$1 ${placeholder}`,
  },
  {
    name: 'basic credentials',
    source: String.raw`\b(basic)\s+(?:[A-Za-z0-9+/]{12,}={1,2}|[A-Za-z0-9+/]{0,40}\d[A-Za-z0-9+/]{10,})`,
    ignoresCase: true,
    keep: `$1 ${placeholder}`,
  },
  {
    name: 'cookie',
    source: String.raw`\b((?:set-)?cookie["']?\s*[:=]\s*["']?)[^\s"';=]{1,100}=[^\n"']+`,
    ignoresCase: true,
    keep: `$1${placeholder}`,
  },
]
const patterns = clearedShapes.map(({ source, ignoresCase, keep = placeholder }) => ({
  pattern: new RegExp(source, ignoresCase ? 'gi' : 'g'),
  keep,
}))

/** The text without anything that looks like a secret; clearing it again changes nothing. */
export function clearSecrets(text: string, known: Iterable<Secret> = []): string {
  const secrets = [...known]
  let before = text
  // What is taken out may bring together what now reads as a secret.
  for (let pass = 0; pass < mostPasses; pass++) {
    const cleared = clearOnce(before, secrets)
    if (cleared === before) break
    before = cleared
  }
  return before
}

const mostPasses = 8

function clearOnce(text: string, known: readonly Secret[]): string {
  const shaped = patterns.reduce(
    (cleared, { pattern, keep }) => cleared.replace(pattern, keep),
    clearPrivateKeys(withoutSecrets(text, known)),
  )
  return clearRandomText(clearAssigned(shaped))
}

/** Home directories, the user's own and any other, as `~`. */
export function shortenHomePaths(text: string, home: string): string {
  const own =
    home.length > 1 ? text.replaceAll(new RegExp(`${escapeRegExp(home)}(?=[/\\\\]|\\b)`, 'g'), '~') : text
  return own.replaceAll(/(?:\/(?:Users|home)\/|\b[A-Za-z]:\\Users\\)[^\s/\\:"'`<>|,;()]+/g, '~')
}
