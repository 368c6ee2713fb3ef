// The types of table.mjs, which runs on plain Node.
import type { Comparison } from './agreement.mjs'

export function formatComparison(comparison: Comparison): string
