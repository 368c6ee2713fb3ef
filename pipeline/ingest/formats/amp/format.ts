// Amp, as the session manager writes it: metrics, one JSON object a line, many sessions in a file.
import type { EntryFormat } from '../format.js'
import { findMetricsFiles } from './find-files.js'
import { openMetrics } from './reader.js'

export const amp: EntryFormat = {
  reading: 'entries',
  source: 'amp',
  parserVersion: 2,
  usualPlaces: () => [], // Whoever runs the session manager says where its metrics go.
  findFiles: findMetricsFiles,
  isRecord: (object) => typeof object.type === 'string' && typeof object.sessionId === 'string',
  layoutOf: () => 'lines',
  lineTypeOf: ({ fields }) => (typeof fields.type === 'string' ? fields.type : '(none)'),
  openLog: (_log, emit) => openMetrics(emit),
}
