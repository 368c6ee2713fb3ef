// DuckDB's client for Node. It is required, not imported: an import first looks through each of its many files for the
// names that they export, and takes a tenth of a second longer than loading it.
import { createRequire } from 'node:module'

export const duckdb = createRequire(import.meta.url)('@duckdb/node-api') as typeof import('@duckdb/node-api')
