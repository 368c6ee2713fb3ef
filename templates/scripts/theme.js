// A switch for light and dark, remembered where the browser lets a page from disk remember anything.
{
  const root = document.documentElement
  const remembered = () => {
    try {
      return localStorage.getItem('debrief-theme')
    } catch {
      return null
    }
  }
  const remember = (theme) => {
    try {
      localStorage.setItem('debrief-theme', theme)
    } catch {}
  }
  const isDark = () =>
    root.dataset.theme ? root.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches
  const theme = remembered()
  if (theme === 'light' || theme === 'dark') root.dataset.theme = theme
  const button = document.createElement('button')
  button.type = 'button'
  button.className = 'theme'
  const label = () => {
    button.textContent = isDark() ? 'Light' : 'Dark'
    button.setAttribute('aria-label', `Switch to the ${isDark() ? 'light' : 'dark'} theme`)
  }
  button.addEventListener('click', () => {
    root.dataset.theme = isDark() ? 'light' : 'dark'
    remember(root.dataset.theme)
    label()
  })
  label()
  document.querySelector('.masthead')?.append(button)
}
