// Gemini CLI: one document a session, or one object a line.
import type { EntryFormat } from '../format.js'

export const gemini: EntryFormat = {
  reading: 'entries',
  source: 'gemini',
  parserVersion: 1,
  usualPlaces: () => [],
  findFiles: async () => [],
  isRecord: () => true,
  layoutOf: () => 'lines',
  lineTypeOf: () => '(none)',
  openLog: () => ({ take: () => {}, finish: () => {} }),
}
