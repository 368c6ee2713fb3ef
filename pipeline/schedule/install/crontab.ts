// The schedule as one line of a crontab: every few minutes, what is due by the ledger. Cron's own zone does not matter.
import { UserError } from '../../errors.js'
import type { Launch } from './launch.js'

const opening = '# debrief schedule: begin (`debrief schedule uninstall` removes these lines)'
const closing = '# debrief schedule: end'
/** Vixie's cron cuts longer commands off. */
const longestCommand = 998

export function crontabBlock({ command, workingDirectory, environment }: Launch): string {
  const variables = Object.entries(environment).map(([name, value]) => `${name}=${quoted(value)}`)
  const words = ['cd', quoted(workingDirectory), '&&', ...variables, ...command.map(quoted)]
  const line = words.join(' ').replaceAll('%', '\\%') // Cron would end the line there.
  if (line.length > longestCommand || line.includes('\n'))
    throw new UserError(
      `the crontab line has ${line.length} characters: expected one line of at most ${longestCommand}`,
      'Shorten PATH for this command, such as PATH=/usr/bin:/bin debrief schedule install --kind crontab.',
    )
  return `${opening}\n*/5 * * * * ${line}\n${closing}\n`
}

/** The crontab with this block at its end, in place of an earlier one; all other lines stay as they are. */
export function withBlock(crontab: string, block: string): string {
  const others = withoutBlock(crontab)
  return others === '' || others.endsWith('\n') ? `${others}${block}` : `${others}\n${block}`
}

export function withoutBlock(crontab: string): string {
  const begin = crontab.indexOf(opening)
  const end = crontab.indexOf(closing, begin)
  if (begin < 0 || end < 0) return crontab
  return `${crontab.slice(0, begin)}${crontab.slice(end + closing.length).replace(/^\r?\n/, '')}`
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}
