import { expect, test } from 'vitest'
import { drawChart, drawWithVega, withoutLinks } from '../../pipeline/report/charts.js'

const rows = [
  {
    tool_label: 'Read',
    call_count: 9,
    error_count: 1,
    bar_label: '9 · 11 % failed',
    short_bar_label: '9 · 11 %',
  },
  { tool_label: '<script>', call_count: 2, error_count: 0, bar_label: '2', short_bar_label: '2' },
]

test('a chart is drawn wide and narrow, named, with the page’s own colours, and the same every time', async () => {
  const draw = () => drawChart({ name: 'tools', rows }, 'Tools & "errors"', {}, drawWithVega)
  const chart = await draw()
  expect(chart.wideSvg).toMatch(
    /^<svg role="img" aria-label="Tools &amp; &quot;errors&quot;" viewBox="0 0 \d/,
  )
  expect(chart.wideSvg).toContain('9 · 11 % failed')
  expect(chart.narrowSvg).not.toContain('failed')
  expect(chart.wideSvg).toContain('var(--series-1)')
  expect(chart.wideSvg).toContain('&lt;script')
  expect(chart.wideSvg).not.toContain('<script')
  expect(await draw()).toEqual(chart)
})

test('a spec can neither link nor load', async () => {
  const spec = {
    encoding: { href: { value: 'javascript:alert(1)' } },
    data: { url: '/etc/hostname', name: 'rows' },
  }
  expect(withoutLinks(spec)).toEqual({ encoding: {}, data: { name: 'rows' } })
  const loading = { data: { url: 'package.json', format: { type: 'json' } }, mark: 'point', encoding: {} }
  expect(await drawWithVega(loading)).not.toContain('debrief')
})
