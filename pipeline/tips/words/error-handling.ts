// Advice on what fails: commands, edits, paths, retries, and commits that nothing has tested.
import type { RuleWords } from '../rule.js'
import { type Figures, formatShare } from './figures.js'

/** ", against 4.2 % in the four weeks before" */
function against(f: Figures, name: string): string {
  return f.has(name) ? `, against ${formatShare(f.number(name))} in the four weeks before` : ''
}

export const errorHandlingWords: RuleWords = {
  failing_commands: (f) => ({
    observation: `${f.count('failed_command_count', 'shell command')} failed (${f.share('metric_value')} of ${f.count('sample_count')}${against(f, 'usual_command_share')}), in ${f.count('session_count', 'session')}; test runs and searches are not counted.`,
    recommendation:
      'Open the session with the most failures, and write the two or three commands that worked in the end (build, lint, run) into CLAUDE.md or AGENTS.md, with the folder to run them in.',
    expectedBenefit: `If half of them go, about ${f.count('half_failure_count', 'failed command')} a week fewer, and the turn of the model that each one takes.`,
  }),
  stale_edits: (f) => ({
    observation: `${f.count('failed_edit_count', 'edit')} (${f.share('metric_value')} of ${f.count('sample_count')}${against(f, 'usual_edit_share')}) did not fit the file, in ${f.count('session_count', 'session')}.`,
    recommendation:
      'Let formatters run once at the end instead of after every edit, do not edit the same file beside the agent, and ask it to read the passage again before it edits a file that changed.',
    expectedBenefit: `Up to ${f.count('failed_edit_count', 'failed edit')} a week fewer; each is usually followed by another read and another try.`,
  }),
  wrong_paths: (f) => ({
    observation: `${f.count('missing_path_count', 'read or search', 'reads and searches')} (${f.share('metric_value')} of ${f.count('sample_count')}${against(f, 'usual_path_share')}) looked for files where there are none, in ${f.count('session_count', 'session')}.`,
    recommendation:
      'Put a map of the folders, five to ten lines, into CLAUDE.md or AGENTS.md of the project where it happened most, and name files in prompts by their path from the root.',
    expectedBenefit: `Up to ${f.count('missing_path_count', 'wasted call')} a week fewer.`,
  }),
  untested_commits: (f) => ({
    observation: `${f.count('untested_commit_count')} of ${f.count('sample_count', 'commit')} (${f.share('metric_value')}) came after edits that no test run followed, in ${f.count('session_count', 'session')} on projects whose tests your agents do run.`,
    recommendation:
      'Add “run the tests before you commit” to CLAUDE.md or AGENTS.md of that project, or a pre-commit hook, which cannot be forgotten.',
    expectedBenefit:
      'A mistake shows before the commit and not after it; how many there were, the logs do not say. Commits of documentation alone lose nothing.',
  }),
  unchanged_retries: (f) => ({
    observation: `${f.count('unchanged_retry_count', 'call')} that had just failed were made again at once, unchanged, beside ${f.count('failure_count', 'failure')} in all, in ${f.count('session_count', 'session')}.`,
    recommendation:
      'When you see the same call fail twice, stop it and paste the error with a question about the cause; “do not repeat a failed call unchanged” in CLAUDE.md or AGENTS.md helps too.',
    expectedBenefit: `Up to ${f.count('unchanged_retry_count', 'call')} a week fewer that can only fail again.`,
  }),
}
