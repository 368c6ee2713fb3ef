// DuckDB's client for Node, as far as the program uses it: the build makes one file of its many, which loads faster.
export {
  DuckDBBlobValue,
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBInstance,
  DuckDBListValue,
  DuckDBMapValue,
  DuckDBStructValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  StatementType,
  version,
} from '@duckdb/node-api'
