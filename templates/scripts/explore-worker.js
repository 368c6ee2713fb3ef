// DuckDB in a worker: opens it, fills a table, runs a query, and answers each message of explore.js with one of its own.
{
  const { duckdb, Arrow } = globalThis
  let connection = null

  /** The member of a JSON text that a path such as `$.a[0]` names; undefined where there is none. */
  const memberOf = (json, path) => {
    const steps = path === '$' ? [] : path.replace(/^\$/, '').match(/\.(?:"[^"]*"|[^.[\]"*]+)|\[\d+\]/g)
    if (path !== `$${(steps ?? []).join('')}`)
      throw new Error(`This page cannot follow the JSON path ${path}.`)
    const nameOf = (step) =>
      step.startsWith('[') ? Number(step.slice(1, -1)) : step.slice(1).replaceAll('"', '')
    return steps.reduce((value, step) => {
      const name = nameOf(step)
      const isInside = typeof name === 'number' ? Array.isArray(value) : !Array.isArray(value)
      const isHeld = value !== null && typeof value === 'object' && isInside && Object.hasOwn(value, name)
      return isHeld ? value[name] : undefined
    }, JSON.parse(json))
  }
  let last = { json: null, path: null, codes: null }
  /** The code points of the member as text; null where there is none. */
  const codesOf = (json, path) => {
    if (json === null || path === null) return null
    if (last.json !== json || last.path !== path) {
      const member = memberOf(json, path) ?? null
      const text = typeof member === 'string' ? member : JSON.stringify(member)
      last = {
        json,
        path,
        codes: member === null ? null : Array.from(text, (letter) => letter.codePointAt(0)),
      }
    }
    return last.codes
  }
  const arrayLength = (json) => {
    if (json === null) return null
    const value = JSON.parse(json)
    return Array.isArray(value) ? value.length : 0
  }

  const steps = {
    async open({ wasm, definitions }) {
      const bundle = { mainModule: wasm, mainWorker: '' }
      const logger = new duckdb.VoidLogger()
      const db = await duckdb.createDuckDB({ mvp: bundle, eh: bundle }, logger, duckdb.BROWSER_RUNTIME)
      await db.instantiate()
      connection = db.connect()
      for (const setting of [
        'autoload_known_extensions',
        'autoinstall_known_extensions',
        'enable_external_access',
      ])
        connection.query(`set ${setting} = false`)
      // DuckDB's own JSON functions would come from another server; these are the two that report queries use.
      // Numbers alone come whole out of a function of ours (duckdb-wasm's issue 1882), so a text comes letter by letter.
      const int32 = new Arrow.Int32()
      connection.createScalarFunction('json_array_length', int32, arrayLength)
      connection.createScalarFunction(
        'member_length',
        int32,
        (json, path) => codesOf(json, path)?.length ?? null,
      )
      connection.createScalarFunction('member_code', int32, (json, path, at) => codesOf(json, path)[at])
      connection.query(`create macro json_extract_string(json, path) as case
        when member_length(json, path) is null then null
        else coalesce(array_to_string(list_transform(range(0, member_length(json, path)),
          lambda i: chr(member_code(json, path, cast(i as integer)))), ''), '')
        end`)
      for (const definition of definitions) connection.query(definition)
      connection.query('set lock_configuration = true')
    },
    fill({ name, bytes }) {
      connection.insertArrowFromIPCStream(bytes, { name, create: false })
    },
    query({ sql }) {
      // The buffer is DuckDB's own: only a copy can be given away.
      return connection.useUnsafe((bindings, id) => bindings.runQuery(id, sql)).slice()
    },
  }
  globalThis.onmessage = async ({ data: { id, step, ...given } }) => {
    try {
      const result = await steps[step](given)
      postMessage({ id, result }, result ? [result.buffer] : [])
    } catch (error) {
      postMessage({ id, error: String(error?.message ?? error) })
    }
  }
}
