// A digest in the form of a UUID: small to keep, and the same wherever the text is.
import { createHash } from 'node:crypto'

/** As `cast(md5(text) as uuid)` makes it in SQL. */
export function digestUuid(text: string): string {
  const hex = createHash('md5').update(text).digest('hex')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
