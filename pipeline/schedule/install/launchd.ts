// The schedule as a launchd agent of macOS.

import { escapeHtml } from '../../escape.js'
import type { Launch } from './launch.js'

export const launchdLabel = 'debrief.schedule'

export function launchdText({ command, workingDirectory, environment }: Launch, logFile: string): string {
  const variables = Object.entries(environment)
    .map(([name, value]) => `    <key>${escapeHtml(name)}</key>\n    ${string(value)}\n`)
    .join('')
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<!-- Written by "debrief schedule install"; "debrief schedule uninstall" removes it. -->
<plist version="1.0">
<dict>
  <key>Label</key>
  ${string(launchdLabel)}
  <key>ProgramArguments</key>
  <array>
${command.map((argument) => `    ${string(argument)}\n`).join('')}  </array>
  <key>WorkingDirectory</key>
  ${string(workingDirectory)}
  <key>EnvironmentVariables</key>
  <dict>
${variables}  </dict>
  <key>RunAtLoad</key>
  <true/>
  <key>KeepAlive</key>
  <dict>
    <key>SuccessfulExit</key>
    <false/>
  </dict>
  <key>ThrottleInterval</key>
  <integer>60</integer>
  <key>ExitTimeOut</key>
  <integer>900</integer>
  <key>ProcessType</key>
  <string>Background</string>
  <key>StandardErrorPath</key>
  ${string(logFile)}
</dict>
</plist>
`
}

function string(text: string): string {
  return `<string>${escapeHtml(text)}</string>`
}
