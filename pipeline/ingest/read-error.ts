// Why a file could not be read, without what stands in it: DuckDB quotes the values that it stumbles over.
import { clearSecrets } from '../clear.js'
import { messageOf } from '../errors.js'

const longestReasonChars = 300
/** Stands for the path while quotations are looked for. */
const sign = '\uFFFC'

/** The first line of the message up to the first quotation that is not the file's own path. */
export function readErrorReason(error: unknown, path: string): string {
  const [line = ''] = messageOf(error).split('\n')
  const marked = line.replaceAll(sign, '').replaceAll(path, sign)
  const unquoted = marked.replaceAll(/["'`]\uFFFC["'`]/g, sign).replace(/["'`].*$/s, '…')
  return clearSecrets(unquoted.replaceAll(sign, path)).slice(0, longestReasonChars)
}
