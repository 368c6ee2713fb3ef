// Finds the numbers in a text as people write them, with the unit and the precision that each claims.

/** Percent stands for itself (31 for "31 %"), time is in seconds; a calendar entry has a key instead of a value. */
export type NumberUnit = 'usd' | 'percent' | 'seconds' | 'ratio' | 'plain' | 'calendar'

export interface WrittenNumber {
  /** As it stands in the text. */
  readonly written: string
  readonly unit: NumberUnit
  readonly value: number
  /** How far the true value may be away from what is written. */
  readonly slack: number
  /** "3 days" may be a count of days or a time. */
  readonly count: number | null
  /** 2026-02-09 → 02-09; 2026-W07 → W07; 2026 → 2026; 14:05 → 14:05. Empty where it is no calendar entry. */
  readonly calendarKey: string
}

const smallWords =
  'two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(
    ' ',
  )
const tensWords = 'twenty thirty forty fifty sixty seventy eighty ninety'.split(' ')
const ordinalWords = 'third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth'.split(' ')
const monthWords = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ')

const digits = String.raw`\d{1,3}(?:[,\u2019]\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?`
const spelled = `(?:${tensWords.join('|')})(?:-(?:one|${smallWords.slice(0, 8).join('|')}))?|${smallWords.join('|')}`
const scale = String.raw`(?:\s?(?:[kKMB]|thousand|million|billion)(?![\p{L}\d]))?`
/** Not the tail of a name: neither opus-4 nor h2 nor the 3 of 1.2.3. */
const start = String.raw`(?<![\p{L}\d_]|\d[.,]|\p{L}-)`
const number = `${start}(?:(?:${digits})${scale}|(?:${spelled})(?![\\p{L}]))`
const hedge = String.raw`(?:(?:about|around|roughly|some|nearly|almost|over|under|above|below|approximately|up to|close to|(?:more|less|fewer) than|at (?:least|most))\s|[~≈≥≤<>]\s?)?`
const month = `(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)`
const end = String.raw`(?![\p{L}\d_])`

interface Reading {
  readonly pattern: RegExp
  readonly read: (match: RegExpMatchArray) => Partial<WrittenNumber>[]
}

const calendar = (calendarKey: string): Partial<WrittenNumber> => ({ unit: 'calendar', calendarKey })
const rule = (source: string, read: Reading['read']): Reading => ({
  pattern: new RegExp(source, 'giu'),
  read,
})

/** Tried in this order; what one has read, the next does not see. */
const readings: readonly Reading[] = [
  // Calendar
  rule(String.raw`\b(\d{4})-(\d\d)-(\d\d)(?:T(\d\d:\d\d)[\d:.]*Z?)?`, ([, year, m, day, time]) => [
    calendar(`${year}`),
    calendar(`${m}-${day}`),
    ...(time ? [calendar(time)] : []),
  ]),
  rule(String.raw`\b(\d{4})-(W?\d\d)${end}`, ([, year, part]) => [
    calendar(`${year}`),
    calendar(part!.startsWith('W') ? part! : `${part}-`),
  ]),
  rule(String.raw`\b(?:week\s|W)(\d{1,2})${end}`, ([, week]) => [calendar(`W${week!.padStart(2, '0')}`)]),
  rule(
    String.raw`\b(?<!\d\.)(?:(\d{1,2})\s?[–-]\s?)?(\d{1,2})(?:st|nd|rd|th)?\s(?:of\s)?(${month})${end}(?:,?\s(\d{4})${end})?`,
    ([, from, day, name, year]) => [...dates(name!, [from, day]), ...(year ? [calendar(year)] : [])],
  ),
  rule(
    String.raw`\b(${month})\.?\s(\d{1,2})(?:st|nd|rd|th)?${end}(?:\s?[–-]\s?(\d{1,2}))?(?:,?\s(\d{4})${end})?`,
    ([, name, day, to, year]) => [...dates(name!, [day, to]), ...(year ? [calendar(year)] : [])],
  ),
  rule(String.raw`\b${month}\s(\d{4})${end}`, ([, year]) => [calendar(year!)]),
  rule(String.raw`\b(\d{1,2}):(\d\d)(?:\s?([ap])\.?m\b\.?)?`, ([, hour, minute, half]) => [
    calendar(clock(hour!, minute!, half)),
  ]),
  rule(String.raw`\b(\d{1,2})\s?([ap])\.?m\b\.?`, ([, hour, half]) => [calendar(clock(hour!, '00', half))]),
  // Money and shares
  rule(`${hedge}(?:US)?\\$\\s?(?:${digits})${scale}`, ([written]) => [measured(written, 'usd')]),
  rule(`${hedge}(${number})\\s(?:dollars|USD)${end}`, ([written]) => [measured(written, 'usd')]),
  rule(`${hedge}(${number})\\scents${end}`, ([written]) => [measured(written, 'usd', 0.01)]),
  rule(
    `${hedge}(${number})\\s?(?:%|per\\s?cent${end}|(?:percentage\\s)?points?${end}|pp${end})`,
    ([written]) => [measured(written, 'percent')],
  ),
  rule(String.raw`\bhalf(?=\s(?:of|the|as|your|its|that)\b)|\b(?:by|than|about)\shalf${end}`, () => [
    fraction(50),
  ]),
  rule(String.raw`\b(two|a|one)[\s-]thirds?(?=\s(?:of|more|less|as)\b|[.,;])`, ([, count]) => [
    fraction(count!.toLowerCase() === 'two' ? 200 / 3 : 100 / 3),
  ]),
  rule(
    String.raw`\b(three|a|one)[\s-](?:quarters?|fourths?)(?=\s(?:of(?!\san\shour)|more|less|as)\b|[.,;])`,
    ([, count]) => [fraction(count!.toLowerCase() === 'three' ? 75 : 25)],
  ),
  rule(String.raw`\b(doubled|tripled|quadrupled|halved)${end}`, ([, word]) => [
    { unit: 'ratio', value: ratios[word!.toLowerCase()] ?? 2, slack: 0.1 },
  ]),
  // Time
  rule(
    `${hedge}(?:(${number})[\\s-]?(?:h|hrs?|hours?)${end})(?:\\s?(?:and\\s)?(${number})\\s?(?:m|mins?|minutes?)${end})?`,
    ([written, hours, minutes]) => [lasting(written, [hours, 3600], [minutes, 60])],
  ),
  rule(
    `${hedge}(?:(${number})[\\s-]?(?:mins?|minutes?)${end})(?:\\s?(?:and\\s)?(${number})\\s?(?:s|secs?|seconds?)${end})?`,
    ([written, minutes, seconds]) => [lasting(written, [minutes, 60], [seconds, 1])],
  ),
  rule(`${hedge}(${number})[\\s-]?(?:s|secs?|seconds?)${end}`, ([written, seconds]) => [
    lasting(written, [seconds, 1]),
  ]),
  rule(`${hedge}(${number})\\s?(?:ms|milliseconds?)${end}`, ([written, ms]) => [
    lasting(written, [ms, 0.001]),
  ]),
  rule(String.raw`\b(?:half\san|(three)\squarters\sof\san|a\squarter\sof\san)\shour\b`, ([written]) => [
    {
      unit: 'seconds',
      value: /^half/i.test(written) ? 1800 : /^three/i.test(written) ? 2700 : 900,
      slack: 180,
    },
  ]),
  rule(`${hedge}(${number})[\\s-]?days?${end}`, ([written, days]) => [lasting(written, [days, 86_400])]),
  rule(`${hedge}(${number})[\\s-]?weeks?${end}`, ([written, weeks]) => [lasting(written, [weeks, 604_800])]),
  // How many times
  rule(
    `×\\s?(?:${digits})|${hedge}(${number})(?:\\s?[×x]${end}|\\s(?:times|fold)${end}|-fold${end})`,
    ([written]) => [measured(written, 'ratio')],
  ),
  rule(String.raw`\b(twice|thrice)${end}`, ([word]) => [
    { unit: 'ratio', value: word.toLowerCase() === 'twice' ? 2 : 3, slack: 0.1 },
  ]),
  // What is left
  rule(String.raw`\b\d+(?:\.\d+){2,}`, () => [{ unit: 'plain', value: Number.NaN, slack: 0 }]),
  rule(String.raw`${start}(\d+)(?:st|nd|rd|th)${end}`, ([, count]) => [{ value: Number(count), slack: 0 }]),
  rule(String.raw`\b(${ordinalWords.join('|')})${end}`, ([word]) => [
    { value: ordinalWords.indexOf(word.toLowerCase()) + 3, slack: 0 },
  ]),
  rule(String.raw`\b(?:a|one|half\sa)\s(dozen|hundred|thousand|million)${end}`, ([written, word]) => [
    { value: (hundreds[word!.toLowerCase()] ?? 1) / (/^half/i.test(written) ? 2 : 1), slack: 0.5 },
  ]),
  rule(`${hedge}#?(${number})${end}`, ([written]) => [measured(written, 'plain')]),
]

const ratios: Readonly<Record<string, number>> = { doubled: 2, tripled: 3, quadrupled: 4, halved: 0.5 }
const hundreds: Readonly<Record<string, number>> = { dozen: 12, hundred: 100, thousand: 1000, million: 1e6 }

/** Every number of a text, in its order. The "1." of a list's item is none, and neither is "one". */
export function readNumbers(text: string): WrittenNumber[] {
  let rest = text
    .replace(/[\u00a0\u202f\u2009]/g, ' ')
    .replace(/^(\s*(?:#+\s*)?)(\d+[.)])(?=\s)/gm, (_all, lead: string, mark: string) => lead + blank(mark))
  const found: { at: number; number: WrittenNumber }[] = []
  for (const { pattern, read } of readings) {
    rest = rest.replace(pattern, (...args: unknown[]) => {
      const groups = args.filter((_arg, i) => i < args.length - 2) as string[]
      const at = args.at(-2) as number
      for (const part of read(groups as unknown as RegExpMatchArray))
        found.push({ at, number: { ...nothing, written: groups[0]!.trim(), ...part } })
      return blank(groups[0]!)
    })
  }
  return found.sort((a, b) => a.at - b.at).map(({ number }) => number)
}

const nothing: WrittenNumber = {
  written: '',
  unit: 'plain',
  value: Number.NaN,
  slack: 0,
  count: null,
  calendarKey: '',
}

function blank(text: string): string {
  return ' '.repeat(text.length)
}

function fraction(percent: number): Partial<WrittenNumber> {
  return { unit: 'percent', value: percent, slack: 3 }
}

function dates(monthName: string, days: readonly (string | undefined)[]): Partial<WrittenNumber>[] {
  const index = monthWords.indexOf(monthName.slice(0, 3).toLowerCase()) + 1
  return days
    .filter((day) => day !== undefined)
    .map((day) => calendar(`${String(index).padStart(2, '0')}-${day.padStart(2, '0')}`))
}

function clock(hour: string, minute: string, half: string | undefined): string {
  const shift = half?.toLowerCase() === 'p' && Number(hour) < 12 ? 12 : 0
  const midnight = half?.toLowerCase() === 'a' && Number(hour) === 12 ? -12 : 0
  return `${String(Number(hour) + shift + midnight).padStart(2, '0')}:${minute}`
}

function lasting(written: string, ...parts: [string | undefined, number][]): Partial<WrittenNumber> {
  const given = parts.filter(([part]) => part !== undefined)
  const amounts = given.map(([part, seconds]) => ({ ...amountOf(part!), seconds }))
  const last = amounts.at(-1)!
  return {
    unit: 'seconds',
    value: amounts.reduce((sum, { value, seconds }) => sum + value * seconds, 0),
    slack: slackOf(written, last) * last.seconds,
    count: amounts.length === 1 ? last.value : null,
  }
}

function measured(written: string, unit: NumberUnit, factor = 1): Partial<WrittenNumber> {
  const amount = amountOf(written)
  return { unit, value: amount.value * factor, slack: slackOf(written, amount) * factor }
}

interface Amount {
  readonly value: number
  /** What the last written digit counts: 0.01 in 4.25, 1000 in 12k. */
  readonly lastDigit: number
}

function amountOf(written: string): Amount {
  const match = new RegExp(`(${digits})(${scale})`, 'u').exec(written)
  if (!match) return { value: spelledValue(written), lastDigit: 1 }
  const plain = match[1]!.replace(/[,\u2019]/g, '')
  const size = scaleOf(match[2] ?? '')
  return { value: Number(plain) * size, lastDigit: size / 10 ** (plain.split('.')[1]?.length ?? 0) }
}

function scaleOf(word: string): number {
  const letter = word.trim().charAt(0).toLowerCase()
  return letter === 'k' || letter === 't' ? 1e3 : letter === 'm' ? 1e6 : letter === 'b' ? 1e9 : 1
}

function spelledValue(written: string): number {
  const found = new RegExp(spelled, 'iu').exec(written)?.[0].toLowerCase() ?? ''
  const [tens = '', ones = ''] = found.split('-')
  const small = (word: string) => (word === 'one' ? 1 : smallWords.indexOf(word) + 2)
  if (!tensWords.includes(tens)) return small(tens)
  return (tensWords.indexOf(tens) + 2) * 10 + (ones === '' ? 0 : small(ones))
}

/** Half of the last digit; with "about" or "over" the last digit that is not 0, but no more than a tenth. */
function slackOf(written: string, { value, lastDigit }: Amount): number {
  if (/^</.test(written)) return value
  if (!new RegExp(`^${hedge.replace(/\?$/, '')}`, 'iu').test(written)) return lastDigit / 2
  let unit = lastDigit
  while (value > 0 && Number.isInteger(value / (unit * 10))) unit *= 10
  return Math.max(lastDigit, Math.min(unit, value / 10))
}
