import { expect, test } from 'vitest'
import { sparklineSvg } from '../../pipeline/report/sparkline.js'

function pathOf(svg: string): string {
  return /<path d="([^"]*)"/.exec(svg)?.[1] ?? ''
}

test('goes from the least at the bottom to the largest at the top, with a dot at the last', () => {
  const svg = sparklineSvg([0, 5, 10], 'rising')
  expect(pathOf(svg)).toBe('M3 17L40 10L77 3')
  expect(svg).toContain('<circle cx="77" cy="3" r="2"/>')
})

test('leaves a gap where there is no value', () => {
  expect(pathOf(sparklineSvg([0, 10, null, 0, 10], ''))).toBe('M3 17L21.5 3M58.5 17L77 3')
})

test('ends at the last value that there is, and draws no line through a single one', () => {
  const svg = sparklineSvg([null, 4, null], '')
  expect(svg).not.toContain('<path')
  expect(svg).toContain('<circle cx="40" cy="10" r="2"/>')
})

test('is a level line where nothing changes', () => {
  expect(pathOf(sparklineSvg([7, 7], ''))).toBe('M3 10L77 10')
})

test('is nothing without a value', () => {
  expect(sparklineSvg([], 'none')).toBe('')
  expect(sparklineSvg([null, null], 'none')).toBe('')
})

test('says what it draws, and a label cannot end its attribute', () => {
  const svg = sparklineSvg([1, 2], '"><script>&')
  expect(svg).toContain('role="img" aria-label="&quot;&gt;&lt;script&gt;&amp;"')
})
