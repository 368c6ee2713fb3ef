import { execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { appendFileSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { findRepositoryRoot } from '../../pipeline/ingest/repositories.js'
import { runSync } from '../../pipeline/run.js'
import { createWorkspace, queryFile, queryMarts } from '../support/workspace.js'

let home: string

beforeEach(() => {
  home = realpathSync(mkdtempSync(join(tmpdir(), 'debrief-git-')))
  onTestFinished(() => rmSync(home, { recursive: true, force: true }))
})

function git(folder: string, ...args: readonly string[]): void {
  const identity = ['-c', 'user.name=tester', '-c', 'user.email=tester@localhost']
  execFileSync('git', ['-C', folder, ...identity, '-c', 'protocol.file.allow=always', ...args], {
    stdio: 'pipe',
    env: { PATH: process.env.PATH, HOME: home, GIT_CONFIG_NOSYSTEM: '1' },
  })
}

function makeFolder(...path: readonly string[]): string {
  const folder = join(home, ...path)
  mkdirSync(folder, { recursive: true })
  return folder
}

function makeRepository(...path: readonly string[]): string {
  const folder = makeFolder(...path)
  git(folder, 'init', '--quiet')
  git(folder, 'commit', '--quiet', '--allow-empty', '--message', 'begin')
  return folder
}

const rootOf = (folder: string): Promise<string | null> => findRepositoryRoot(folder, home)

describe('the repository of a working directory', () => {
  it('is the folder that holds .git, from however deep within', async () => {
    const repository = makeRepository('code', 'recipe-box')
    expect(await rootOf(repository)).toBe(repository)
    expect(await rootOf(makeFolder('code', 'recipe-box', 'src', 'lists'))).toBe(repository)
  })

  it('is the main one for a worktree, wherever that lies, named absolutely or relatively', async () => {
    const repository = makeRepository('code', 'recipe-box')
    const worktree = join(home, 'elsewhere', 'try-two')
    git(repository, 'worktree', 'add', '--quiet', worktree)
    expect(await rootOf(worktree)).toBe(repository)
    writeFileSync(join(worktree, '.git'), 'gitdir: ../../code/recipe-box/.git/worktrees/try-two\n')
    expect(await rootOf(worktree)).toBe(repository)
  })

  it('is the main one even for a worktree that git has pruned', async () => {
    const repository = makeRepository('code', 'recipe-box')
    const worktree = join(home, 'elsewhere', 'try-two')
    git(repository, 'worktree', 'add', '--quiet', worktree)
    rmSync(join(repository, '.git', 'worktrees'), { recursive: true })
    expect(await rootOf(worktree)).toBe(repository)
  })

  it('is a submodule itself, and for a worktree of a submodule that worktree', async () => {
    const lists = makeRepository('lists')
    const repository = makeRepository('code', 'recipe-box')
    git(repository, 'submodule', '--quiet', 'add', lists, 'lists')
    expect(await rootOf(join(repository, 'lists'))).toBe(join(repository, 'lists'))
    const worktree = join(home, 'lists-two')
    git(join(repository, 'lists'), 'worktree', 'add', '--quiet', worktree)
    expect(await rootOf(worktree)).toBe(worktree)
  })

  it('is a bare repository by its name, or by the folder around it where it is hidden', async () => {
    const origin = makeRepository('origin')
    git(home, 'clone', '--quiet', '--bare', origin, join(home, 'code', 'recipe-box.git'))
    git(join(home, 'code', 'recipe-box.git'), 'worktree', 'add', '--quiet', join(home, 'code', 'one'))
    expect(await rootOf(join(home, 'code', 'one'))).toBe(join(home, 'code', 'recipe-box'))
    git(home, 'clone', '--quiet', '--bare', origin, join(home, 'meal-plan', '.bare'))
    git(join(home, 'meal-plan', '.bare'), 'worktree', 'add', '--quiet', join(home, 'meal-plan', 'one'))
    expect(await rootOf(join(home, 'meal-plan', 'one'))).toBe(join(home, 'meal-plan'))
  })

  it('is none for a folder outside any, one that is gone, and one of which only the home directory holds .git', async () => {
    git(home, 'init', '--quiet')
    expect(await rootOf(makeFolder('notes'))).toBeNull()
    expect(await rootOf(home)).toBeNull()
    expect(await rootOf(join(home, 'gone'))).toBeNull()
  })
})

/** Adds a prompt, asked in that working directory, to the log of a session. */
function prompt(logs: string, sessionId: string, cwd: string): void {
  const folder = join(logs, '.claude', 'projects', 'recipes')
  mkdirSync(folder, { recursive: true })
  const line = {
    type: 'user',
    uuid: randomUUID(),
    sessionId,
    cwd,
    timestamp: '2026-02-09T10:00:00Z',
    message: { role: 'user', content: 'Go on.' },
  }
  appendFileSync(join(folder, `${sessionId}.jsonl`), `${JSON.stringify(line)}\n`)
}

const places = 'select session_id, project, repos_accessed_count from sessions order by session_id'

describe('sync', () => {
  it('names the repository of a worktree that no path gives away, and still does when it is deleted', async () => {
    const { ctx, home: logs } = createWorkspace()
    const repository = makeRepository('meal-plan')
    const worktree = join(home, 'elsewhere', 'try-two')
    git(repository, 'worktree', 'add', '--quiet', worktree)
    prompt(logs, 'one', worktree)
    prompt(logs, 'one', join(repository, '.git'))
    prompt(logs, 'two', join(home, 'gone'))
    await runSync(ctx)
    const before = await queryMarts(ctx.config, places)
    expect(before).toEqual([
      { session_id: 'one', project: repository, repos_accessed_count: 1 },
      { session_id: 'two', project: join(home, 'gone'), repos_accessed_count: 1 },
    ])

    rmSync(worktree, { recursive: true })
    prompt(logs, 'one', worktree)
    await runSync(ctx)
    expect(await queryMarts(ctx.config, places)).toEqual(before)
  })

  it('looks again for what it does not know, once something was read, and rebuilds what it learns of', async () => {
    const { ctx, home: logs } = createWorkspace()
    const known = () => queryFile(ctx.config.paths.ledger, 'select repository_root from state.repositories')
    const source = makeFolder('meal-plan', 'src')
    prompt(logs, 'one', source)
    await runSync(ctx)
    expect(await known()).toEqual([])

    const repository = makeRepository('meal-plan')
    expect((await runSync(ctx)).build.isRebuilt).toBe(false)
    expect(await known()).toEqual([])

    prompt(logs, 'two', source)
    await runSync(ctx)
    expect(await known()).toEqual([{ repository_root: repository }])
    expect(await queryMarts(ctx.config, places)).toEqual([
      { session_id: 'one', project: repository, repos_accessed_count: 1 },
      { session_id: 'two', project: repository, repos_accessed_count: 1 },
    ])
  })
})
