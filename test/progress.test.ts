import { describe, expect, it } from 'vitest'
import type { PipelineEvent } from '../pipeline/events.js'
import { barLine, finishedLine, formatBytes, formatDuration, progressLine } from '../pipeline/progress.js'

const reading: PipelineEvent = {
  step: 'ingest',
  action: 'progress',
  subject: 'claude-code',
  done: 212,
  total: 333,
  bytes: 640e6,
  totalBytes: 1000e6,
}
const begun: PipelineEvent = { ...reading, done: 0, bytes: 0 }
const read: PipelineEvent = { ...reading, done: 333, bytes: 1000e6 }
const building: PipelineEvent = {
  step: 'models',
  action: 'progress',
  subject: 'marts.x',
  done: 27,
  total: 42,
}

describe('a bar', () => {
  it('says how many files and bytes are read, how fast, and how long the rest takes', () => {
    expect(barLine({ event: reading, elapsedMs: 1600 }, 120)).toBe(
      `  ${'█'.repeat(13)}${'░'.repeat(7)}  212 of 333 files · 640 MB of 1.0 GB · 400 MB/s · 1 s left`,
    )
  })

  it('says of models which of how many is being built', () => {
    expect(barLine({ event: building, elapsedMs: 4000 }, 80)).toBe(
      `  ${'█'.repeat(13)}${'░'.repeat(7)}  Building 27 of 42 models · 2 s left`,
    )
  })

  it('speaks of no rate and no time left before anything is done, nor of time left at the end', () => {
    expect(barLine({ event: begun, elapsedMs: 0 }, 80)).toMatch(/░ {2}0 of 333 files · 0 B of 1\.0 GB$/)
    expect(barLine({ event: read, elapsedMs: 2500 }, 80)).toMatch(
      /█ {2}333 of 333 files · 1\.0 GB of 1\.0 GB · 400 MB\/s$/,
    )
  })

  it.each([
    [80, '212 of 333 files · 640 MB of 1.0 GB · 400 MB/s · 1 s left'],
    [65, '212 of 333 files · 640 MB of 1.0 GB · 1 s left'],
    [40, '212 of 333 files · 1 s left'],
    [30, '212 of 333 files'],
    [10, '  212 of '],
  ])('leaves out what does not fit into %i columns, and never wraps', (columns, text) => {
    const line = barLine({ event: reading, elapsedMs: 1600 }, columns)
    expect(line.endsWith(text)).toBe(true)
    expect(line.length).toBeLessThan(columns)
  })

  it('is full where there was nothing to do, and never more than full', () => {
    expect(barLine({ event: { ...reading, done: 0, total: 0 }, elapsedMs: 0 }, 80)).toContain('█'.repeat(8))
    const grown = { ...reading, bytes: 1200e6 }
    expect(barLine({ event: grown, elapsedMs: 1000 }, 60)).not.toContain('left')
  })
})

describe('a plain line', () => {
  it('says the same without a bar', () => {
    expect(progressLine({ event: reading, elapsedMs: 1600 })).toBe(
      '  212 of 333 files · 640 MB of 1.0 GB · 400 MB/s · 1 s left',
    )
  })

  it('sums up a step at its end', () => {
    expect(finishedLine({ event: read, elapsedMs: 2500 })).toBe('  333 files · 1.0 GB in 3 s · 400 MB/s')
    expect(finishedLine({ event: { ...building, done: 42 }, elapsedMs: 90 })).toBe('  42 models in 1 s')
  })
})

it.each([
  [0, '0 B'],
  [999, '999 B'],
  [999.6, '1 kB'],
  [640_400_000, '640 MB'],
  [999_600_000, '1.0 GB'],
  [12_340_000_000, '12.3 GB'],
])('%d bytes are %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text)
})

it.each([
  [10, '1 s'],
  [42_400, '42 s'],
  [99_600, '2 min'],
  [3_600_000, '60 min'],
  [7_500_000, '2 h 5 min'],
])('%d ms are %s', (ms, text) => {
  expect(formatDuration(ms)).toBe(text)
})
