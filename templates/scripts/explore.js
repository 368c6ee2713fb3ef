// SQL in the page: DuckDB runs in a worker, and a table is fetched when a query first names it.
{
  const at = (id) => document.getElementById(id)
  const facts = JSON.parse(at('facts').textContent)
  const area = at('sql')
  const shownRows = 1000
  let engine = null
  let answer = null
  let runs = 0

  /* Values, as `debrief query` writes them */

  const decimalText = (words, scale) => {
    let digits = 0n
    for (let i = words.length - 1; i >= 0; i -= 1) digits = (digits << 32n) | BigInt(words[i])
    digits = BigInt.asIntN(words.length * 32, digits)
    const sign = digits < 0n ? '-' : ''
    const padded = String(digits < 0n ? -digits : digits).padStart(scale + 1, '0')
    const fraction = scale === 0 ? '' : padded.slice(-scale).replace(/0+$/, '')
    return `${sign}${scale === 0 ? padded : padded.slice(0, -scale)}${fraction && `.${fraction}`}`
  }
  const instantText = (milliseconds) => {
    const micros = Math.round(milliseconds * 1000)
    const rest = ((micros % 1000) + 1000) % 1000
    const iso = new Date((micros - rest) / 1000).toISOString()
    return rest === 0 ? iso : iso.replace('Z', `${String(rest).padStart(3, '0')}Z`)
  }
  const isType = (type, ...names) => names.some((name) => globalThis.Arrow.DataType[`is${name}`](type))
  const isNumber = (type) => isType(type, 'Int', 'Float', 'Decimal')
  const exact = (digits) => (String(Number(digits)) === digits ? Number(digits) : digits)
  /** Numbers where these are exact, else text; what cannot be shown rightly is not shown at all. */
  const jsonOf = (value, type) => {
    if (value === null || value === undefined || isType(type, 'Null')) return null
    if (isType(type, 'Decimal')) return exact(decimalText(value, type.scale))
    if (isType(type, 'Int')) return exact(String(value))
    if (isType(type, 'Float')) return Number.isFinite(value) ? value : String(value)
    if (isType(type, 'Timestamp')) return instantText(value)
    if (isType(type, 'Date')) return new Date(value).toISOString().slice(0, 10)
    if (isType(type, 'Bool', 'Utf8', 'LargeUtf8')) return value
    if (isType(type, 'List', 'FixedSizeList'))
      return Array.from(value, (each) => jsonOf(each, type.children[0].type))
    if (isType(type, 'Struct'))
      return Object.fromEntries(
        type.children.map((field) => [field.name, jsonOf(value[field.name], field.type)]),
      )
    throw new Error(`This page cannot show the type ${type}: cast it to varchar.`)
  }
  const textOf = (value, type) => {
    const json = jsonOf(value, type)
    if (json === null) return null
    return typeof json === 'object' ? JSON.stringify(json) : String(json)
  }
  const typeName = (type) => {
    if (isType(type, 'Decimal')) return `decimal(${type.precision}, ${type.scale})`
    if (isType(type, 'Timestamp')) return 'timestamp, UTC'
    if (isType(type, 'Date')) return 'date'
    if (isType(type, 'Int')) return 'integer'
    if (isType(type, 'Float')) return 'double'
    if (isType(type, 'Bool')) return 'boolean'
    return isType(type, 'Utf8', 'LargeUtf8') ? 'text' : String(type).toLowerCase()
  }

  /* DuckDB */

  const beside = (path) => new URL(path, location.href).href
  let client = null
  const loadClient = () =>
    new Promise((resolve, reject) => {
      const script = document.createElement('script')
      script.src = beside('lib/arrow.js')
      script.onload = resolve
      script.onerror = () => reject(new Error('lib/arrow.js did not load'))
      document.head.append(script)
    })
  const startWorker = () => {
    const scripts = ['arrow', 'duckdb', 'worker'].map((name) => JSON.stringify(beside(`lib/${name}.js`)))
    // A worker from a blob is bound to this page's policy, so that no query can reach another server. What it would
    // write to the console stands on the page.
    const start = `console.log = console.error = () => {}\nimportScripts(${scripts.join(', ')})`
    const worker = new Worker(URL.createObjectURL(new Blob([start], { type: 'text/javascript' })))
    const waiting = new Map()
    worker.onmessage = ({ data: { id, result, error } }) => {
      const { resolve, reject } = waiting.get(id)
      waiting.delete(id)
      if (error === undefined) resolve(result)
      else reject(new Error(error))
    }
    worker.onerror = (event) => {
      event.preventDefault()
      for (const { reject } of waiting.values()) reject(new Error(event.message ?? 'DuckDB did not load'))
      waiting.clear()
    }
    let count = 0
    const send = (step, given, transferred = []) =>
      new Promise((resolve, reject) => {
        count += 1
        waiting.set(count, { resolve, reject })
        worker.postMessage({ id: count, step, ...given }, transferred)
      })
    return { worker, send, loaded: new Set() }
  }
  const openEngine = () => {
    client ??= loadClient()
    const started = startWorker()
    const definitions = facts.tables.map(({ ddl }) => ddl)
    const opened = started.send('open', { wasm: beside('lib/duckdb-eh.wasm'), definitions })
    const isReady = Promise.all([client, opened])
    isReady.catch(() => {}) // It is told when a query is run.
    return { ...started, isReady }
  }
  const fill = async ({ send, loaded }, { name, rows }) => {
    if (rows === 0 || loaded.has(name)) return
    say(`Loading ${name}, ${rows.toLocaleString('en')} rows …`)
    const response = await fetch(beside(`data/${name}.arrow`), { cache: 'no-cache' })
    if (!response.ok) throw new Error(`data/${name}.arrow: the server answered ${response.status}`)
    const bytes = new Uint8Array(await response.arrayBuffer())
    await send('fill', { name, bytes }, [bytes.buffer])
    loaded.add(name)
  }
  const ask = async (sql) => {
    say('Loading DuckDB, 34 MB the first time …')
    engine ??= openEngine()
    const open = engine
    await open.isReady
    const isNamed = ({ name }) => new RegExp(`\\b${name}\\b`, 'i').test(sql)
    for (const table of facts.tables.filter(isNamed)) await fill(open, table)
    say('Running …')
    const startedAt = performance.now()
    const bytes = await open.send('query', { sql })
    const elapsedMs = performance.now() - startedAt
    return { table: globalThis.Arrow.tableFromIPC(bytes), elapsedMs }
  }

  /* The answer */

  const say = (words) => {
    at('status').textContent = words
  }
  const element = (name, text = '', className = '') => {
    const made = document.createElement(name)
    if (text !== '') made.textContent = text
    if (className !== '') made.className = className
    return made
  }
  const cellOf = (text, type) => {
    if (text === null) return element('td', 'null', isNumber(type) ? 'null number' : 'null')
    const short = isType(type, 'Timestamp') ? text.replace('T', ' ').replace(/(\.000)?Z$/, '') : text
    return element('td', short, isNumber(type) ? 'number' : '')
  }
  const columnsOf = (table) =>
    table.schema.fields.map(({ name, type }, i) => ({ name, type, values: table.getChildAt(i) }))
  const showTable = (table) => {
    const columns = columnsOf(table)
    const head = element('tr')
    for (const { name, type } of columns) {
      const cell = element('th', name, isNumber(type) ? 'head number' : 'head')
      cell.scope = 'col'
      cell.title = typeName(type)
      head.append(cell)
    }
    const body = element('tbody')
    for (let row = 0; row < Math.min(table.numRows, shownRows); row += 1) {
      const line = element('tr')
      for (const { type, values } of columns) line.append(cellOf(textOf(values.get(row), type), type))
      body.append(line)
    }
    const shown = element('table')
    shown.append(element('thead'), body)
    shown.tHead.append(head)
    const region = element('div', '', 'table answer')
    region.tabIndex = 0
    region.setAttribute('role', 'region')
    region.setAttribute('aria-label', 'Answer')
    region.append(shown)
    at('answer').replaceChildren(region)
  }
  /** DuckDB says some things twice, and advises what only another server could do. */
  const errorWords = (message) => {
    const [words, advice] = message.split(/\n+Please try installing/)
    if (advice !== undefined)
      return `${words}\n\nThis page has DuckDB's core functions alone, and asks no other server. Ask in a terminal: debrief query "…".`
    return words.replace(/(\n+LINE \d+:[\s\S]*?\^)\1/, '$1')
  }
  const showError = (error) => {
    const words = element('pre', errorWords(String(error?.message ?? error)), 'failure')
    words.setAttribute('role', 'alert')
    at('answer').replaceChildren(words)
    say('')
  }
  const countWords = (count) => `${count.toLocaleString('en')} ${count === 1 ? 'row' : 'rows'}`
  const timeWords = (ms) => (ms < 1000 ? `${Math.max(1, Math.round(ms))} ms` : `${(ms / 1000).toFixed(1)} s`)
  const setRunning = (isRunning) => {
    at('run').disabled = isRunning
    at('stop').hidden = !isRunning
  }
  const run = async () => {
    if (at('run').disabled) return
    const sql = area.value.trim()
    runs += 1
    const thisRun = runs
    setRunning(true)
    answer = null
    at('csv').disabled = true
    history.replaceState(null, '', `#sql=${encodeURIComponent(sql)}`)
    try {
      if (sql === '') throw new Error('Nothing to run: write a SELECT, or choose a query.')
      const { table, elapsedMs } = await ask(sql)
      if (thisRun !== runs) return
      showTable(table)
      answer = table
      at('csv').disabled = false
      const more =
        table.numRows > shownRows ? `; the first ${countWords(shownRows)} are shown, the CSV has all` : ''
      say(`${countWords(table.numRows)} in ${timeWords(elapsedMs)}${more}`)
    } catch (error) {
      if (thisRun === runs) showError(error)
    }
    if (thisRun === runs) setRunning(false)
  }
  const stop = () => {
    runs += 1
    engine?.worker.terminate()
    engine = null
    at('answer').replaceChildren()
    say('Stopped.')
    setRunning(false)
    area.focus()
  }

  /* CSV */

  const csvCell = (text) => {
    if (text === null) return ''
    return /[",\r\n]/.test(text) || text === '' ? `"${text.replaceAll('"', '""')}"` : text
  }
  const csvOf = (table) => {
    const columns = columnsOf(table)
    const lines = [columns.map(({ name }) => csvCell(name)).join(',')]
    for (let row = 0; row < table.numRows; row += 1)
      lines.push(columns.map(({ type, values }) => csvCell(textOf(values.get(row), type))).join(','))
    return lines.join('\n')
  }
  const copyCsv = async () => {
    const button = at('csv')
    try {
      await navigator.clipboard.writeText(csvOf(answer))
      button.textContent = 'Copied'
    } catch {
      button.textContent = 'The browser refused'
    }
    setTimeout(() => {
      button.textContent = 'Copy as CSV'
    }, 1500)
  }

  /* Menu, address and keys */

  const periodSql = (label) => facts.periods.find((period) => period.label === label)?.sql
  let shownPeriod = facts.chosen
  const write = (sql) => {
    area.value = sql
    area.scrollTop = 0
  }
  const choose = (name) => {
    const query = facts.queries.find((each) => each.name === name)
    if (query) write(query.sql.replace(periodSql(facts.chosen), () => periodSql(shownPeriod)).trim())
  }
  const choosePeriod = (label) => {
    const [from, to] = [periodSql(shownPeriod), periodSql(label)]
    if (from && to && area.value.includes(from)) write(area.value.replace(from, () => to))
    shownPeriod = label
  }
  const readAddress = () => {
    if (!location.hash.startsWith('#sql=')) return false
    try {
      write(decodeURIComponent(location.hash.slice('#sql='.length)))
    } catch {
      return false
    }
    const period = facts.periods.find(({ sql }) => area.value.includes(sql))
    if (period) shownPeriod = period.label
    at('period').value = shownPeriod
    const general = (sql) =>
      sql.trim().replace(periodSql(shownPeriod), '').replace(periodSql(facts.chosen), '')
    const known = facts.queries.find(({ sql }) => general(sql) === general(area.value))
    at('query').value = known?.name ?? ''
    return true
  }
  const isServed = location.protocol.startsWith('http')
  const runServed = () => {
    if (isServed) run()
  }

  at('ask').addEventListener('submit', (event) => {
    event.preventDefault()
    runServed()
  })
  at('stop').addEventListener('click', stop)
  at('csv').addEventListener('click', copyCsv)
  at('query').addEventListener('change', (event) => choose(event.target.value))
  at('period').addEventListener('change', (event) => choosePeriod(event.target.value))
  area.addEventListener('input', () => {
    at('query').value = ''
  })
  area.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return
    event.preventDefault()
    runServed()
  })
  addEventListener('hashchange', () => {
    if (readAddress()) runServed()
  })
  for (const details of document.querySelectorAll('.mart')) {
    const { table } = details.dataset
    const button = element('button', 'Show rows')
    button.type = 'button'
    button.addEventListener('click', () => {
      at('query').value = ''
      write(`select *\nfrom ${table}\nlimit 100`)
      area.scrollIntoView({ block: 'center' })
      area.focus()
      runServed()
    })
    details.querySelector('p').after(button)
  }
  if (facts.chosen) at('period').value = facts.chosen
  at('notice').hidden = isServed
  at('run').disabled = !isServed
  const isAsked = readAddress()
  if (!isAsked) choose(at('query').value)
  if (isAsked) runServed()
  else if (isServed) engine = openEngine()
}
