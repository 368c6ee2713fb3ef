// What an alert is, and the kinds there are: which is told when again, and where the report says more.

/** How each kind is found, told again, and looked into. Its query is sql/alerts/<kind>.sql, but for failed runs. */
export const alertKinds = {
  failed_run: { place: 'trust', silentDays: 1 },
  budget: { place: 'cost', silentDays: null },
  cost_spike: { place: 'cost', silentDays: null },
  friction_spike: { place: 'friction', silentDays: null },
  context_full: { place: 'sessions', silentDays: 1 },
  expiring_logs: { place: 'trust', silentDays: null },
  stopped_source: { place: 'trust', silentDays: null },
} as const satisfies Readonly<
  Record<
    string,
    { readonly place: string /** Null: one cause is told once, ever. */; readonly silentDays: number | null }
  >
>

export type AlertKind = keyof typeof alertKinds

export interface Alert {
  /** <kind>/<cause>/<local date> */
  readonly alertId: string
  readonly kind: AlertKind
  /** What it is about, such as a day, a week or a session: the same cause is not told twice on one day. */
  readonly cause: string
  /** YYYY-MM-DD */
  readonly localDate: string
  readonly sessionId: string | null
  /** Plain text: numbers and the names of agents and models, never words of a log. */
  readonly message: string
  /** Anchor of the report's part that tells more. */
  readonly place: string
}

/** A row of a kind's query: the cause, and what the words need. */
export interface Finding {
  readonly kind: AlertKind
  readonly cause: string
  readonly sessionId: string | null
  readonly figures: Readonly<Record<string, string | number | boolean | null>>
}
