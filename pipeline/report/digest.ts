// The digest: the few facts that go out as a message, in the shape that publishing reads (debrief.digest/1).
import type { Config } from '../config.js'
import type { ReportKind } from '../period.js'
import type { ReportData } from './data.js'
import {
  type DigestLoop,
  type DigestSection,
  type DigestTip,
  digestLoops,
  digestSections,
  digestTips,
} from './digest-sections.js'
import { countOf, formatCount } from './format.js'
import type { Headline } from './headlines.js'
import type { ReportText } from './page.js'

export interface Digest {
  readonly schema: 'debrief.digest/1'
  readonly kind: ReportKind
  readonly period: string
  readonly title: string
  readonly is_so_far: boolean
  /** What privacy.content was: publishing refuses to make more than `none` public. */
  readonly content: Config['privacy']['content']
  readonly headlines: readonly Pick<Headline, 'label' | 'value' | 'change' | 'direction'>[]
  readonly sentences: readonly string[]
  readonly sections: readonly DigestSection[]
  readonly tips: readonly DigestTip[]
  readonly open_loops: readonly DigestLoop[]
  /** Told last: what changed since the report was first made, and what its numbers lack. */
  readonly remarks: readonly DigestSection[]
  readonly image: 'digest.png'
  readonly image_alt: string
}

/** Of the headlines the first four: volumes, which every period has. */
export const volumeCount = 4
/** Of the section that only a restated period has. */
export const restatedHeading = 'Since it was first reported'

export function digestOf(
  data: ReportData,
  text: ReportText,
  context: Config['context'],
  sentences: readonly string[],
): Digest {
  const source = { data, context }
  const title = text.isDemo ? `Demo: ${text.title}` : text.title
  const headlines = text.headlines.slice(0, volumeCount).map(({ label, value, change, direction }) => ({
    label,
    value,
    change,
    direction,
  }))
  return {
    schema: 'debrief.digest/1',
    kind: data.period.kind,
    period: data.period.label,
    title,
    is_so_far: data.isSoFar,
    content: text.content,
    headlines,
    sentences,
    sections: digestSections(source),
    tips: digestTips(source),
    open_loops: digestLoops(source, text.content),
    remarks: [restatedLines(text), caveatLines(data)].filter((section) => section.lines.length > 0),
    image: 'digest.png',
    image_alt: `${title}: ${text.headlines.slice(0, volumeCount).map(spoken).join('; ')}. Below, the cost of each day.`,
  }
}

function spoken(headline: Headline): string {
  return `${headline.label.toLowerCase()} ${headline.value}${headline.change ? ` (${headline.change})` : ''}`
}

function restatedLines({ headlines }: ReportText) {
  const lines = headlines.flatMap(({ label, restated }) => (restated === null ? [] : `${label}: ${restated}`))
  return { heading: restatedHeading, lines }
}

function caveatLines(data: ReportData) {
  const calls = data.rows.unpriced_models.reduce((total, row) => total + row.call_count, 0)
  const lines = data.rows.files_read.reduce((total, row) => total + row.rejected_line_count, 0)
  return {
    heading: 'Not in these numbers',
    lines: [
      ...(calls > 0 ? [`${countOf(calls, 'call')} to models without a price`] : []),
      ...(lines > 0
        ? [`${formatCount(lines)} log ${lines === 1 ? 'line' : 'lines'} that could not be read`]
        : []),
    ],
  }
}
