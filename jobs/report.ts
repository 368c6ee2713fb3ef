// `debrief report weekly|monthly`: renders what is loaded.
import { spawn } from 'node:child_process'
import { runReport } from '../pipeline/run.js'
import type { PeriodFlags } from './cli.js'
import { runJob } from './job.js'

export async function report(
  kind: 'weekly' | 'monthly',
  flags: PeriodFlags & { readonly all?: boolean; readonly open?: boolean },
): Promise<void> {
  await runJob(`report ${kind}`, flags, async (ctx) => {
    const { reports, archive } = await runReport(ctx, { kind, label: flags.for, isAll: flags.all === true })
    const files = reports.map(({ indexHtml }) => indexHtml)
    const shown = reports.length === 1 ? files[0]! : archive
    if (flags.open) openInBrowser(shown)
    return {
      text: [...files.map((file) => `Report: ${file}`), `All reports: ${archive}`].join('\n'),
      json: {
        reports: reports.map(({ period, indexHtml, figures }) => ({
          period: period.label,
          report: indexHtml,
          figures,
        })),
        archive,
      },
    }
  })
}

function openInBrowser(file: string): void {
  const [program, ...args] =
    process.platform === 'darwin'
      ? ['open']
      : process.platform === 'win32'
        ? ['cmd', '/c', 'start', '']
        : ['xdg-open']
  spawn(program!, [...args, file], { detached: true, stdio: 'ignore' })
    .on('error', () => {})
    .unref()
}
