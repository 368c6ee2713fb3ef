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

/** Another command is writing the ledger, which passes by itself. */
export class LedgerHeld extends UserError {}

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

/** What the system says when there is no room left or a disk may only be read, as something the user can mend. */
export function explained(error: unknown): unknown {
  if (error instanceof UserError || error instanceof CheckError) return error
  const said = messageOf(error).split('\n')[0]!
  if (/\bENOSPC\b|\bEDQUOT\b|no space left|quota exceeded/i.test(said))
    return new UserError(
      `there is no room left on the disk: ${said}`,
      'Make room, then run it again: it goes on.',
      {
        cause: error,
      },
    )
  if (/\bEROFS\b|read-only file system/i.test(said))
    return new UserError(
      `the disk may only be read: ${said}`,
      'Name another folder with --out or with out_dir in the configuration.',
      { cause: error },
    )
  return error
}

export function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}
