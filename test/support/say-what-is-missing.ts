// After the last test: which real parts were not there, so that what was skipped does not look green.
import { missingCephPrograms } from './ceph.js'
import { chromiumMissing } from './chromium.js'
import { claudeCliMissing } from './claude-cli.js'
import { missingJqPrograms } from './jq.js'

export default function setup(): () => void {
  return () => {
    const missing = [
      ...(chromiumMissing ? [`the report in headless Chromium: ${chromiumMissing}`] : []),
      ...(missingCephPrograms().length > 0
        ? [`S3 against Ceph's gateway: install ${missingCephPrograms().join(', ')}`]
        : []),
      ...(missingJqPrograms.length > 0
        ? [`exported lines with jq: install ${missingJqPrograms.join(', ')}`]
        : []),
      ...(claudeCliMissing ? [`the provider claude-cli: ${claudeCliMissing}`] : []),
      ...(process.env.REAL_HOME ? [] : ['real logs: set REAL_HOME to a home directory that has some']),
    ]
    if (missing.length > 0)
      process.stderr.write(
        `\nNOT TESTED here, for want of a part:\n${missing.map((line) => `  ! ${line}\n`).join('')}\n`,
      )
  }
}
