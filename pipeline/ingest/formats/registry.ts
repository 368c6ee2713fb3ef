// Every source has a format: a missing one is a type error.
import { amp } from './amp/format.js'
import { amplifier } from './amplifier/format.js'
import { claudeCode } from './claude-code/format.js'
import { codex } from './codex/format.js'
import { copilot } from './copilot/format.js'
import type { LogFormat, Source } from './format.js'
import { gemini } from './gemini/format.js'
import { opencode } from './opencode/format.js'
import { pi } from './pi/format.js'

export const formats: Readonly<Record<Source, LogFormat>> = {
  'claude-code': claudeCode,
  amplifier,
  amp,
  codex,
  copilot,
  gemini,
  opencode,
  pi,
}
