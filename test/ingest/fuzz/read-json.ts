// A JSON reader over bytes, by the letter of RFC 8259 and by nothing else of this project: it keeps numbers as written.

export class LoggedNumber {
  constructor(readonly source: string) {}
}
export type Json = null | boolean | string | LoggedNumber | readonly Json[] | ReadonlyMap<string, Json>

export interface ReadValue {
  readonly value: Json
  /** The position behind it. */
  readonly end: number
  readonly depth: number
  /** True where an object names a key twice, which means whatever a parser makes of it. */
  readonly hasTwins: boolean
}

/** What some parsers take beside JSON: commas behind the last member, NaN and Infinity. */
export interface ReadOptions {
  readonly isLenient?: boolean
}

/** The value that begins here, or null where none does. Bytes that are not UTF-8 become U+FFFD. */
export function readValue(bytes: Buffer, start: number, options: ReadOptions = {}): ReadValue | null {
  try {
    return new Reader(bytes, start, options.isLenient === true).read()
  } catch (error) {
    if (error instanceof NotJson) return null
    throw error
  }
}

/** What nests deeper is passed over, and its value is null. */
const deepestRead = 200

class NotJson extends Error {}

const number = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y
const lenientNumber = /-?(?:nan|inf(?:inity)?)/iy
const escapes: Readonly<Record<string, string>> = {
  ...{ '"': '"', '\\': '\\', '/': '/', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' },
}

class Reader {
  private readonly text: string
  private depth = 0
  private deepest = 0
  private hasTwins = false

  constructor(
    private readonly bytes: Buffer,
    private position: number,
    private readonly isLenient: boolean,
  ) {
    this.text = bytes.toString('latin1') // One character a byte, so that positions agree.
  }

  read(): ReadValue {
    const value = this.readAny()
    return { value, end: this.position, depth: this.deepest, hasTwins: this.hasTwins }
  }

  private readAny(): Json {
    this.skipSpace()
    const char = this.text[this.position]
    if (char === '{') return this.nested(() => this.readObject())
    if (char === '[') return this.nested(() => this.readArray())
    if (char === '"') return this.readText()
    for (const [word, value] of [
      ['null', null],
      ['true', true],
      ['false', false],
    ] as const)
      if (this.text.startsWith(word, this.position)) {
        this.position += word.length
        return value
      }
    return this.readNumber()
  }

  private nested(read: () => Json): Json {
    this.depth += 1
    this.deepest = Math.max(this.deepest, this.depth)
    const isTooDeep = this.depth > deepestRead
    if (isTooDeep) this.skipNested()
    else this.position += 1
    const value = isTooDeep ? null : read()
    this.depth -= 1
    return value
  }

  /** To the bracket that closes the one here, whatever lies between. */
  private skipNested(): void {
    let open = 0
    do {
      const char = this.text[this.position]
      if (char === '"') this.readText()
      else this.position += 1
      if (char === undefined) throw new NotJson()
      if (char === '{' || char === '[') open += 1
      if (char === '}' || char === ']') open -= 1
    } while (open > 0)
  }

  private readObject(): Json {
    const members = new Map<string, Json>()
    this.readMembers('}', () => {
      this.skipSpace()
      if (this.text[this.position] !== '"') throw new NotJson()
      const key = this.readText()
      this.expect(':')
      if (members.has(key)) this.hasTwins = true
      members.set(key, this.readAny())
    })
    return members
  }

  private readArray(): Json {
    const items: Json[] = []
    this.readMembers(']', () => items.push(this.readAny()))
    return items
  }

  private readMembers(close: string, readOne: () => void): void {
    if (this.takes(close)) return
    for (;;) {
      readOne()
      if (this.takes(close)) return
      this.expect(',')
      if (this.isLenient && this.takes(close)) return
    }
  }

  private readText(): string {
    let text = ''
    for (let start = ++this.position; ; start = this.position) {
      while (!/["\\]/.test(this.charInText())) this.position += 1
      text += this.bytes.toString('utf8', start, this.position)
      this.position += 1
      if (this.text[this.position - 1] === '"') return text
      text += this.readEscape()
    }
  }

  private charInText(): string {
    const char = this.text[this.position]
    if (char === undefined || char < ' ') throw new NotJson()
    return char
  }

  private readEscape(): string {
    const char = this.text[this.position++] ?? ''
    if (char in escapes) return escapes[char]!
    const digits = this.text.slice(this.position, this.position + 4)
    if (char !== 'u' || !/^[0-9a-fA-F]{4}$/.test(digits)) throw new NotJson()
    this.position += 4
    return String.fromCharCode(Number.parseInt(digits, 16))
  }

  private readNumber(): LoggedNumber {
    for (const pattern of this.isLenient ? [number, lenientNumber] : [number]) {
      pattern.lastIndex = this.position
      const [source] = pattern.exec(this.text) ?? []
      if (source === undefined) continue
      this.position += source.length
      return new LoggedNumber(source)
    }
    throw new NotJson()
  }

  private expect(char: string): void {
    if (!this.takes(char)) throw new NotJson()
  }

  private takes(char: string): boolean {
    this.skipSpace()
    if (this.text[this.position] !== char) return false
    this.position += 1
    return true
  }

  private skipSpace(): void {
    while (/[ \t\r\n]/.test(this.text[this.position] ?? '')) this.position += 1
  }
}
