// Secrets known by what stands before them: a telling name, a flag, a sentence that names a password.
import { looksRandom } from './random-text.js'
import { placeholder } from './secret-shapes.js'

const quoted = String.raw`"[^"\n]*"|'[^'\n]*'|${'`[^`\\n]*`'}`
const value = String.raw`(?:\[secret\]|${quoted}|[^\s"'${'`'};&|)\]}]+)`
const keyOf =
  '(?:api|app|access|account|auth|private|secret|signing|encryption|master|service|deploy|storage|webhook|license|subscription|shared[_-]?access|jwt|ssh|hmac|session)[ _-]?key(?:[_-]?(?:id|base))?'
/** No prefix: what stands before the telling part of a name stays anyway. */
const tellingName = `(?:passw(?:or)?d|pwd|passphrase|passcode|secret|${keyOf}|credential|token)s?`

interface Context {
  readonly pattern: RegExp
  /** Whether the value may stay. */
  readonly isHarmless: (value: string, head: string) => boolean
}

const contexts: readonly Context[] = [
  {
    // --password x, -api-key=x
    pattern: new RegExp(
      String.raw`((?:^|[\s"'])--?[\w-]{0,40}${tellingName}["']?(?:\s+|=|,\s*))(${value})`,
      'gi',
    ),
    isHarmless: (text, head) => isPlain(text, head) || text.startsWith('-'),
  },
  {
    // PASSWORD=x, "api_key": "x", secret := x
    pattern: new RegExp(
      String.raw`(${tellingName}(?:_\w{1,20})?(?:\\?["'])?\]?\s*(?::=|=>|[:=](?!=))\s*\\?)(${value})`,
      'gi',
    ),
    isHarmless: isPlain,
  },
  {
    // DB_PASS=x, "pass": "x", SENTRY_DSN=x, JSESSIONID=x
    pattern: new RegExp(
      String.raw`((?:[_-]pass["']?\s*[:=]|["']pass["']\s*:|\bpass=|(?:\b|_)(?:pat|dsn|connect\.sid|phpsessid|jsessionid|aspxauth)["']?\s*[:=])\s*)(${value})`,
      'gi',
    ),
    isHarmless: (text, head) => isPlain(text, head) || (!/dsn|sid/i.test(head) && text.length < 6),
  },
  {
    // GARDEN_SIGNING_KEY=x
    pattern: new RegExp(String.raw`(\b[A-Z][A-Z0-9_]{0,60}_KEY\s*=\s*)(${value})`, 'g'),
    isHarmless: isPlain,
  },
  {
    // key: x, where x could be one
    pattern: new RegExp(String.raw`(\bkey["']?\s*(?:[:=]|\bis\b)\s*)(${value})`, 'gi'),
    isHarmless: (text) => !isLikeKey(withoutQuotes(text)),
  },
  {
    // the password is x
    pattern: new RegExp(
      String.raw`(\b(?:password|passphrase|passcode|passwd|pwd|secret|token|api key|credentials?)\s+(?:is|was|are|(?:set|changed|reset) to|will be|should be)\s+)(${value})`,
      'gi',
    ),
    isHarmless: (text, head) => isProse(text) || isPlain(text, head),
  },
  {
    // login x password y; IDENTIFIED BY 'x'; create role … password 'x'
    pattern: new RegExp(
      String.raw`(\blogin\s+\S{1,100}\s+password\s+|\b(?:identified\s+by|password)\s+(?=[\"']))(${value})`,
      'gi',
    ),
    isHarmless: () => false,
  },
  {
    // curl -u user:x
    pattern: /((?:^|\s)(?:-u|--user|--proxy-user)[\s=]+["']?[^\s:"'[]{1,100}:)([^\s"']+)/g,
    isHarmless: () => false,
  },
  {
    // mysql -px, sshpass -p x, docker login -p x, redis-cli -a x, openssl -passin pass:x
    pattern:
      /(\bmysql(?:dump|admin)?\s(?:[^\n|;&]{0,200}\s)?-p|\bsshpass\s+-p\s*|\blogin\s(?:[^\n|;&]{0,200}\s)?-p\s+|\bredis-cli\s(?:[^\n|;&]{0,200}\s)?-a\s+|\s-pass(?:in|out)?\s+pass:)([^\s;&|]+)/g,
    isHarmless: () => false,
  },
]

/** The text with whatever is assigned to a telling name taken out. */
export function clearAssigned(text: string): string {
  return contexts.reduce(
    (cleared, { pattern, isHarmless }) =>
      cleared.replace(pattern, (whole: string, head: string, assigned: string) =>
        isHarmless(assigned, head) ? whole : `${head}${placeholder}${closing(assigned)}`,
      ),
    text,
  )
}

/** Where a value that could be a secret is assigned to a telling name: eight characters or more, with a digit. */
export function findAssigned(text: string): number[] {
  return contexts.flatMap(({ pattern, isHarmless }) =>
    [...text.matchAll(pattern)].flatMap((found) => {
      const [, head = '', assigned = ''] = found
      const bare = withoutQuotes(assigned)
      const isWhole = !/[A-Za-z0-9]/.test(text[found.index - 1] ?? ' ')
      const isLikely = bare.length >= 8 && /\d/.test(bare) && /[A-Za-z]/.test(bare)
      return isWhole && isLikely && !isHarmless(assigned, head) ? [found.index] : []
    }),
  )
}

/** A comma or full stop after an unquoted value belongs to the sentence. */
function closing(assigned: string): string {
  return /^["'`]/.test(assigned) ? '' : (/[,.?]+$/.exec(assigned)?.[0] ?? '')
}

const reference =
  /^(?:\\?\$|%|process\.env|os\.|env[.(]|import\.meta|<|\{|\(|\*{2,}|\.\.\.|…|https?:\/\/|\[secret\]|\[(?!secret))/
const typeOrNothing =
  /^(?:string|number|boolean|str|int|bool|bytes|any|unknown|object|null|nil|none|undefined|true|false|optional|required|secretstr|varchar|text|redacted|x{3,})\b[[\]?|,.]*$/i
const call = /^[\w.]+\(/
const member = /^[A-Za-z_]+(?:\??\.[A-Za-z_]+)+$/
const variable = new RegExp(`^[A-Za-z_.]*${tellingName}$`, 'i')

/** A variable, a type or a count of tokens is no secret, though it stands where one would. */
function isPlain(assigned: string, head: string): boolean {
  const text = withoutQuotes(assigned.replace(/[,.]+$/, ''))
  if (text === '' || reference.test(text) || typeOrNothing.test(text)) return true
  if (/token/i.test(head) && /^[\d_.,]+[kKmM%]?$/.test(text)) return true
  if (/tokens["']?\s*[:=]/i.test(head) && !isLikeKey(text)) return true
  return (
    call.test(assigned) ||
    (text === assigned.replace(/[,.]+$/, '') && (member.test(text) || variable.test(text)))
  )
}

/** "the password is required", "the token was not found": a word, not a password. */
function isProse(assigned: string): boolean {
  if (/^["'`]/.test(assigned)) return withoutQuotes(assigned).length < 4
  const text = assigned.replace(/[,.!?:]+$/, '')
  if (text.length < 6) return true
  const hasSign = /\d|[!@#$%^&*_+~=]/.test(text)
  return !hasSign && !/[a-z][A-Z]/.test(text) && text.length < 18
}

/** At least 16 characters of a key's alphabet with letters and digits mixed. */
function isLikeKey(text: string): boolean {
  if (!/^[\w+/=.~-]{16,}$/.test(text) || !/\d/.test(text) || !/[A-Za-z]/.test(text)) return false
  return /^[0-9a-f]{32,}$/i.test(text) || looksRandom(text, { fewestChars: 16 })
}

function withoutQuotes(text: string): string {
  return text.replaceAll(/^["'`]|["'`]$/g, '')
}
