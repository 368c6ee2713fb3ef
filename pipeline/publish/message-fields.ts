// Sections as the fields of one embed: whole lines, a long section goes on in another field, and all get their fair share.
import { codeSpan, shortened, visibleText } from './plain-text.js'

export interface SectionText {
  readonly heading: string
  readonly lines: readonly LineText[]
}

export interface LineText {
  readonly text: string
  /** Shown below the text, to be copied: whole or not at all. */
  readonly code: string | null
}

export interface MessageField {
  readonly name: string
  readonly value: string
  readonly inline: boolean
}

const limits = { fields: 25, value: 1024, heading: 100, line: 300, code: 300 }
const shortestLine = 20
const continued = ' (continued)'

/** The fields for these sections, in at most `room` characters; one without a name or a line would be refused. */
export function sectionFields(sections: readonly SectionText[], room: number): MessageField[] {
  const texts = sections
    .map(({ heading, lines }) => ({
      name: shortened(heading, limits.heading),
      lines: renderedLines(lines, room),
      lineCount: lines.length,
      first: lines.find(({ text }) => visibleText(text) !== '')?.text ?? '',
    }))
    .filter(({ name, lines }) => name !== '' && lines.length > 0)
    .slice(0, limits.fields)
  const shares = fairShares(
    texts.map(({ name, lines }) => fieldsLength(packed(name, lines))),
    room,
  )
  let left = limits.fields
  return texts.flatMap((text, i) => {
    const most = left - (texts.length - i - 1)
    const fields = fieldsWithin(text, shares[i] ?? 0, most)
    left -= fields.length
    return fields
  })
}

/** A line and its code as they are shown; lines beyond all the room are not worth the work. */
function renderedLines(lines: readonly LineText[], room: number): string[] {
  const rendered: string[] = []
  let length = 0
  for (const line of lines) {
    if (length > room) break
    const text = shortened(line.text, limits.line)
    if (text === '') continue
    const code = line.code === null ? '' : codeSpan(line.code, limits.code)
    rendered.push(`• ${text}${code === '' ? '' : `\n${code}`}`)
    length += text.length
  }
  return rendered
}

interface RenderedSection {
  readonly name: string
  readonly lines: readonly string[]
  readonly lineCount: number
  /** The first line as it came. */
  readonly first: string
}

/** As many whole lines as fit, and a count of those that do not; where not even one fits, its beginning. */
function fieldsWithin(section: RenderedSection, room: number, most: number): MessageField[] {
  const { name, lines, lineCount, first } = section
  for (let count = lines.length; count > 0; count--) {
    const leftOut = lineCount - count
    const fields = packed(name, [...lines.slice(0, count), ...(leftOut > 0 ? [`… and ${leftOut} more`] : [])])
    if (fieldsLength(fields) <= room && fields.length <= most) return fields
  }
  const left = room - name.length - 2
  return left < shortestLine ? [] : [{ name, value: `• ${shortened(first, left)}`, inline: false }]
}

/** Lines in as many fields as they need. */
function packed(name: string, lines: readonly string[]): MessageField[] {
  const values: string[] = []
  for (const line of lines) {
    const last = values.at(-1)
    if (last !== undefined && last.length + 1 + line.length <= limits.value)
      values[values.length - 1] = `${last}\n${line}`
    else values.push(line)
  }
  return values.map((value, i) => ({ name: i === 0 ? name : name + continued, value, inline: false }))
}

function fieldsLength(fields: readonly MessageField[]): number {
  return fields.reduce((sum, { name, value }) => sum + name.length + value.length, 0)
}

/** Who needs little gets all of it, and the rest is shared by those who need more. */
function fairShares(needs: readonly number[], room: number): number[] {
  const shares = needs.map(() => 0)
  const order = needs.map((_, i) => i).sort((a, b) => (needs[a] ?? 0) - (needs[b] ?? 0) || a - b)
  let left = room
  order.forEach((index, done) => {
    const share = Math.min(needs[index] ?? 0, Math.floor(left / (order.length - done)))
    shares[index] = share
    left -= share
  })
  return shares
}
