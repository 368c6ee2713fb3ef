// Where a session's page is within a report: the same in every report that shows it, however often it is drawn anew.
import { createHash } from 'node:crypto'

/** `session/3fa9c1d2`: of the id's digest, since ids may hold what no address should. */
export function sessionAnchor(sessionId: string): string {
  return `session/${createHash('sha256').update(sessionId).digest('hex').slice(0, 8)}`
}
