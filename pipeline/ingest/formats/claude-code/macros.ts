// SQL macros over the words of a line. They run while a line is read; only what they conclude is kept.
import {
  complaintPattern,
  correctionPattern,
  longestReactionChars,
  thanksPattern,
} from '../../../prompt-signals.js'
import { sqlText } from '../../../warehouse/db.js'
import {
  errorKinds,
  programAndVerb,
  programCall,
  programsWithVerbs,
  rejection,
  testCommand,
} from '../../tool-patterns.js'
import { extractionOpening, machineOpenings, wrapperTags } from './prompt-text.js'

const wrappers = wrapperTags.map((tag) => `<${tag}(\\s[^>]*)?>[\\s\\S]*?</${tag}>`)
const leadingWrappers = `^(\\s*(${wrappers.join('|')}))+`
/** What is left of a wrapper that never closed, or was opened elsewhere: nobody typed it. */
const danglingWrapper = `^\\s*</?(${wrapperTags.join('|')})[\\s>]`
/** Texts the agent puts in the user's mouth without a tag. */
const machineOpening = `^(${machineOpenings.map((opening) => opening.replaceAll(/[[\]()]/g, '\\$&')).join('|')})`

const errorKindCases = errorKinds
  .map(
    ([pattern, kind]) =>
      `when regexp_matches(left(error_text, 400), ${sqlText(`(?i)${pattern}`)}) then '${kind}'`,
  )
  .join(' ')

export const claudeCodeMacros: readonly string[] = [
  // Logged instants carry Z or an offset; both become UTC. A time that no calendar of agents holds is no time.
  `instant(logged) as case when try_cast(logged as timestamp) >= timestamp '1970-01-01'
    and try_cast(logged as timestamp) < timestamp '2200-01-01' then try_cast(logged as timestamp) end`,
  // Of a field read as text: that it was logged as an object or a list; as a number; as neither true nor false; as no number of
  // things between none and a thousand million: no call has more, and no price can carry them.
  `is_nested(logged) as (logged >= '{' and logged < '|') or (logged >= '[' and logged < '\\')`,
  `is_number(logged) as (logged >= '-' and logged < '.') or (logged >= '0' and logged < ':')`,
  `is_flag(logged) as logged in ('true', 'false')`,
  `no_count(logged) as logged is not null
    and (coalesce(try_cast(logged as ubigint) > 1000000000, true) or contains(logged, '.'))`,
  `mirrored_line(json) as json_merge_patch(json_extract(json, '$.data.message'), json_object(
    'sessionId', json_extract_string(json, '$.sessionId'), 'agentId',
    coalesce(json_extract_string(json, '$.data.agentId'), 'sidechain'), 'isSidechain', true,
    'version', json_extract_string(json, '$.version'), 'cwd', json_extract_string(json, '$.cwd'),
    'gitBranch', json_extract_string(json, '$.gitBranch')))`,
  // A sub-agent's session is <parent>/<agent id>; its lines carry the parent's id, or its file name does.
  `session_of(file_kind, file_stem, session_id, is_sidechain, agent_id) as case
    when file_kind = 'subagent' then coalesce(session_id, file_stem) || '/'
      || coalesce(agent_id, regexp_replace(file_stem, '^agent-', ''))
    when is_sidechain then coalesce(session_id, file_stem) || '/' || coalesce(agent_id, 'sidechain')
    else coalesce(session_id, file_stem) end`,
  `parent_of(file_kind, file_stem, session_id, is_sidechain) as case
    when file_kind = 'subagent' or is_sidechain then coalesce(session_id, file_stem) end`,
  `unwrapped(logged) as trim(regexp_replace(logged, ${sqlText(leadingWrappers)}, ''), ' \n\r\t')`,
  `human_text(logged) as case
    when unwrapped(logged) = '' or regexp_matches(unwrapped(logged), ${sqlText(`${danglingWrapper}|${machineOpening}`)})
      then null else unwrapped(logged) end`,
  `is_extraction(logged) as starts_with(unwrapped(logged), ${sqlText(extractionOpening)})`,
  `is_warm_up(logged) as unwrapped(logged) = 'Warmup'`,
  // A pattern to extract by is compiled once, one to match three times; these are long.
  `is_reaction(words, pattern) as length(words) <= ${longestReactionChars} and regexp_extract(words, pattern) <> ''`,
  `is_correction(words) as is_reaction(words, ${sqlText(`(?i)${correctionPattern}`)})`,
  `is_thanks(words) as is_reaction(words, ${sqlText(`(?i)${thanksPattern}`)})`,
  `is_complaint(words) as is_reaction(words, ${sqlText(`(?i)${complaintPattern}`)})`,
  `is_rejection(error_text) as regexp_matches(error_text, ${sqlText(`(?i)${rejection}`)})`,
  `is_test_command(command) as regexp_matches(command, ${sqlText(testCommand)})`,
  `program_of(command) as regexp_extract(command, ${sqlText(programCall)}, 1)`,
  `with_verb(program, command) as nullif(concat_ws(' ', program,
    case when regexp_matches(program, ${sqlText(programsWithVerbs)})
      then nullif(regexp_extract(command, ${sqlText(programAndVerb)}, 2), '') end), '')`,
  `line_count_of(content) as case when content is null then null when content = '' then 0
    else length(content) - length(replace(content, chr(10), '')) + cast(not ends_with(content, chr(10)) as integer) end`,
  `error_kind_of(is_error, error_text) as case when not is_error then null ${errorKindCases} else 'other' end`,
]
