// Copies a query, and opens it in explore/ where that can be reached: on a server, and not behind a signed link.
{
  const copied = async (button, text) => {
    try {
      await navigator.clipboard.writeText(text)
    } catch {
      const area = document.createElement('textarea')
      area.value = text
      document.body.append(area)
      area.select()
      document.execCommand('copy')
      area.remove()
    }
    button.textContent = 'Copied'
    setTimeout(() => {
      button.textContent = 'Copy'
    }, 1500)
  }
  const explore = document.querySelector('meta[name=explore]')?.content
  const isReachable = location.protocol.startsWith('http') && location.search === ''
  for (const figure of document.querySelectorAll('.sql figure')) {
    const text = figure.querySelector('code').textContent
    const button = document.createElement('button')
    button.type = 'button'
    button.textContent = 'Copy'
    button.addEventListener('click', () => copied(button, text))
    figure.querySelector('figcaption').append(' ', button)
    if (!explore || !isReachable) continue
    const link = document.createElement('a')
    link.href = `${explore}#sql=${encodeURIComponent(text)}`
    link.textContent = 'Open in explore'
    figure.querySelector('figcaption').append(' ', link)
  }
}
