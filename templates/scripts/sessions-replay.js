// Draws a session's timeline when its page is opened, and plays it: a scrubber over prompts, tools, errors and pauses.
{
  const block = document.getElementById('session-data')
  const skeleton = document.getElementById('replay')
  const names = {
    P: 'You asked',
    A: 'The agent replied',
    R: 'Read',
    E: 'Edit',
    S: 'Search',
    B: 'Shell',
    W: 'Web',
    D: 'Delegation',
    M: 'MCP call',
    O: 'Tool call',
    K: 'Command',
    I: 'You interrupted',
    C: 'The context was compacted',
    F: 'The API failed',
  }
  const svgNamespace = skeleton?.content.querySelector('svg').namespaceURI
  const calls = 'RESBWDMO'
  // A longer pause is drawn as long as this, as active time counts it.
  const longestPauseSeconds = 300
  const playSeconds = 20

  /** "57P5AR!" as marks, each with where it is drawn and what has happened up to it. */
  const readMarks = (timeline, began) => {
    const marks = []
    let at = began
    let x = 0
    let [turn, toolCount, failCount] = [0, 0, 0]
    for (const [, gap, letter, subagent, error] of timeline.matchAll(/(\d*)([A-Z])(~?)(!?)/g)) {
      // What came before the first mark is not drawn.
      const seconds = marks.length === 0 ? 0 : Number(gap || 0)
      at += seconds
      x += Math.min(seconds, longestPauseSeconds)
      if (letter === 'P') turn += 1
      const isCall = calls.includes(letter)
      if (isCall) toolCount += 1
      if (error) failCount += 1
      marks.push({
        letter,
        at,
        x,
        pause: seconds,
        turn,
        toolCount,
        failCount,
        isCall,
        isError: error === '!',
        isSubagent: subagent === '~',
      })
    }
    return marks
  }

  const duration = (seconds) => {
    const minutes = Math.round(seconds / 60)
    if (minutes < 60) return `${minutes} min`
    return minutes < 2880
      ? `${Math.floor(minutes / 60)} h ${minutes % 60} min`
      : `${Math.round(minutes / 1440)} days`
  }
  const clock = (at) => new Date(at * 1000).toISOString().slice(11, 19)

  const svgElement = (name, attributes) => {
    const element = document.createElementNS(svgNamespace, name)
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value)
    return element
  }

  /** One path a kind of mark, in two or three lanes of 20; returns what moves the cursor. */
  const draw = (svg, marks, length) => {
    const height = marks.some((mark) => mark.isSubagent) ? 60 : 40
    svg.setAttribute('viewBox', `0 0 ${length} ${height}`)
    for (const mark of marks) {
      if (mark.pause < longestPauseSeconds) continue
      svg.append(
        svgElement('rect', {
          class: 'pause',
          x: mark.x - longestPauseSeconds,
          y: 0,
          width: longestPauseSeconds,
          height,
        }),
      )
    }
    const kinds = {
      replies: (m) => m.letter === 'A' && [26, 8],
      calls: (m) => m.isCall && !m.isError && (m.isSubagent ? [44, 12] : [24, 12]),
      prompts: (m) => 'PK'.includes(m.letter) && [2, 16],
      stops: (m) => 'IC'.includes(m.letter) && [2, 36],
      errors: (m) => (m.isError || m.letter === 'F') && (m.isSubagent ? [41, 18] : [21, 18]),
    }
    for (const [kind, placeOf] of Object.entries(kinds)) {
      const path = marks.map((mark) => [mark.x, placeOf(mark)]).filter(([, place]) => place)
      const d = path.map(([x, [y, height]]) => `M${x} ${y}v${height}`).join('')
      if (d) svg.append(svgElement('path', { class: kind, d, 'vector-effect': 'non-scaling-stroke' }))
    }
    const cursor = svgElement('path', {
      class: 'cursor',
      d: `M0 0v${height}`,
      'vector-effect': 'non-scaling-stroke',
    })
    svg.append(cursor)
    return (x) => cursor.setAttribute('d', `M${x} 0v${height}`)
  }

  const wordsOf = (mark, marks, left) => {
    const name = `${mark.isSubagent ? 'Sub-agent: ' : ''}${names[mark.letter]}${mark.isError ? ' failed' : ''}`
    const pause = mark.pause >= longestPauseSeconds ? ` after a pause of ${duration(mark.pause)}` : ''
    const turns = marks.at(-1).turn
    const last = marks.at(-1)
    return {
      moment: `${clock(mark.at)} · ${name}${pause}`,
      tally: `Turn ${mark.turn} of ${turns} · ${mark.toolCount} of ${last.toolCount} tool calls · ${mark.failCount} of ${last.failCount} failed${left > 0 ? ` · ${left} replies and calls not drawn` : ''}`,
    }
  }

  /** The replay of one page; returns how to stop it. */
  const build = (article, row) => {
    const marks = readMarks(row.replay, row.began)
    if (marks.length < 2) return () => {}
    const length = Math.max(1, marks.at(-1).x)
    const box = skeleton.content.firstElementChild.cloneNode(true)
    const moveCursor = draw(box.querySelector('svg'), marks, length)
    if (!marks.some((mark) => mark.isSubagent)) box.classList.add('alone')
    const range = box.querySelector('input')
    const button = box.querySelector('button')
    const turnRows = [...(article.querySelector('.turns tbody')?.rows ?? [])]
    const hasBefore = turnRows[0]?.cells[0].textContent === 'before'
    const words = [...article.querySelectorAll('.words li[data-at]')]
    let current = 0
    let timer = null
    range.max = length
    range.step = 'any'

    const goTo = (i, value = marks[i].x) => {
      current = i
      const mark = marks[i]
      range.value = value
      moveCursor(value)
      const { moment, tally } = wordsOf(mark, marks, row.left)
      box.querySelector('.moment').textContent = moment
      box.querySelector('.tally').textContent = tally
      range.setAttribute('aria-valuetext', `${moment}, turn ${mark.turn} of ${marks.at(-1).turn}`)
      for (const [r, turnRow] of turnRows.entries())
        turnRow.classList.toggle('now', r === mark.turn - (hasBefore ? 0 : 1))
      const said = words.filter((li) => Number(li.dataset.at) <= mark.at).at(-1)
      for (const li of words) li.classList.toggle('now', li === said)
      if (said) said.parentNode.scrollTop = said.offsetTop - said.parentNode.offsetTop
    }
    const nearest = (x) => {
      let i = 0
      while (i + 1 < marks.length && marks[i + 1].x <= x) i += 1
      return i
    }
    const stop = () => {
      clearInterval(timer)
      timer = null
      button.textContent = 'Play'
    }
    const play = () => {
      if (current === marks.length - 1) goTo(0)
      button.textContent = 'Pause'
      let x = Number(range.value)
      timer = setInterval(() => {
        x = Math.min(length, x + length / (playSeconds * 20))
        goTo(nearest(x), x)
        if (x >= length) stop()
      }, 50)
    }
    button.addEventListener('click', () => (timer === null ? play() : stop()))
    range.addEventListener('input', () => {
      stop()
      goTo(nearest(Number(range.value)), Number(range.value))
    })
    // An arrow goes to the next mark, a page to the next prompt: seconds would be too many steps.
    const step = (by, isWanted) => {
      let i = current + by
      while (i > 0 && i < marks.length - 1 && !isWanted(marks[i])) i += by
      stop()
      goTo(Math.max(0, Math.min(marks.length - 1, i)))
    }
    const any = () => true
    const isPrompt = (mark) => mark.letter === 'P'
    const keys = {
      ArrowRight: () => step(1, any),
      ArrowUp: () => step(1, any),
      ArrowLeft: () => step(-1, any),
      ArrowDown: () => step(-1, any),
      PageUp: () => step(1, isPrompt),
      PageDown: () => step(-1, isPrompt),
      Home: () => step(-marks.length, any),
      End: () => step(marks.length, any),
      ' ': () => button.click(),
    }
    range.addEventListener('keydown', (event) => {
      if (!keys[event.key]) return
      event.preventDefault()
      keys[event.key]()
    })
    article.querySelector('.table')?.before(box)
    goTo(0)
    return stop
  }

  if (block && skeleton) {
    const { columns, rows } = JSON.parse(block.textContent)
    const built = new Map()
    const articles = [...document.querySelectorAll('article.session')]
    const stopAll = () => {
      for (const stop of built.values()) stop()
    }
    document.addEventListener('session-closed', stopAll)
    document.addEventListener('session-opened', ({ detail: article }) => {
      stopAll()
      if (built.has(article)) return
      const row = rows[articles.indexOf(article)]
      built.set(article, build(article, Object.fromEntries(columns.map((name, i) => [name, row[i]]))))
    })
  }
}
