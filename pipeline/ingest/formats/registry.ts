// Every source has a format: a missing one is a type error.
import { claudeCode } from './claude-code/format.js'
import type { LogFormat, Source } from './format.js'

export const formats: Readonly<Record<Source, LogFormat>> = {
  'claude-code': claudeCode,
}
