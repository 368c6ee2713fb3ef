// Reports that the bucket need not keep: the folders of all but the newest periods. Here and in Parquet everything stays.
import type { S3Spec } from '../config.js'
import type { Period } from './objects.js'

/** The keys below `site`, as `<root>/site`, that `keep_reports` lets go; never those of the period at hand. */
export function outdatedKeys(
  keys: Iterable<string>,
  site: string,
  { keep_reports }: S3Spec,
  { kind, period }: Period,
): string[] {
  const found = [...keys].flatMap((key) => {
    const match = key.startsWith(`${site}/`)
      ? /^(weekly|monthly)\/([^/]+)\/./.exec(key.slice(site.length + 1))
      : null
    return match === null ? [] : [{ key, kind: match[1] as Period['kind'], period: match[2]! }]
  })
  const gone = new Set<string>()
  for (const of of ['weekly', 'monthly'] as const) {
    const keep = keep_reports[of]
    if (keep === null) continue
    const periods = [...new Set(found.filter((report) => report.kind === of).map((report) => report.period))]
    for (const old of periods.sort().reverse().slice(keep))
      if (of !== kind || old !== period) gone.add(`${of}/${old}`)
  }
  return found.filter((report) => gone.has(`${report.kind}/${report.period}`)).map(({ key }) => key)
}
