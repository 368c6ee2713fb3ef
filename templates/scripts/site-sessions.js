// Sorts, filters and searches the table of all sessions; the search also looks through the plans and tips below it.
{
  const form = document.querySelector('.find')
  const table = document.querySelector('.all-sessions')
  if (form && table) {
    const body = table.tBodies[0]
    const rows = [...body.rows]
    const others = [...document.querySelectorAll('[data-kind] li')]
    const search = form.querySelector('input')
    const selects = [...form.querySelectorAll('select')]
    const output = form.querySelector('output')
    const pieces = [...rows, ...others]

    let index = null
    const found = (query) => {
      if (index === null) {
        const tokenize = (text) => text.split(/[^\p{L}\p{N}]+/u)
        index = new MiniSearch({
          fields: ['text'],
          tokenize,
          searchOptions: { prefix: true, combineWith: 'AND' },
        })
        index.addAll(pieces.map((piece, id) => ({ id, text: piece.textContent })))
      }
      const fuzzy = (term) => (term.length > 4 ? 0.2 : false)
      return new Set(index.search(query, { fuzzy }).map(({ id }) => pieces[id]))
    }

    const show = () => {
      const query = search.value.trim()
      const hits = query === '' ? null : found(query)
      const isWanted = (row) =>
        selects.every(({ value, dataset }) => value === '' || row.dataset[dataset.column] === value)
      let count = 0
      for (const row of rows) {
        row.hidden = !((hits === null || hits.has(row)) && isWanted(row))
        if (!row.hidden) count++
      }
      const kinds = { plan: 0, tip: 0 }
      for (const other of others) {
        other.hidden = hits !== null && !hits.has(other)
        if (!other.hidden) kinds[other.closest('[data-kind]').dataset.kind]++
      }
      for (const section of document.querySelectorAll('[data-kind]'))
        section.hidden = kinds[section.dataset.kind] === 0
      const words = [`${count} of ${rows.length} sessions`]
      if (hits !== null) words.push(`${kinds.plan} plans`, `${kinds.tip} tips`)
      output.textContent = words.join(', ')
    }

    for (const select of selects) {
      const values = [...new Set(rows.map((row) => row.dataset[select.dataset.column]))].sort()
      for (const value of values) select.append(new Option(value, value))
      select.addEventListener('change', show)
    }
    search.addEventListener('input', show)
    form.addEventListener('submit', (event) => event.preventDefault())

    const sortValue = (row, column) => {
      const cell = row.cells[column]
      return cell.dataset.sort ?? cell.textContent.trim()
    }
    const compare = (a, b) => {
      const [x, y] = [Number(a.replaceAll(',', '')), Number(b.replaceAll(',', ''))]
      if (a !== '' && b !== '' && !Number.isNaN(x) && !Number.isNaN(y)) return x - y
      return a < b ? -1 : Number(a > b)
    }
    const heads = [...table.tHead.rows[0].cells]
    heads.forEach((head, column) => {
      const button = document.createElement('button')
      button.type = 'button'
      button.textContent = head.textContent
      button.addEventListener('click', () => {
        const isNumber = head.classList.contains('number') || column === 0
        const was = head.getAttribute('aria-sort')
        const way =
          was === null
            ? isNumber
              ? 'descending'
              : 'ascending'
            : was === 'ascending'
              ? 'descending'
              : 'ascending'
        for (const other of heads) other.removeAttribute('aria-sort')
        head.setAttribute('aria-sort', way)
        const sign = way === 'ascending' ? 1 : -1
        const keyed = rows.map((row, place) => ({ row, place, value: sortValue(row, column) }))
        keyed.sort((a, b) => sign * compare(a.value, b.value) || a.place - b.place)
        body.append(...keyed.map(({ row }) => row))
      })
      head.replaceChildren(button)
    })
    heads[0].setAttribute('aria-sort', 'descending')
    form.hidden = false
    show()
  }
}
