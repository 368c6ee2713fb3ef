// Sorts, filters and searches the list of sessions, and makes their pages a place to go to and come back from.
{
  const block = document.getElementById('session-data')
  const table = document.querySelector('table.sessions')
  const form = document.querySelector('form.finder')
  if (block && table && form) {
    const { columns, rows } = JSON.parse(block.textContent)
    const sessions = rows.map((row, i) => ({
      id: i + 1,
      ...Object.fromEntries(columns.map((name, c) => [name, row[c]])),
      row: table.querySelector(`tr[data-n="${i + 1}"]`),
    }))
    const texts = ['goal', 'summary', 'project', 'branch', 'model', 'tags', 'friction']
    let index = null
    /** Built when it is first asked: nobody waits for it who only reads. */
    const found = (query) => {
      if (index === null) {
        index = new globalThis.MiniSearch({
          fields: texts,
          extractField: (session, field) =>
            Array.isArray(session[field]) ? session[field].join(' ') : session[field],
          searchOptions: { prefix: true, fuzzy: 0.15, combineWith: 'AND', boost: { goal: 2, project: 2 } },
        })
        index.addAll(sessions)
      }
      return new Set(index.search(query).map(({ id }) => id))
    }

    const days = [...table.tBodies]
    const flat = document.createElement('tbody')
    const sorting = { key: 'began', isDown: false }
    const rankOf = (session, key) => {
      if (key === 'what') return (session.goal || session.project).toLowerCase()
      return session[key] ?? -1
    }
    const compare = (a, b) => {
      const [first, second] = [rankOf(a, sorting.key), rankOf(b, sorting.key)]
      const order = first < second ? -1 : first > second ? 1 : 0
      return (sorting.isDown ? -order : order) || a.id - b.id
    }
    const dayOf = new Map(sessions.map(({ id, row }) => [id, row.parentNode]))
    const isByDay = () => sorting.key === 'began'
    /** By day as printed, or in one run where another column rules: then each line says its day. */
    const place = () => {
      const sorted = [...sessions].sort(compare)
      if (isByDay()) {
        flat.remove()
        const order = sorting.isDown ? [...days].reverse() : days
        for (const { id, row } of sorted) dayOf.get(id).append(row)
        table.append(...order)
      } else {
        for (const day of days) day.remove()
        flat.append(...sorted.map(({ row }) => row))
        table.append(flat)
      }
      table.classList.toggle('flat', !isByDay())
      for (const head of table.tHead.rows[0].cells) {
        if (head.dataset.key !== sorting.key) head.removeAttribute('aria-sort')
        else head.setAttribute('aria-sort', sorting.isDown ? 'descending' : 'ascending')
      }
      const { order } = form.elements
      order.value = `${sorting.key} ${sorting.isDown ? 'descending' : 'ascending'}`
    }

    const count = form.querySelector('.count')
    const show = () => {
      const wanted = new FormData(form)
      const query = wanted.get('query').trim()
      const hits = query === '' ? null : found(query)
      let shown = 0
      for (const session of sessions) {
        const isShown =
          (hits === null || hits.has(session.id)) &&
          ['project', 'agent', 'outcome'].every(
            (name) => !wanted.get(name) || session[name] === wanted.get(name),
          ) &&
          (!wanted.get('friction') || session.friction.includes(wanted.get('friction'))) &&
          (!wanted.get('problem') || session.problem === 1)
        session.row.hidden = !isShown
        if (isShown) shown += 1
      }
      for (const day of days) day.hidden = [...day.rows].slice(1).every((row) => row.hidden)
      count.textContent =
        shown === sessions.length
          ? `${shown} session${shown === 1 ? '' : 's'}`
          : `${shown} of ${sessions.length} sessions`
    }

    for (const session of sessions) {
      const date = document.createElement('span')
      date.className = 'date'
      date.textContent = new Date(session.began * 1000).toLocaleDateString('en-GB', {
        timeZone: 'UTC',
        day: 'numeric',
        month: 'short',
      })
      session.row.querySelector('.time').prepend(date, ' ')
    }
    const numbers = new Set(['prompts', 'tools', 'active', 'cost'])
    for (const head of table.tHead.rows[0].cells) {
      const button = document.createElement('button')
      button.type = 'button'
      button.append(...head.childNodes)
      head.append(button)
      button.addEventListener('click', () => {
        const { key } = head.dataset
        sorting.isDown = sorting.key === key ? !sorting.isDown : numbers.has(key)
        sorting.key = key
        place()
      })
    }
    form.hidden = false
    form.addEventListener('submit', (event) => event.preventDefault())
    form.addEventListener('input', (event) => {
      if (event.target.name === 'order') {
        const [key, direction] = event.target.value.split(' ')
        sorting.key = key
        sorting.isDown = direction === 'descending'
        place()
      }
      show()
    })
    form.addEventListener('reset', () =>
      setTimeout(() => {
        sorting.key = 'began'
        sorting.isDown = false
        place()
        show()
        form.elements.query.focus()
      }),
    )
    show()
  }

  // The browser itself shows a session's page, by its address; this moves the focus there and back.
  const openArticle = () => document.querySelector('.session:target')
  let opened = null
  let hasComeFromList = false
  const arrive = () => {
    const article = openArticle()
    if (article) {
      opened = article
      scrollTo(0, 0)
      article.querySelector('h3').focus({ preventScroll: true })
      document.dispatchEvent(new CustomEvent('session-opened', { detail: article }))
    } else if (opened) {
      const link = document.querySelector(`.sessions a[href="#${opened.id}"]`)
      opened = null
      hasComeFromList = false
      link?.focus({ preventScroll: true })
      link?.scrollIntoView({ block: 'center' })
      document.dispatchEvent(new CustomEvent('session-closed'))
    }
  }
  const close = () => {
    if (hasComeFromList) history.back()
    else location.hash = 'sessions'
  }
  document.addEventListener('click', (event) => {
    const link = event.target.closest('a[href^="#session"]')
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return
    if (link.className === 'back') {
      event.preventDefault()
      close()
    } else if (openArticle()) {
      // From session to session is one step for the browser's back: it leads to the list.
      event.preventDefault()
      location.replace(link.hash)
    } else hasComeFromList = true
  })
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || event.defaultPrevented || !openArticle()) return
    event.preventDefault()
    close()
  })
  addEventListener('hashchange', arrive)
  addEventListener('load', arrive)
}
