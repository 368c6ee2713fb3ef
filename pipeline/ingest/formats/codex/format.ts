// Codex: one rollout a session, one JSON object a line.
import type { EntryFormat } from '../format.js'

export const codex: EntryFormat = {
  reading: 'entries',
  source: 'codex',
  parserVersion: 1,
  usualPlaces: () => [],
  findFiles: async () => [],
  isRecord: () => true,
  layoutOf: () => 'lines',
  lineTypeOf: () => '(none)',
  openLog: () => ({ take: () => {}, finish: () => {} }),
}
