// What the estimates of time saved assume: facets rest on it, and the monthly report says so.

/** What the work would take by hand: each on the low side, so that the estimate errs towards too little. */
export const manualMinutes = { perLine: 0.1, perFile: 3, perCommand: 1, perLookup: 0.5 } as const

/** The most that the rules say of one session. */
export const mostMinutesByRules = 240

/** The most that is believed of a model. */
export const mostMinutesByModel = 960
