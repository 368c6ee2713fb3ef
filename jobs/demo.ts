// `debrief demo`: the bundled demo sessions, in a folder of their own so that they never mix with real ones.
import { join } from 'node:path'
import { outPaths } from '../pipeline/config.js'
import { generateDemo } from '../pipeline/demo/generate.js'
import type { RunContext } from '../pipeline/run/context.js'
import { runDebrief } from '../pipeline/run.js'
import type { PeriodFlags } from './cli.js'
import { runJob } from './job.js'
import { jobResult } from './run-result.js'

export async function demo(flags: PeriodFlags): Promise<void> {
  await runJob('demo', flags, async (ctx) => {
    const own = await demoContext(ctx)
    const result = await runDebrief(own, { kind: 'weekly', label: flags.for, isPublished: false })
    const { out } = own.config.paths
    return jobResult(own, result, `This is the demo: made-up sessions, kept in ${out}, never published.`)
  })
}

/** The same context over the demo's logs and `out/demo`; nothing of it is ever published. */
export async function demoContext(ctx: RunContext): Promise<RunContext> {
  const folder = join(ctx.config.paths.out, 'demo')
  const home = join(folder, 'home')
  ctx.emit({ step: 'demo', action: 'start' })
  await generateDemo(home)
  return {
    ...ctx,
    config: {
      ...ctx.config,
      isDemo: true,
      timezone: 'UTC', // The made-up days are laid out in it.
      paths: outPaths(folder),
      sources: [{ source: 'claude-code', enabled: true, paths: [join(home, '.claude', 'projects')] }],
      publish: { s3: null },
      discord: [],
    },
  }
}
