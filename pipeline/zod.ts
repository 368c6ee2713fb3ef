// Zod, required rather than imported, as pipeline/warehouse/duckdb.ts does with DuckDB: every command waits for it, and an
// import takes half as long again. Types come from 'zod' itself.
import { createRequire } from 'node:module'
import type { z as Zod } from 'zod'

export const z = (createRequire(import.meta.url)('zod') as { readonly z: typeof Zod }).z
