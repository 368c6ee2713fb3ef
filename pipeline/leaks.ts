// What may not leave this machine, found in a text: secrets by their shape, known ones, and home directories of persons.
import { findAssigned } from './assigned-secrets.js'
import { clearedShapes } from './clear.js'
import type { Secret } from './secret.js'
import { placeholder, sqlMayHoldToken, tokenShapes } from './secret-shapes.js'

export interface Leak {
  readonly index: number
  /** What kind of secret, or `home path`; never the text itself. */
  readonly kind: string
}

export interface LeakRules {
  readonly secrets: readonly Secret[]
  readonly home: string
  /** Home directories may be shown where the user wants whole paths. */
  readonly arePathsShown: boolean
}

const patterns = [...clearedShapes, ...tokenShapes.filter(({ name }) => name === 'private key')].map(
  ({ name, source, ignoresCase, keep = placeholder }) => ({
    name,
    all: new RegExp(source, ignoresCase ? 'gi' : 'g'),
    one: new RegExp(source, ignoresCase ? 'i' : ''),
    keep,
  }),
)

/** A digest in place of a name begins with ~ (see snapshot/ledger-tables.ts). Text in JSON doubles its backslashes. */
const homeSource = String.raw`/(?:Users|home)/[^\s/\\:"'${'`'}<>|,;()&~.*?$%{}\[\]]|\b[A-Za-z]:\\{1,4}Users\\{1,4}[^\s/\\:"'${'`'}<>|,;()&~.*?$%{}\[\]]`
const signSource = String.raw`(?i)passw|pwd|passphrase|passcode|secret|token|key|credential|bearer|basic|authorization|cookie|://|[?&]sig|dsn|session|\b(login|user|identified)\b|-p|/users/|/home/|:[\\/]+users`

/** Every place where something stands that may not leave, the first one first. */
export function findLeaks(text: string, rules: LeakRules): Leak[] {
  const leaks = [
    ...rules.secrets.flatMap((secret) => findKnown(text, secret)),
    ...patterns.flatMap(({ name, all, one, keep }) =>
      [...text.matchAll(all)]
        // What was cleared already reads like its shape still.
        .filter(([found]) => !found.endsWith(placeholder) && !isCleared(found, found.replace(one, keep)))
        .map(({ index }) => ({ index, kind: name })),
    ),
    ...findAssigned(text).map((index) => ({ index, kind: 'assignment to a telling name' })),
    ...(rules.arePathsShown ? [] : findHomes(text, rules.home)),
  ]
  return leaks.sort((a, b) => a.index - b.index)
}

/** Also where a text was shortened in the middle of what stands for a secret. */
function isCleared(found: string, cleared: string): boolean {
  const whole = found.replace(/…$/, '')
  return whole === cleared || (whole.length > cleared.lastIndexOf('[') && cleared.startsWith(whole))
}

/** Whether it is worth to look closer at a column's value, as SQL. */
export function sqlMayLeak(column: string, { secrets, home, arePathsShown }: LeakRules): string {
  const known = [...secrets.map((secret) => secret.reveal()), ...(arePathsShown ? [] : [home])]
  const contained = known
    .filter(({ length }) => length > 1)
    .map((text) => `contains(${column}, ${quoted(text)})`)
  return [`regexp_matches(${column}, ${quoted(signSource)})`, sqlMayHoldToken(column), ...contained].join(
    ' or ',
  )
}

function findKnown(text: string, secret: Secret): Leak[] {
  const value = secret.reveal()
  if (value.length < 6) return []
  return [...new Set([value, JSON.stringify(value).slice(1, -1)])].flatMap((form) =>
    allIndexes(text, form).map((index) => ({ index, kind: 'a secret of the configuration' })),
  )
}

function findHomes(text: string, home: string): Leak[] {
  const shaped = [...text.matchAll(new RegExp(homeSource, 'g'))].map(({ index }) => index)
  // A home such as / or /root is no name.
  const own =
    home.split(/[/\\]/).length > 2 ? allIndexes(text, home).filter((at) => isWhole(text, at, home)) : []
  return [...shaped, ...own].map((index) => ({ index, kind: 'home path' }))
}

function isWhole(text: string, at: number, path: string): boolean {
  return !/[\w-]/.test(text[at + path.length] ?? ' ')
}

function allIndexes(text: string, part: string): number[] {
  const indexes: number[] = []
  for (let at = text.indexOf(part); at !== -1; at = text.indexOf(part, at + 1)) indexes.push(at)
  return indexes
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}
