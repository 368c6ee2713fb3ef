// How the main job's result reads, for `run` and `demo` alike.

import type { RunContext } from '../pipeline/run/context.js'
import { deliveryCode, type RunResult } from '../pipeline/run.js'
import { coverageLines } from './facets.js'
import type { JobResult } from './job.js'
import { countLines } from './sync.js'

export function jobResult(ctx: RunContext, result: RunResult, demoNotice = ''): JobResult {
  const { isDemo, paths } = ctx.config
  const { ingest, facets, report, snapshot, publish } = result
  const lines = [
    ...(demoNotice === '' ? [] : [demoNotice]),
    countLines(ingest, isDemo ? ` --out "${paths.out}"` : ''),
    `${facets.extracted} ${facets.extracted === 1 ? 'session' : 'sessions'} judged.`,
    ...coverageLines(facets),
    ...(isDemo ? [] : deliveryLines(publish)),
    '',
    `Report: ${report.indexHtml}`,
  ]
  return {
    text: lines.join('\n'),
    json: {
      is_demo: isDemo,
      period: report.period.label,
      is_so_far: report.isSoFar,
      report: report.indexHtml,
      site: paths.site,
      figures: report.figures,
      ingest,
      facets,
      snapshot,
      deliveries: publish?.deliveries ?? [],
    },
    exitCode: deliveryCode(publish),
  }
}

function deliveryLines(publish: RunResult['publish']): string[] {
  return publish === null ? ['Publishing is off (--no-publish).'] : publish.deliveries.map(deliveryLine)
}

/** One delivery in words: what became of it, and the link where there is one. */
export function deliveryLine(delivery: {
  target: string
  status: string
  detail: string
  link?: string
}): string {
  const { target, status, detail, link } = delivery
  return `${target}: ${detail || status}${link ? `\n  ${link}` : ''}`
}
