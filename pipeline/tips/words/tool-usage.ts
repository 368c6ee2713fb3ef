// Advice on how the agent uses its tools: searching, reading, MCP servers.
import type { RuleWords } from '../rule.js'

export const toolUsageWords: RuleWords = {
  shell_for_search: (f) => ({
    observation: `${f.count('shell_search_count', 'search or read', 'searches and reads')} (${f.share('metric_value')} of all) went through the shell as grep, find, cat or the like, in ${f.count('session_count', 'session')} whose agent has tools of its own for that.`,
    recommendation:
      'Add one line to CLAUDE.md or AGENTS.md: “Search and read with your own tools; keep the shell for building, testing and git.”',
    expectedBenefit:
      'The agent’s own tools limit what comes back and need no permission; how many tokens that spares, the logs do not say.',
  }),
  repeated_reads: (f) => ({
    observation: `${f.count('repeated_read_count', 'read')} (${f.share('metric_value')} of all) were of a file that the same session had already read and not edited since, in ${f.count('session_count', 'session')}.`,
    recommendation:
      'For the files that every session needs, write ten lines on what is where into CLAUDE.md or AGENTS.md, and split a session before it grows so long that it forgets what it has read.',
    expectedBenefit: `At most ${f.count('repeated_read_count', 'read')} a week fewer, and their content in the context once instead of again.`,
  }),
  oversized_reads: (f) => ({
    observation: `${f.count('oversized_read_count', 'read')} (${f.share('metric_value')} of all) came back empty because the file was too large, in ${f.count('session_count', 'session')}.`,
    recommendation:
      'Name the large files once in CLAUDE.md or AGENTS.md (generated code, logs, lock files), with “search in them, then read a range of lines”.',
    expectedBenefit: `Up to ${f.count('oversized_read_count', 'wasted call')} a week fewer, each of which costs a whole turn of the model.`,
  }),
  mcp_failures: (f) => ({
    observation: `${f.count('mcp_error_count', 'call')} of MCP servers failed (${f.share('metric_value')} of ${f.count('sample_count')}), in ${f.count('session_count', 'session')}.`,
    recommendation:
      'Look at the failures in one of these sessions: renew the login or update the server, and turn off the ones you do not need.',
    expectedBenefit: `Up to ${f.count('mcp_error_count', 'failed call')} a week fewer; a server that is off no longer takes room in every context either.`,
  }),
}
