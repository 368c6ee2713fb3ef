import { execFileSync, spawnSync } from 'node:child_process'
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { packageRoot } from '../../pipeline/root.js'

const folder = mkdtempSync(join(tmpdir(), 'debrief-package-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const installed = join(folder, 'lib/node_modules/debrief')
const cli = join(installed, 'dist/jobs/cli.js')
const run = (...args: string[]) =>
  execFileSync(process.execPath, [cli, ...args], {
    cwd: folder,
    env: { PATH: process.env.PATH, HOME: folder, TZ: 'UTC' },
    encoding: 'utf8',
  })

describe('the packed program', () => {
  // As npm would put it there, but for its dependencies, which are those of the clone.
  beforeAll(() => {
    mkdirSync(installed, { recursive: true })
    execFileSync('npm', ['pack', '--ignore-scripts', '--offline', '--silent', '--pack-destination', folder], {
      cwd: packageRoot,
      stdio: 'ignore',
    })
    const [tarball] = readdirSync(folder).filter((name) => name.endsWith('.tgz'))
    execFileSync('tar', ['-xzf', join(folder, tarball!), '-C', installed, '--strip-components=1'])
    symlinkSync(join(packageRoot, 'node_modules'), join(installed, 'node_modules'))
  }, 60_000)

  test('holds what it needs and nothing else, and works from any folder', () => {
    expect(readdirSync(installed).sort()).toEqual(
      ['LICENSE', 'README.md', 'dist', 'node_modules', 'package.json', 'sql', 'templates'].sort(),
    )
    expect(run('--version')).toBe(
      `${(JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as { version: string }).version}\n`,
    )
    expect(run('sync', '--quiet')).toContain('read')
    expect(readdirSync(folder)).toContain('out')
    expect(run('init')).toContain(join(folder, '.config/debrief/debrief.yaml'))
    expect(run('uninstall')).toContain('npm uninstall -g debrief')
  }, 60_000)

  test('says in words what is wrong with a configuration', () => {
    const config = join(folder, 'wrong.yaml')
    writeFileSync(config, 'timezone: 5\nfacets: { provider: none }\n')
    const { stderr } = spawnSync(process.execPath, [cli, 'sync', '--config', config], { encoding: 'utf8' })
    expect(stderr).toContain('timezone: Invalid input: expected string, received number')
    expect(stderr).toContain('facets.provider: Invalid option: expected one of "rules"')
  })
})

describe('the examples', () => {
  const read = (name: string) => readFileSync(join(packageRoot, '.github/examples', name), 'utf8')
  const help = execFileSync(process.execPath, [join(packageRoot, 'dist/jobs/cli.js'), '--help'], {
    encoding: 'utf8',
  })

  test('for GitHub Actions run commands that there are', () => {
    const { jobs } = parse(read('debrief.yml')) as { jobs: { weekly: { steps: { run: string }[] } } }
    const commands = jobs.weekly.steps.map((step) => /^debrief ([a-z]+)/.exec(step.run)?.[1])
    expect(commands).toEqual(['doctor', 'run'])
    for (const command of commands) expect(help).toMatch(new RegExp(`^  ${command}\\b`, 'm'))
  })

  test('for a container start a command that there is', () => {
    const command = /^CMD \["([a-z]+)"\]$/m.exec(read('Containerfile'))?.[1]
    expect(help).toMatch(new RegExp(`^  ${command}\\b`, 'm'))
  })
})
