// A session's log with a word of its own in every field that may hold a text, and what each level may keep of them.
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Letters only, so that no rule takes a canary for a secret, a number or an id. */
export const canary = (field: string): string => `zq${field}zq`
export const canaryPattern = /zq([a-z]+?)zq/g

const databases = ['ledger', 'parquet', 'warehouse']

/** What the level `summaries` keeps besides, and where: goals, short quotes, and names of what was worked with. */
export const keptWithSummaries: ReadonlyMap<string, readonly string[]> = new Map<string, readonly string[]>([
  // The goal is told on the page, with quotes as evidence, the branch, the skills that were used, and a plan's heading.
  ...['customtitle', 'promptfirst', 'promptsecond', 'rejection', 'closing', 'branch', 'skill', 'command'].map(
    (field) => [field, ['ledger', 'parquet', 'site', 'warehouse']] as const,
  ),
  // What a person chose of what was offered, and that they agreed to a plan, are quoted for the decisions.
  ...['answer', 'planresult', 'plantitle'].map(
    (field) => [field, ['ledger', 'parquet', 'site', 'warehouse']] as const,
  ),
  // The name of a plan's file, which newer versions make of the prompt.
  ...['slug'].map((field) => [field, databases] as const),
  ...['program', 'gitverb', 'host'].map((field) => [field, databases] as const),
  // To whom work was delegated is told on the page.
  ...['agenttype'].map((field) => [field, ['ledger', 'parquet', 'site', 'warehouse']] as const),
  // What has no price is warned of by name.
  ...['speed', 'inferencegeo'].map(
    (field) => [field, ['ledger', 'logs', 'parquet', 'runs', 'warehouse']] as const,
  ),
])

const project = '/srv/garden'
let place = 0
const c = canary

type Fields = Readonly<Record<string, unknown>>

/** A line as Claude Code writes them; ids are ids, places are places. */
function line(fields: Fields, session = 'canaries'): Fields {
  place += 1
  return {
    uuid: `00000000-0000-4000-8000-${String(place).padStart(12, '0')}`,
    parentUuid: null,
    timestamp: new Date(Date.UTC(2026, 1, 10, 9, 0, place)).toISOString(),
    sessionId: session,
    cwd: project,
    version: '2.1.9',
    userType: c('usertype'),
    slug: c('slug'),
    teamName: c('teamname'),
    agentName: c('agentname'),
    gitBranch: c('branch'),
    permissionMode: c('permissionmode'),
    unknownField: { deep: [c('unknownfield')] },
    ...fields,
  }
}

function said(content: unknown, fields: Fields = {}): Fields {
  return line({ type: 'user', message: { role: 'user', content }, ...fields })
}

function answered(content: readonly Fields[], fields: Fields = {}): Fields {
  return line({
    type: 'assistant',
    requestId: `req_${place}`,
    message: {
      id: `msg_${place}`,
      role: 'assistant',
      model: 'claude-opus-4-6',
      stop_reason: c('stopreason'),
      stop_sequence: c('stopsequence'),
      container: { id: c('container') },
      usage: {
        input_tokens: 100,
        output_tokens: 50,
        service_tier: c('servicetier'),
        speed: c('speed'),
        inference_geo: c('inferencegeo'),
      },
      content,
    },
    ...fields,
  })
}

/** A tool call and its answer. */
function used(name: string, input: Fields, answer: unknown, isError = false, result: Fields = {}): Fields[] {
  const id = `toolu_${place}`
  return [
    answered([{ type: 'tool_use', id, name, input }]),
    said([{ type: 'tool_result', tool_use_id: id, is_error: isError, content: answer }], {
      toolUseResult: result,
    }),
  ]
}

const file = `${project}/beds.md`

function mainLines(): Fields[] {
  return [
    { type: 'summary', summary: c('summary'), leafUuid: 'x' },
    line({ type: 'custom-title', customTitle: c('customtitle') }),
    line({ type: 'ai-title', aiTitle: c('aititle'), title: c('aititle') }),
    line({ type: 'agent-name', agentName: c('agentnameline') }),
    line({ type: 'tag', tag: c('tag') }),
    line({ type: 'last-prompt', lastPrompt: c('lastprompt') }),
    line({ type: 'pr-link', prUrl: `https://example.org/${c('prlink')}`, prRepository: c('prrepository') }),
    line({ type: 'queue-operation', operation: 'enqueue', content: c('queueoperation') }),
    line({
      type: 'file-history-snapshot',
      snapshot: { trackedFileBackups: { [c('snapshotkey')]: c('snapshot') } },
    }),
    line({ type: 'never-seen-before', text: c('unknowntype'), message: { content: c('unknownmessage') } }),
    said(
      `Please plant the ${c('promptfirst')} beds, ${'one after the other, '.repeat(12)}then ${c('promptfirsttail')}`,
    ),
    answered([
      { type: 'thinking', thinking: c('thinking'), signature: c('thinkingsignature') },
      { type: 'redacted_thinking', data: c('redactedthinking') },
      { type: 'text', text: `I plant ${c('assistanttext')}`, citations: [{ cited_text: c('citation') }] },
    ]),
    ...used('Read', { file_path: file, note: c('readnote') }, c('readresult'), false, {
      type: 'text',
      file: { filePath: file, content: c('readcontent') },
    }),
    ...used(
      'Edit',
      { file_path: file, old_string: c('oldstring'), new_string: c('newstring') },
      c('editresult'),
      false,
      {
        filePath: file,
        oldString: c('resultoldstring'),
        newString: c('resultnewstring'),
        originalFile: c('originalfile'),
        structuredPatch: [{ lines: [`+${c('patchline')}`, `-${c('patchlineold')}`] }],
        userModified: c('usermodified'),
      },
    ),
    ...used(
      'MultiEdit',
      { file_path: file, edits: [{ old_string: c('multiold'), new_string: c('multinew') }] },
      '',
    ),
    ...used('Write', { file_path: `${project}/new.md`, content: c('writecontent') }, '', false, {
      type: 'create',
      content: c('writeresult'),
    }),
    ...used(
      'NotebookEdit',
      { notebook_path: `${project}/n.ipynb`, new_source: c('notebooksource') },
      c('notebookresult'),
    ),
    ...used(
      'Bash',
      { command: `${c('program')} ${c('commandtext')}`, description: c('commanddescription') },
      c('stdout'),
      false,
      {
        stdout: c('resultstdout'),
        stderr: c('resultstderr'),
        returnCodeInterpretation: c('returncode'),
      },
    ),
    ...used('Bash', { command: `git ${c('gitverb').replace('zq', 'zq')}-x` }, c('giterror'), true),
    ...used(
      'Bash',
      { command: `cd /srv && FOO=${c('environment')} npm test ${c('argument')}` },
      `Exit code 1\n${c('failure')}`,
      true,
    ),
    ...used('BashOutput', { bash_id: c('bashid'), filter: c('bashfilter') }, c('bashoutput')),
    ...used('Grep', { pattern: c('grepattern'), path: project, glob: c('grepglob') }, c('grepresult')),
    ...used('Glob', { pattern: c('globpattern'), path: project }, c('globresult')),
    ...used(
      'WebFetch',
      {
        url: `https://${c('host')}.example.org/${c('urlpath')}?q=${c('urlquery')}`,
        prompt: c('fetchprompt'),
      },
      c('fetchresult'),
    ),
    ...used('WebSearch', { query: c('searchquery') }, c('searchresult'), false, {
      query: c('searchechoed'),
      results: [c('searchhit')],
      searchCount: 1,
    }),
    ...used(
      'TodoWrite',
      { todos: [{ content: c('todo'), activeForm: c('todoform'), status: 'pending' }] },
      c('todoresult'),
      false,
      {
        oldTodos: [{ content: c('oldtodo') }],
      },
    ),
    ...used(
      'Task',
      {
        subagent_type: c('agenttype'),
        prompt: c('taskprompt'),
        description: c('taskdescription'),
        name: c('taskname'),
      },
      [{ type: 'text', text: c('taskresult') }],
    ),
    ...used('Skill', { skill: c('skill'), args: c('skillargs') }, c('skillresult')),
    ...used('ExitPlanMode', { plan: c('plan') }, c('planresult')),
    ...used(
      'AskUserQuestion',
      { questions: [{ question: c('question'), options: [{ label: c('option') }] }] },
      c('answer'),
      false,
      {
        answers: { q: c('answerresult') },
      },
    ),
    ...used('mcp__garden__search', { query: c('mcpquery') }, [{ type: 'text', text: c('mcpresult') }]),
    ...used('Unknown', { anything: c('unknowninput') }, c('unknownresult'), true),
    ...used(
      'Bash',
      { command: 'ls' },
      `The user doesn't want to proceed with this tool use. The tool use was rejected. the user said:\n${c('rejection')} first`,
      true,
    ),
    answered([
      { type: 'server_tool_use', id: 's', name: 'web_search', input: { query: c('serverquery') } },
      {
        type: 'web_search_tool_result',
        content: [{ title: c('servertitle'), encrypted_content: c('serverresult') }],
      },
    ]),
    said(`no, that is wrong: use ${c('promptsecond')} beds instead`),
    said([
      { type: 'text', text: `and look at ${c('prompttext')} here` },
      { type: 'image', source: { type: 'base64', media_type: c('mediatype'), data: c('imagedata') } },
      { type: 'document', title: c('documenttitle'), source: { data: c('document') } },
    ]),
    said(`<command-name>/${c('command')}</command-name>\n<command-args>${c('commandargs')}</command-args>`),
    said(`<local-command-stdout>${c('localstdout')}</local-command-stdout>`),
    said(`<bash-input>${c('bashinput')}</bash-input>`),
    said(`<system-reminder>${c('reminder')}</system-reminder>`),
    said(`Caveat ${c('meta')}`, { isMeta: true }),
    said(`This session is being continued ${c('compaction')}`, { isCompactSummary: true }),
    said(`[Request interrupted by user for ${c('interruption')}]`),
    answered([{ type: 'text', text: `API Error: ${c('apierrortext')}` }], {
      isApiErrorMessage: true,
      error: c('apierror'),
    }),
    line({ type: 'system', subtype: 'local_command', content: c('systemcontent'), level: c('level') }),
    line({
      type: 'system',
      subtype: 'api_error',
      error: { message: c('systemerror') },
      cause: { code: c('errorcode') },
    }),
    line({
      type: 'system',
      subtype: 'stop_hook_summary',
      hookInfos: [{ command: c('hookcommand') }],
      hookErrors: [c('hookerror')],
    }),
    line({ type: 'system', subtype: 'compact_boundary', compactMetadata: { trigger: c('compacttrigger') } }),
    line({
      type: 'attachment',
      attachment: { type: 'queued_command', prompt: `then ${c('queuedprompt')} them`, commandMode: 'prompt' },
    }),
    line({
      type: 'attachment',
      attachment: {
        type: 'hook_success',
        stdout: c('hookstdout'),
        content: c('hookcontent'),
        hookName: c('hookname'),
      },
    }),
    line({
      type: 'attachment',
      attachment: { type: 'edited_text_file', filename: file, snippet: c('snippet') },
    }),
    line({
      type: 'progress',
      data: { type: 'hook_progress', command: c('hookprogress'), statusMessage: c('statusmessage') },
    }),
    line({
      type: 'progress',
      data: {
        type: 'agent_progress',
        agentId: 'bee',
        prompt: c('mirroredprompt'),
        message: said(c('mirrored')),
      },
    }),
    // What is wrong with a line is told without its words.
    line({ type: 'user', timestamp: c('timestamp'), message: { content: c('wrongtime') } }),
    line({ type: 'user', isSidechain: c('sidechain'), message: { content: c('wrongflag') } }),
    answered([], {
      message: {
        id: 'm',
        role: 'assistant',
        model: { name: c('nestedmodel') },
        usage: c('usage'),
        content: [],
      },
    }),
    answered([], {
      message: {
        id: 'n',
        role: 'assistant',
        model: 'claude-opus-4-6',
        usage: { input_tokens: c('tokens') },
        content: c('textcontent'),
      },
    }),
    said('Thanks, that is all'),
    answered([{ type: 'text', text: c('closing') }]),
  ]
}

function agentLines(): Fields[] {
  return [
    said(c('delegated'), { isSidechain: true, agentId: 'bee' }),
    answered([{ type: 'text', text: c('delegatedanswer') }], { isSidechain: true, agentId: 'bee' }),
  ]
}

/** What Claude Code keeps beside its logs; returns all of its text. */
function writeBesideLogs(folder: string): string {
  const item = { content: c('todo'), activeForm: c('todoform'), id: c('todoid') }
  const files = {
    'history.jsonl': `${JSON.stringify({
      display: `${c('display')} [Pasted text #1]`,
      pastedContents: { 1: { id: 1, type: 'text', content: c('pasted') } },
      timestamp: Date.UTC(2026, 1, 10, 9),
      project,
      sessionId: 'canaries',
    })}\n${c('historyline')}\n`,
    [`plans/${c('slug')}.md`]: `# ${c('plantitle')}\n\n${c('planbody')}\n`,
    'todos/canaries-agent-canaries.json': JSON.stringify([
      { ...item, status: 'pending' },
      { ...item, status: c('todostatus') },
    ]),
  }
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  return Object.values(files).join('')
}

/** Writes the logs below this HOME; returns every canary in them. */
export function writeCanaryLogs(home: string): ReadonlySet<string> {
  place = 0
  const folder = join(home, '.claude', 'projects', '-srv-garden')
  const main = `${mainLines()
    .map((fields) => JSON.stringify(fields))
    .join('\n')}
no object at all, but ${c('notjson')}
{"type":"user","message":{"content":"${c('cutoff')}
`
  const agent = `${agentLines()
    .map((fields) => JSON.stringify(fields))
    .join('\n')}\n`
  mkdirSync(join(folder, 'canaries', 'subagents'), { recursive: true })
  writeFileSync(join(folder, 'canaries.jsonl'), main)
  writeFileSync(join(folder, 'canaries', 'subagents', 'agent-bee.jsonl'), agent)
  writeFileSync(
    join(folder, 'canaries', 'subagents', 'agent-bee.meta.json'),
    JSON.stringify({ agentType: c('metaagenttype'), description: c('metadescription') }),
  )
  const beside = writeBesideLogs(join(home, '.claude'))
  return new Set([...`${main}${agent}${beside}`.matchAll(canaryPattern)].map(([, field]) => field!))
}
