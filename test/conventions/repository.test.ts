import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { sources } from '../../pipeline/ingest/formats/format.js'
import { packageRoot } from '../../pipeline/root.js'

const at = (...path: string[]) => join(packageRoot, ...path)
const read = (...path: string[]) => readFileSync(at(...path), 'utf8')
const foldersIn = (...path: string[]) =>
  readdirSync(at(...path), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)

/** What would be committed: tracked and new files, but for the ignored. */
const repositoryFiles = execFileSync(
  'git',
  ['ls-files', '-z', '--cached', '--others', '--exclude-standard'],
  {
    cwd: packageRoot,
    encoding: 'utf8',
  },
)
  .split('\0')
  .filter((file) => file !== '' && existsSync(at(file)) && statSync(at(file)).isFile())

describe('the folders', () => {
  test('at the top are those of the house', () => {
    const expected = ['fixtures', 'jobs', 'pipeline', 'sql', 'templates', 'test']
    const actual = new Set(
      repositoryFiles.filter((file) => file.includes('/')).map((file) => file.split('/')[0]!),
    )
    expect([...actual].filter((folder) => !folder.startsWith('.')).sort()).toEqual(expected)
  })

  test('of the pipeline have a README of at most forty lines', () => {
    const lacking = foldersIn('pipeline').filter((folder) => !existsSync(at('pipeline', folder, 'README.md')))
    expect(lacking).toEqual([])
    const long = foldersIn('pipeline').filter(
      (folder) => read('pipeline', folder, 'README.md').split('\n').length > 41,
    )
    expect(long).toEqual([])
  })

  test('of the log formats have fixtures, and no fixtures lack a format', () => {
    const formats = foldersIn('pipeline/ingest/formats').sort()
    expect([...sources].sort()).toEqual(formats)
    expect(foldersIn('fixtures/logs').sort()).toEqual(formats)
    expect(formats.filter((format) => foldersIn('fixtures/logs', format).length === 0)).toEqual([])
  })
})

describe('no file', () => {
  // Where this clone lies, and whose machine it is, unless that is as invented as the fixtures or no place at all.
  const places = [packageRoot, dirname(packageRoot), homedir()].filter(
    (path) => !['/', '/home', '/Users', tmpdir()].includes(path) && !/^\/home\/(sam|dev)\b/.test(path),
  )
  const namesPlace = (text: string, path: string) =>
    new RegExp(`(?<![\\w~.)*-])${path.replaceAll(/[^\w/]/g, '\\$&')}/`).test(text)
  const registry = /https?:\/\/[^\s"'/]*(registry|npmjs|artifact|verdaccio|nexus)/i
  const isText = (file: string) =>
    !/\.(ttf|png|parquet|duckdb)$/.test(file) && !file.startsWith('test/conventions/')
  const texts = repositoryFiles.filter(isText).map((file) => [file, read(file)] as const)

  test('names a folder of the machine that it was written on', () => {
    expect(
      ['see /srv/clone/x', "'/srv/clone/x'", '/home/sam/srv/clone/x'].map((text) =>
        namesPlace(text, '/srv/clone'),
      ),
    ).toEqual([true, true, false])
    const naming = texts.filter(([, text]) => places.some((path) => namesPlace(text, path)))
    expect(naming.map(([file]) => file)).toEqual([])
  })

  test('names a host that packages come from', () => {
    expect(texts.filter(([, text]) => registry.test(text)).map(([file]) => file)).toEqual([])
  })
})

test('every dependency is pinned to one version', () => {
  const { dependencies, devDependencies } = JSON.parse(read('package.json')) as Record<
    string,
    Record<string, string>
  >
  const loose = Object.entries({ ...dependencies, ...devDependencies }).filter(
    ([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version),
  )
  expect(loose).toEqual([])
})

describe('the README', () => {
  test('shows every command', () => {
    const commands = listCommands([])
    expect(commands).toContain('run weekly')
    expect(commands).toContain('query')
    const readme = existsSync(at('README.md')) ? read('README.md') : ''
    expect(commands.filter((command) => !readme.includes(`debrief ${command}`))).toEqual([])
  })

  /** Commands that hold no others, from the help of the built program: as a user meets them. */
  function listCommands(path: readonly string[]): string[] {
    const help = execFileSync(process.execPath, [at('dist/jobs/cli.js'), ...path, '--help'], {
      encoding: 'utf8',
    })
    const [, list = ''] = help.split('\nCommands:\n')
    const names = [...list.split('\n\n')[0]!.matchAll(/^ {2}([a-z-]+)\b/gm)].map(([, name]) => name!)
    if (names.length === 0) return [path.join(' ')]
    return names.filter((name) => name !== 'help').flatMap((name) => listCommands([...path, name]))
  }
})
