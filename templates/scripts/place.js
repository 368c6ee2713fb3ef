// Says whether the site's other pages lie around this one: not behind a signed link, and not where this page lies alone.
{
  const root = document.documentElement
  const folder = decodeURI(location.pathname).replace(/[^/]*$/, '')
  const isSigned = location.search !== ''
  root.dataset.site = !isSigned && folder.endsWith(`/${root.dataset.place}`) ? 'around' : 'away'
}
