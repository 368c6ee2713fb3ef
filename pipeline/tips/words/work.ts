// Advice on how work is divided: sub-agents, sessions, hours of the day, and skills.
import type { RuleWords } from '../rule.js'

export const delegationWords: RuleWords = {
  research_in_main: (f) => ({
    observation: `${f.count('undelegated_count')} of ${f.count('session_count', 'session')} with 25 reads and searches or more handed none of them to a sub-agent: ${f.count('look_count', 'look-up')} went into the main context${f.has('context_tokens') ? `, which grew to ${f.count('context_tokens', 'token')} (median)` : ''}.`,
    recommendation:
      'Begin the next such session with “have a sub-agent find out where … is done, and report files and lines only”, and work on from its report.',
    expectedBenefit:
      'The main context keeps the report instead of every file; the sub-agent’s own calls cost too, so the gain is room and calm rather than surely money.',
  }),
  dear_delegation: (f) => ({
    observation: `${f.count('subagent_count', 'sub-agent')} cost ${f.usd('delegated_cost_usd')}, ${f.share('metric_value')} of the week: ${f.usd('subagent_usd')} each, in ${f.count('session_count', 'session')}.`,
    recommendation:
      'Give sub-agents that only search a smaller model, and ask for one with a narrow question instead of three with a wide one.',
    expectedBenefit: `Every sub-agent less is about ${f.usd('subagent_usd')}, as long as its work is not done again in the main session.`,
  }),
}

export const focusWords: RuleWords = {
  split_sessions: (f) => ({
    observation: `${f.count('split_session_count')} of ${f.count('session_count', 'session')} (${f.share('metric_value')}) were single prompts, three or more a day about the same project.`,
    recommendation:
      'Where the second question builds on the first, go on in the same session (claude --continue, codex resume); keep new ones for new subjects.',
    expectedBenefit: f.has('opening_usd')
      ? `Such a session’s first call cost ${f.usd('opening_usd')} on average, and it has to find its way about anew. Unrelated questions lose nothing as they are.`
      : 'A session that goes on need not find its way about anew. Unrelated questions lose nothing as they are.',
  }),
  abandoned_sessions: (f) => ({
    observation: `${f.count('abandoned_count')} of ${f.count('session_count', 'session')} (${f.share('metric_value')}) broke off without an answer to the last prompt or with an error; they had cost ${f.usd('abandoned_usd')}.`,
    recommendation:
      'Take ten minutes on Monday: open each of them once, and either finish it, write down what is left to do, or decide that it is done.',
    expectedBenefit: `Of work for ${f.usd('abandoned_usd')}, whatever can still be used.`,
  }),
  late_hours: (f) => ({
    observation: `${f.count('late_prompt_count', 'prompt')} (${f.share('metric_value')} of the week) came between 22:00 and 05:00. In eight weeks you corrected ${f.share('late_correction_share')} of prompts at that time, and ${f.share('day_correction_share')} at others.`,
    recommendation:
      'After ten, leave the agent what needs no judgement (tests, documentation, clearing up), and put design and debugging first on the next morning’s list.',
    expectedBenefit:
      'Possibly fewer corrections; the hour may be only a sign of which work lies there, which a week’s trial will tell.',
  }),
  file_churn: (f) => ({
    observation: `${f.count('churned_edit_count', 'edit')} (${f.share('metric_value')} of all) went to ${f.count('churned_file_count', 'file')} that a session edited ten times or more, one of them ${f.count('largest_edit_count', 'time')}.`,
    recommendation:
      'For the file that takes most, ask for the whole change as a list first, agree on it, and have it made in one go; if it keeps happening to one file, it may be time to split it.',
    expectedBenefit:
      'Fewer rounds through the same file, each of which sends the whole context again; how many were needed, the logs do not say.',
  }),
  compacted_sessions: (f) => ({
    observation: `${f.count('compacted_count')} of ${f.count('session_count', 'session')} (${f.share('metric_value')}) filled their context and were compacted, ${f.count('compaction_count', 'time')} in all; they cost ${f.usd('compacted_usd')}.`,
    recommendation:
      'Split such work before it is full: after each step that is done, have the decisions and what is left written into a file, and go on in a new session with that file.',
    expectedBenefit: 'What is kept over the break is then what you chose, and not what a summary left over.',
  }),
}

export const skillsWords: RuleWords = {
  missed_skills: (f) => ({
    observation: `${f.count('missed_count')} of ${f.count('session_count', 'session')} (${f.share('metric_value')}) did by hand what one of your configured skills handles.`,
    recommendation:
      'Type the skill’s name at the start of the next such task, or write into CLAUDE.md which words should bring it up.',
    expectedBenefit: 'The same steps in the same order, without describing them again.',
  }),
  unknown_tools: (f) => ({
    observation: `${f.count('unknown_tool_count', 'call')} in ${f.count('session_count', 'session')} were of tools, skills or sub-agents that do not exist, most of them through ${f.text('tool_name')}.`,
    recommendation:
      'Search CLAUDE.md, AGENTS.md and your commands for skills and sub-agents that were renamed or are not installed on this machine, and mend the names.',
    expectedBenefit: `Up to ${f.count('unknown_tool_count', 'call')} a week fewer that cannot work, and the intended skill used instead.`,
  }),
}
