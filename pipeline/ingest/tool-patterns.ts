// What shell commands and failed answers give away. Sources serve JS and DuckDB's RE2 alike.
import type { ToolErrorKind } from './formats/entries.js'

/** Programs whose first argument says what was done; for others the program alone is kept. */
export const programsWithVerbs =
  '^(git|gh|npm|npx|pnpm|yarn|bun|cargo|go|docker|kubectl|pip|uv|poetry|make|mise|just|terraform|dotnet|mvn|gradle)$'

export const testCommand =
  '\\b(go test|cargo (test|nextest)|pytest|vitest|jest|mocha|rspec|phpunit|ctest|dotnet test|mvn test|gradle test|' +
  '(npm|pnpm|yarn|bun)( run)? test|(make|mise run|just|rake) test)'

/** The program of a shell call: an ordinary word of at most 32 characters, behind `cd …;`, assignments and `sudo`. */
const program =
  '^\\s*(?:cd\\s+[^&;|]+(?:&&|;)\\s*)*' +
  '(?:[A-Za-z_][A-Za-z0-9_]*=(?:"[^"]*"|\'[^\']*\'|[^\\s"\'])*\\s+)*(?:sudo\\s+)?' +
  '(?:[^\\s"\'=$]*/)?([A-Za-z][A-Za-z0-9_.-]{0,31})'
export const programCall = `${program}(?:[\\s;&|)]|$)`
export const programAndVerb = `${program}\\s+([a-z][a-z-]*)`

/** What the answer to a call says that a person refused. */
export const rejection = 'user doesn.t want to (proceed|take this action)'

export const errorKinds: readonly (readonly [pattern: string, kind: ToolErrorKind])[] = [
  [rejection, 'rejected'],
  ['^\\[Request interrupted', 'interrupted'],
  ['^(Permission to use|.*permission.* denied)', 'permission_denied'],
  ['(File|Path|Directory) does not exist|No such file', 'not_found'],
  [
    'String to replace not found|Found \\d+ matches|has not been read yet|modified since read|No changes to make',
    'edit_mismatch',
  ],
  ['exceeds maximum', 'too_large'],
  ['Unknown skill|Agent type .* not found|No such tool', 'unknown_tool'],
  ['Sibling tool call errored', 'cancelled'],
  ['timed out|timeout', 'timeout'],
  ['^Exit code', 'command_failed'],
]
