// The two kinds of failure a person is told about; every other throw is a bug.

/** Something the user can mend. Shown as message and hint without a stack; exit code 2. */
export class UserError extends Error {
  override readonly name = 'UserError'
  constructor(
    message: string,
    readonly hint: string,
    options?: { cause?: unknown },
  ) {
    super(message, options)
  }
}

/** A check in sql/checks selected offending rows; nothing is published; exit code 4. */
export class CheckError extends Error {
  override readonly name = 'CheckError'
  constructor(readonly failures: readonly { check: string; rowCount: number; sample: string }[]) {
    super(
      `${failures.length} check${failures.length === 1 ? '' : 's'} failed: ` +
        failures.map((f) => `${f.check} (${f.rowCount} rows, such as ${f.sample})`).join('; '),
    )
  }
}

export const exitCodes = { done: 0, bug: 1, userError: 2, undelivered: 3, checkFailed: 4 } as const
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

export function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof UserError) return exitCodes.userError
  if (error instanceof CheckError) return exitCodes.checkFailed
  return exitCodes.bug
}

export function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}
