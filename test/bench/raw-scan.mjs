// The limit: DuckDB reads the same files with explicit columns, only to count lines and add up tokens.
// Usage: node raw-scan.mjs <HOME>
/* biome-ignore-all lint/suspicious/noConsole: a bench is for reading on a terminal */
import { DuckDBInstance } from '@duckdb/node-api'

const connection = await (await DuckDBInstance.create(':memory:')).connect()
const usage = ['input_tokens', 'output_tokens', 'cache_read_input_tokens', 'cache_creation_input_tokens']
const files = `${process.argv[2]}/.claude/projects/**/*.jsonl`.replaceAll("'", "''")
const reader = await connection.runAndReadAll(`
  select count(*), ${usage.map((name) => `sum(message.usage.${name})`).join(', ')}
  from read_ndjson('${files}', ignore_errors = true, maximum_object_size = 67108864, columns = {
    type: 'VARCHAR', timestamp: 'VARCHAR', sessionId: 'VARCHAR',
    message: 'STRUCT(id VARCHAR, usage STRUCT(${usage.map((name) => `${name} BIGINT`).join(', ')}))'
  })`)
console.log(JSON.stringify(reader.getRowsJson()[0]))
