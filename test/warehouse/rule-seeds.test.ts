// A rule that names a measure nobody takes would never hold, and no query would say so.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { metricNames } from '../../pipeline/report/metrics.js'
import { packageRoot } from '../../pipeline/root.js'

const text = (path: string) => readFileSync(join(packageRoot, 'sql', path), 'utf8')
const rowsOf = (seed: string) => {
  const [header = '', ...lines] = text(`seeds/${seed}.csv`).trim().split('\n')
  const names = header.split(',')
  return lines.map((line) => Object.fromEntries(line.split(',').map((cell, i) => [names[i], cell])))
}
const namedIn = (sql: string, key: string) =>
  new Set([...sql.matchAll(new RegExp(`'${key}': '(\\w+)'`, 'g'))].map(([, name]) => name))

describe('the rules of session tags', () => {
  const rules = rowsOf('session_tags')

  test('name measures that are taken where the rule is judged', () => {
    const taken = {
      false: namedIn(text('marts/sessions.sql'), 'measure'),
      true: namedIn(text('marts/session_tags.sql'), 'measure'),
    }
    expect(rules.length).toBeGreaterThan(20)
    const unknown = rules.filter((rule) => !taken[rule.needs_facets as 'true' | 'false'].has(rule.measure))
    expect(unknown).toEqual([])
  })

  test('compare in ways that are known, and a tag rests on the log or on the facets, never on both', () => {
    expect(rules.filter((rule) => !['>=', '<=', '='].includes(rule.comparison ?? ''))).toEqual([])
    for (const { tag } of rules) {
      const kinds = new Set(rules.filter((rule) => rule.tag === tag).map((rule) => rule.needs_facets))
      expect([...kinds], tag).toHaveLength(1)
    }
  })
})

test('every metric of growth is taken, and has a name for readers', () => {
  const metrics = rowsOf('growth_metrics').map((row) => row.metric_name ?? '')
  expect(metrics.length).toBeGreaterThan(12)
  expect([...namedIn(text('marts/growth.sql'), 'metric_name')].sort()).toEqual([...metrics].sort())
  expect(metrics.filter((metric) => !metricNames.includes(metric))).toEqual([])
})
