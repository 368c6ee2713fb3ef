// The sample week with everything that a log can name turned hostile: markup, links, templates, lies about direction, a megabyte.
import { buildSampleWarehouse } from './sample-warehouse.js'

/** Stands at the head of each hostile text, with the column that it is in: what is legible still shows it. */
export const mark = 'Hostile'

const tricks = [
  `"'><script>alert(1);window.hacked=1</script>`,
  '<img src=https://evil.example/a.png onerror=alert(2)>',
  '<svg onload=alert(3)></style></script><!--',
  '[x](javascript:alert(4)) ![i](https://evil.example/b.png) <javascript:alert(5)>',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the trick is that it looks like one
  '{{secret}} {{{secret}}} {{#if x}} ${alert(6)} `code` **bold** | cell',
  // Overrides and isolates that are never closed, a zero-width space and joiner, and letters that run from right to left.
  '\u202Egnp.exe \u2066turned \u200b\u200d\u061c \u05e9\u05dc\u05d5\u05dd',
]

/** Unbroken, so that only a rule for it keeps it on the page. */
const longWord = 'W'.repeat(120)

export function hostileText(column: string): string {
  return `${mark} ${column} ${longWord} ${tricks.join(' ')}`
}

/** Without the slashes that would make folders of it, and the commas that would make several of it. */
function hostileName(column: string): string {
  return hostileText(column).replaceAll('/', '∕').replaceAll(',', ';')
}

export function megabyte(column: string): string {
  return `${hostileText(column)} ${'x'.repeat(1_000_000)}`
}

/** As someone would have to be configured; their name is the user's own. */
export const hostilePerson = 'Ada <b>Quay</b>'

const hostileIdTail = `"><img src=x onerror=alert(7)>{{x}}\u202E'; rm -rf ~`
const longId = 'session-026'

const sql = (text: string) => `'${text.replaceAll("'", "''")}'`
const json = (value: unknown) => sql(JSON.stringify(value))

/** By mart, what each column of text becomes; of sessions that have to keep an id, only where it may change. */
const texts: Readonly<Record<string, readonly string[]>> = {
  sessions: ['model', 'agent_version', 'git_branch', 'tags'],
  session_facets: [
    'brief_summary',
    'underlying_goal',
    'friction_detail',
    'primary_success',
    'pivot_trigger',
    'workflow_type',
  ],
  tool_calls: ['delegated_agent', 'target'],
  rejects: ['path', 'reason'],
  files: ['path'],
  line_types: ['line_type'],
  tips: ['observation', 'recommendation', 'expected_benefit'],
  session_documents: ['title', 'document_id'],
}

const idTables =
  'sessions session_days session_facets session_metrics llm_calls tool_calls prompts file_edits events friction_spans contradictions facet_coverage session_documents'

export async function buildHostileWarehouse(path: string): Promise<void> {
  await buildSampleWarehouse(path, { extraSql: hostileSql().join(';\n') })
}

function hostileSql(): string[] {
  const project = `'/home/sam/work/' || ${sql(hostileName('project'))} || length(project)`
  const evidence = [
    { field: 'outcome', ordinals: [9], quote: hostileText('quote'), is_verified: true },
    { field: 'friction_counts', value: hostileText('value'), ordinals: [3], quote: null, is_verified: false },
  ]
  return [
    // Keys that the sample goes without, and by which explore/ writes its tables.
    ...[
      'duplicates.session_id',
      'file_edits.file_edit_id',
      'targets.target_id',
      'tip_effects.period_kind',
    ].map((key) => `alter table marts.${key.replace('.', ' add column ')} varchar`),
    ...Object.entries(texts).flatMap(([table, columns]) =>
      columns.map((column) => `update marts.${table} set ${column} = ${sql(hostileText(column))}`),
    ),
    ...['sessions', 'session_days', 'session_documents'].map(
      (table) => `update marts.${table} set project = ${project} where project is not null`,
    ),
    `update marts.llm_calls set model = ${sql(hostileText('model'))} || left(model, 14), price_model = null`,
    `update marts.tool_calls set tool_name = ${sql(hostileText('tool_name'))} where tool_name in ('Grep', 'Bash')`,
    `update marts.tool_calls set tool_name = ${sql(`mcp__${hostileName('server')}__${hostileName('tool')}`)}
      where tool_name like 'mcp%'`,
    `update marts.tool_calls set duration_ms = 90000 where tool_call_id like '%-3'`,
    `update marts.file_edits set path = path || ${sql(hostileText('path'))}`,
    `update marts.session_facets set evidence = ${json(evidence)},
      friction_counts = ${json({ [hostileText('kind')]: 2, wrong_approach: 1 })},
      user_satisfaction_counts = ${json({ [hostileText('satisfaction')]: 1 })},
      goal_categories = ${json({ [hostileText('category')]: 3 })},
      skills_used = ${json([hostileText('skill')])}, skills_missed = ${json([hostileText('missed')])}`,
    `insert into marts.changes select ${sql(hostileText('change_id'))} || i, kind, 'claude-code', project, ${sql(hostileText('subject'))},
      ${sql(hostileText('previous_subject'))}, timestamp '2026-02-10 10:00:00', date '2026-02-10', '2026-W07', 2
      from unnest(['agent_version', 'model', 'instructions', 'skill', 'hook']) with ordinality kinds(kind, i),
      (select any_value(project) as project from marts.sessions)`,
    `insert into marts.agent_totals values ('claude-code', ${sql(hostileText('place'))}, date '2026-02-10',
      'total_tokens', ${sql(hostileText('model'))}, 900000, date '2026-02-01', date '2026-02-28')`,
    `insert into marts.undercounts values ('claude-code', date '2026-02-10', 'output_tokens',
      ${sql(hostileText('first_version'))}, ${sql(hostileText('last_version'))}, 3, 1000)`,
    `update marts.sessions set project = '/home/sam/' || ${sql(megabyte('project'))} where session_id = '${longId}'`,
    `update marts.session_days set project = '/home/sam/' || ${sql(megabyte('project'))} where session_id = '${longId}'`,
    `update marts.session_facets set brief_summary = ${sql(megabyte('brief_summary'))},
      underlying_goal = ${sql(megabyte('underlying_goal'))} where session_id = '${longId}'`,
    `update marts.session_documents set title = ${sql(megabyte('title'))}`,
    `update marts.session_facets set relationship_actions =
      ${json([{ person: hostilePerson, action: hostileText('action') }])}, people_mentioned = ${json([hostilePerson])}`,
    // A month that was frozen with what a model wrote.
    `insert into marts.periods values ('monthly', '2026-02', '{"session_count": 44}', ${sql(hostileText('narrative'))},
      'UTC', timestamp '2026-02-01', timestamp '2026-03-01')`,
    ...idTables.split(' ').map((table) => hostileIds(table, 'session_id')),
    hostileIds('anomalies', 'subject'),
  ]
}

/** Of two sessions that every query tells of. */
function hostileIds(table: string, column: string): string {
  return `update marts.${table} set ${column} = regexp_replace(${column}, '^session-0(2[2578]|3.)',
    concat('session-0', '\\1', ${sql(hostileIdTail)}))`
}
