// The real `claude` command, which tests ask at a loopback server; not everywhere installed.
import { spawnSync } from 'node:child_process'
import { dirname } from 'node:path'

const path = process.env.CLAUDE_CLI

export const claudeCliMissing: string | null =
  path === undefined
    ? 'set CLAUDE_CLI to the claude of @anthropic-ai/claude-code'
    : spawnSync(path, ['--version']).error !== undefined
      ? `CLAUDE_CLI names no command: ${path}`
      : null

/** For the PATH on which Debrief looks for it. */
export const claudeCliFolder: string = dirname(path ?? '')
