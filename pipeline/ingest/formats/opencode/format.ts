// OpenCode: an exported document a session, or its storage tree.
import type { EntryFormat } from '../format.js'

export const opencode: EntryFormat = {
  reading: 'entries',
  source: 'opencode',
  parserVersion: 1,
  usualPlaces: () => [],
  findFiles: async () => [],
  isRecord: () => true,
  layoutOf: () => 'lines',
  lineTypeOf: () => '(none)',
  openLog: () => ({ take: () => {}, finish: () => {} }),
}
