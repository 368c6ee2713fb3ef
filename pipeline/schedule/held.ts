// Whether an error says that another command is writing the ledger, which passes by itself.
import { UserError } from '../errors.js'

export function isLedgerHeld(error: unknown): boolean {
  return error instanceof UserError && /another debrief command/.test(error.message)
}
