import { expect, test } from 'vitest'
import { fileLabel, modelLabels, projectLabels } from '../../pipeline/report/names.js'

const options = { home: '/home/sam', redactPaths: true }

test('a project is called by its last folder, or by as many as tell it apart', () => {
  const paths = ['/home/sam/work/tidepool', '/home/sam/work/site', '/home/sam/old/site', '/home/sam', '~']
  expect(Object.fromEntries(projectLabels(paths, options))).toEqual({
    '/home/sam/work/tidepool': 'tidepool',
    '/home/sam/work/site': 'work/site',
    '/home/sam/old/site': 'old/site',
    '/home/sam': '~',
    '~': '~',
  })
})

test('without redaction, paths are whole but for the home', () => {
  const labels = projectLabels(['/home/sam/work/site', '/home/samantha/x'], {
    ...options,
    redactPaths: false,
  })
  expect([...labels.values()]).toEqual(['~/work/site', '/home/samantha/x'])
})

test('a log file is shown without the folder that spells out another path', () => {
  const file = '/home/sam/.claude/projects/-home-sam-work-site/abc.jsonl'
  expect(fileLabel(file, options)).toBe('~/.claude/projects/…/abc.jsonl')
  expect(fileLabel('/srv/logs/of/someone/abc.jsonl', options)).toBe('…/someone/abc.jsonl')
})

test('models lose their date where that leaves them apart', () => {
  const labels = modelLabels(['m-1-20250101', 'm-2-20250101', 'm-2-20250909'])
  expect([...labels.values()]).toEqual(['m-1', 'm-2-20250101', 'm-2-20250909'])
})
