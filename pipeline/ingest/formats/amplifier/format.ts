// Amplifier: a folder a session, with events, transcript and metadata.
import type { EntryFormat } from '../format.js'

export const amplifier: EntryFormat = {
  reading: 'entries',
  source: 'amplifier',
  parserVersion: 1,
  usualPlaces: () => [],
  findFiles: async () => [],
  isRecord: () => true,
  layoutOf: () => 'lines',
  lineTypeOf: () => '(none)',
  openLog: () => ({ take: () => {}, finish: () => {} }),
}
