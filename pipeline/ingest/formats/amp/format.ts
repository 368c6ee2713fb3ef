// Amp, as the session manager writes it: metrics, one JSON object a line.
import type { EntryFormat } from '../format.js'

export const amp: EntryFormat = {
  reading: 'entries',
  source: 'amp',
  parserVersion: 1,
  usualPlaces: () => [],
  findFiles: async () => [],
  isRecord: () => true,
  layoutOf: () => 'lines',
  lineTypeOf: () => '(none)',
  openLog: () => ({ take: () => {}, finish: () => {} }),
}
