// What a page's text lacks of the contrast that WCAG AA asks for, found in the page itself.

/** Runs in the page: texts whose colour has less than 4.5 to 1 against the paper. */
export const contrastProblems = `(() => {
  const luminance = (color) => {
    const [r, g, b] = color.match(/[\\d.]+/g).map(Number).map((value) => {
      const share = value / 255
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
    })
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  const paper = luminance(getComputedStyle(document.body).backgroundColor)
  const problems = new Set()
  for (const element of document.querySelectorAll('body *')) {
    const hasText = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim() !== '')
    if (!hasText || element.closest('style')) continue
    const style = getComputedStyle(element)
    const ink = luminance(element.tagName === 'text' ? style.fill : style.color)
    const ratio = (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05)
    if (ratio < 4.5) problems.add(element.tagName + '.' + element.getAttribute('class') + ' ' + ratio.toFixed(2))
  }
  return [...problems]
})()`
