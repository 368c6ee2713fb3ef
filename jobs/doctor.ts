// `debrief doctor`: what is found of each agent, what is loaded of it, whether each part answers, and what to mend.
import { exitCodes } from '../pipeline/errors.js'
import { inspectMachine } from '../pipeline/run/inspect.js'
import { diagnose } from './diagnosis.js'
import { diagnosisText } from './doctor-text.js'
import { type CommonFlags, runJob } from './job.js'

export async function doctor(flags: CommonFlags & { readonly offline?: boolean }): Promise<void> {
  // A journal would make the out folder, and doctor changes nothing.
  const options = { isJournaled: false }
  await runJob(
    'doctor',
    flags,
    async (ctx) => {
      const found = await inspectMachine(ctx, { isOffline: flags.offline === true })
      const diagnosis = diagnose(ctx.config, found, ctx.now())
      const isSound = diagnosis.problems.every(({ severity }) => severity !== 'mend')
      return {
        text: diagnosisText(diagnosis, ctx.config.home),
        json: diagnosis,
        exitCode: isSound ? exitCodes.done : exitCodes.userError,
      }
    },
    options,
  )
}
