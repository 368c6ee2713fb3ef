// Copilot CLI: one events file a session.
import type { EntryFormat } from '../format.js'

export const copilot: EntryFormat = {
  reading: 'entries',
  source: 'copilot',
  parserVersion: 1,
  usualPlaces: () => [],
  findFiles: async () => [],
  isRecord: () => true,
  layoutOf: () => 'lines',
  lineTypeOf: () => '(none)',
  openLog: () => ({ take: () => {}, finish: () => {} }),
}
