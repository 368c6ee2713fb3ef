// Programs with which people look into JSON lines; not everywhere installed.
import { spawnSync } from 'node:child_process'

export const missingJqPrograms: readonly string[] = ['jq', 'bc'].filter(
  (program) => spawnSync(program, ['--version']).error !== undefined,
)
