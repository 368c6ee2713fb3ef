// The schedule as a systemd user unit.
import type { Launch } from './launch.js'

export const systemdUnit = 'debrief.service'

/** A wrong configuration (2) is not mended by starting again. */
export function systemdText({ command, workingDirectory, environment }: Launch): string {
  const variables = Object.entries(environment).map(
    ([name, value]) => `Environment=${word(`${name}=${value}`)}`,
  )
  return `# Written by \`debrief schedule install\`; \`debrief schedule uninstall\` removes it.
[Unit]
Description=Debrief: runs its jobs when they are due

[Service]
ExecStart=${command.map(commandWord).join(' ')}
WorkingDirectory=${withoutSpecifiers(workingDirectory)}
${variables.map((line) => `${line}\n`).join('')}Restart=on-failure
RestartSec=60
RestartPreventExitStatus=2
# The running job comes to its end, and then the schedule.
KillMode=mixed
TimeoutStopSec=15min
Nice=10

[Install]
WantedBy=default.target
`
}

/** In a command a dollar would name a variable. */
function commandWord(text: string): string {
  return word(text).replaceAll('$', '$$$$')
}

function word(text: string): string {
  return `"${withoutSpecifiers(text).replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
}

function withoutSpecifiers(text: string): string {
  return text.replaceAll('%', '%%')
}
