// What site/api/v1/*.json hold, as zod schemas: the files are checked against them, and API.md is written from them.
import * as z from '../../zod.js'

const label = z.string().describe('2026-W07 or 2026-02')
const localDate = z.string().describe('local date, YYYY-MM-DD')
const instant = z.string().describe('ISO 8601, UTC')
const count = z.number().int()
const costUsd = z.number().describe('dollars at list price, priced calls only')
const unpriced = count.describe('calls whose model has no price, and so no part of the cost')
const text = z.string().nullable().describe('null with privacy.content: none, or where there is none')

const measures = {
  session_count: count.describe('main sessions'),
  subagent_count: count,
  active_seconds: count.describe('of main sessions, gaps of at most five minutes'),
  cost_usd: costUsd,
  unpriced_call_count: unpriced,
  total_tokens: count,
  prompt_count: count,
}

export const summarySchema = z
  .strictObject({
    schema: z.literal('debrief.summary/1'),
    content: z.enum(['none', 'summaries', 'transcripts']).describe('privacy.content when this was written'),
    is_demo: z.boolean(),
    user: z.string(),
    machine: z.string(),
    timezone: z.string().describe('of all local dates'),
    as_of: instant.nullable().describe('end of the last session; null where there is none'),
    first_date: localDate.nullable(),
    last_date: localDate.nullable(),
    totals: z.strictObject({
      ...measures,
      day_count: count.describe('local dates with activity'),
      project_count: count,
      tool_call_count: count,
      error_count: count.describe('tool calls that failed'),
    }),
    weeks: z.array(
      z.strictObject({
        week: label,
        week_start: localDate,
        ...measures,
        mood: z
          .enum(['good', 'mixed', 'rough'])
          .nullable()
          .describe('from outcomes and friction; null where no outcome is clear'),
      }),
    ),
    months: z.array(z.strictObject({ month: label, month_start: localDate, ...measures })),
    reports: z.array(
      z.strictObject({
        period_kind: z.enum(['weekly', 'monthly']),
        period: label,
        path: z.string().describe('of the page, from site/'),
      }),
    ),
  })
  .describe('All that is loaded in a few numbers, week by week and month by month.')

export const growthSchema = z
  .strictObject({
    schema: z.literal('debrief.growth/1'),
    metrics: z.array(
      z.strictObject({
        user_id: z.string(),
        period_kind: z.enum(['weekly', 'monthly']),
        metric_name: z.string().describe('as in sql/seeds/growth_metrics.csv'),
        is_less_better: z.boolean(),
        is_skill: z.boolean().describe('tells how well rather than how much'),
        values: z.array(
          z.strictObject({
            period: label,
            period_start: localDate,
            metric_value: z.number(),
            recent_change: z.number().nullable().describe('relative to the period right before'),
            trend_direction: z.enum(['improving', 'declining', 'stable']),
            trend_strength: z.number().nullable().describe('correlation with time, -1 to 1'),
            period_count: count.describe('periods that the trend rests on, at most eight'),
          }),
        ),
      }),
    ),
  })
  .describe('Every growth metric of every week and month, oldest first.')

export const sessionsSchema = z
  .strictObject({
    schema: z.literal('debrief.sessions/1'),
    sessions: z.array(
      z.strictObject({
        session_id: z.string(),
        week: label.describe('of its first activity'),
        first_date: localDate,
        last_date: localDate,
        started_at: instant.nullable(),
        source: z.string().describe('agent, such as claude-code'),
        project: z.string().nullable().describe('short name, the same on every page'),
        model: z.string().nullable(),
        prompt_count: count,
        tool_call_count: count.describe('with those of its sub-agents'),
        error_count: count.describe('of these, those that failed'),
        active_seconds: count,
        subagent_count: count,
        cost_usd: costUsd.nullable().describe('with that of its sub-agents; null where no log has usage'),
        unpriced_call_count: unpriced,
        completion_status: z.string().nullable().describe('completed, abandoned, error or active'),
        is_extraction: z.boolean().describe("Debrief's own, in no count of sessions"),
        primary_task_category: z.string().nullable(),
        outcome: z.string().nullable().describe('null where it was not judged'),
        friction_count: count.nullable().describe('null where it was not judged'),
        underlying_goal: text,
        brief_summary: text,
      }),
    ),
  })
  .describe('Every main session, latest first.')

export const tipsSchema = z
  .strictObject({
    schema: z.literal('debrief.tips/1'),
    tips: z.array(
      z.strictObject({
        id: z.string().describe('as `debrief tips` names it'),
        rule: z.string(),
        period: label,
        priority: z.string().describe('high, medium or low'),
        category: z.string(),
        observation: z.string(),
        recommendation: z.string(),
        expected_benefit: z.string(),
        extractor: z.string().describe('rules, or the provider that phrased it'),
        feedback: z.enum(['helpful', 'dismissed']).nullable(),
        metric_name: z.string(),
        is_less_better: z.boolean(),
        metric_before: z.number().describe('in the week of the tip, 0 to 1'),
        metric_after: z.number().nullable().describe('mean of the weeks since; null where none was measured'),
        measured_week_count: count.nullable(),
        effect: z.enum(['better', 'worse', 'same']).nullable(),
        is_small: z.boolean().nullable().describe('too little to rest much on'),
      }),
    ),
  })
  .describe('Every tip ever given, latest week first, with feedback and effect.')

/** Under the names of their files. */
export const apiSchemas = {
  summary: summarySchema,
  growth: growthSchema,
  sessions: sessionsSchema,
  tips: tipsSchema,
} as const

export type ApiName = keyof typeof apiSchemas
export type ApiFiles = { readonly [name in ApiName]: z.input<(typeof apiSchemas)[name]> }
