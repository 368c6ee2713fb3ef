import { expect, test } from 'vitest'
import { type Import, loadedWith, readSourceFile, readSourceFiles, type SourceFile } from './source-files.js'

const files = readSourceFiles()
const stages = [
  'alerts',
  'demo',
  'facets',
  'forget',
  'ingest',
  'publish',
  'report',
  'snapshot',
  'targets',
  'tips',
]
const stageOf = (path: string) => stages.find((stage) => path.startsWith(`pipeline/${stage}/`))

/** Each import for which `isBroken`, as `a → b`. */
function violations(isBroken: (file: SourceFile, found: Import) => boolean): string[] {
  return files.flatMap((file) =>
    file.imports.filter((found) => isBroken(file, found)).map((found) => `${file.path} → ${found.target}`),
  )
}

test('a stage never imports another stage', () => {
  expect(
    violations(({ path }, { target }) => {
      const [from, to] = [stageOf(path), stageOf(target)]
      return from !== undefined && to !== undefined && from !== to
    }),
  ).toEqual([])
})

test('a stage imports only the core, the database, and how SQL is read', () => {
  const allowed = new Set([
    ...[
      'errors',
      'escape',
      'events',
      'secret',
      'transcript',
      'root',
      'probe',
      'prompt-signals',
      'secret-shapes',
      'zod',
      'clear',
      'leaks',
      'known-names',
      'stable-json',
      'period',
      'manual-minutes',
      'coverage',
      'llm/client',
      'llm/open',
      'llm/asker',
      'number-check',
      'discord-spec',
    ].map((name) => `pipeline/${name}.ts`),
    ...['db', 'read-sql', 'models', 'withhold', 'withhold-history', 'withheld-rules', 'period-table'].map(
      (name) => `pipeline/warehouse/${name}.ts`,
    ),
  ])
  expect(
    violations(({ path }, { target, isType }) => {
      const stage = stageOf(path)
      if (stage === undefined || !target.includes('/') || !/^(pipeline|jobs)\//.test(target)) return false
      if (target === 'pipeline/config.ts') return !isType
      return !allowed.has(target) && stageOf(target) !== stage
    }),
  ).toEqual([])
})

/** run.ts, and the files in run/ that it is made of. */
const isOfRun = (path: string) => path === 'pipeline/run.ts' || path.startsWith('pipeline/run/')

test('only run.ts, its parts and the jobs know the stages', () => {
  expect(
    violations(
      ({ path }, { target }) =>
        stageOf(target) !== undefined &&
        stageOf(path) === undefined &&
        !isOfRun(path) &&
        !['pipeline/stages.ts', 'pipeline/own-ledger.ts'].includes(path) &&
        !path.startsWith('jobs/'),
    ),
  ).toEqual([])
})

test('only the jobs know the run, and no part of it knows run.ts', () => {
  expect(
    violations(({ path }, { target }) => {
      const isOwnPart = isOfRun(path) && target !== 'pipeline/run.ts'
      return isOfRun(target) && !isOwnPart && !path.startsWith('jobs/')
    }),
  ).toEqual([])
})

test('a job imports the run, the configuration, the log, and no stage but those named here', () => {
  const allowed = new Set(
    [
      'run',
      'run/context',
      'run/alerts',
      'run/forget',
      'run/inspect',
      'run/restore',
      'run/sync',
      'run/with-ledger',
      'config',
      'discord-spec',
      'log',
      'log-file',
      'errors',
      'events',
      'secret',
      'clear',
      'journal',
      'coverage',
      'config-schema',
      'config-words',
      'root',
      'run-history',
      'schedule-entries',
      'schedule/entries',
      'schedule/runs',
      'schedule/due-times',
      'schedule/missed',
      'schedule/keep',
      'schedule/ledger-runs',
      'schedule/install/launch',
      'schedule/install/systemd',
      'schedule/install/launchd',
      'schedule/install/crontab',
      'watch-folders',
      'warehouse/prices',
      'warehouse/query',
    ].map((name) => `pipeline/${name}.ts`),
  )
  const exceptions = new Set([
    'jobs/demo.ts → pipeline/demo/generate.ts', // Writing the demo's logs is all that `demo` adds to a run.
    'jobs/run.ts → pipeline/ingest/ingest.ts', // Whether there are logs at all decides between run and demo.
  ])
  expect(
    violations(
      ({ path }, { target, isType }) =>
        path.startsWith('jobs/') && target.startsWith('pipeline/') && !isType && !allowed.has(target),
    ).filter((found) => !exceptions.has(found)),
  ).toEqual([])
})

test('the pipeline never imports a job', () => {
  expect(
    violations(({ path }, { target }) => path.startsWith('pipeline/') && target.startsWith('jobs/')),
  ).toEqual([])
})

/** Packages of which the build makes one file, with what the program uses of them. */
const bundled: Record<string, RegExp> = {
  zod: /^pipeline\/zod\.ts$/,
  '@duckdb/node-api': /^pipeline\/warehouse\/duckdb\.ts$/,
}

test('a package is imported where it is used, and lazily unless it is small', () => {
  const small: Record<string, RegExp> = { ...bundled, commander: /^jobs\/cli(-operating)?\.ts$/ }
  expect(
    violations(({ path }, { target, isType, isLazy }) => {
      const isPackage = !/^(node:|pipeline\/|jobs\/)/.test(target)
      return isPackage && !isType && !isLazy && !small[target]?.test(path)
    }),
  ).toEqual([])
})

test('--help loads nothing but commander', () => {
  const loaded = [...loadedWith('jobs/cli.ts', files)].filter((target) => !target.startsWith('node:'))
  expect(loaded.sort()).toEqual(['commander', 'jobs/cli-operating.ts', 'jobs/cli.ts'])
})

test('files do not import each other in a circle', () => {
  const circular = files.filter(({ path, imports }) =>
    imports.some(({ target, isType, isLazy }) => !isType && !isLazy && loadedWith(target, files).has(path)),
  )
  expect(circular.map(({ path }) => path)).toEqual([])
})

test('no file passes on what another exports', () => {
  expect(
    violations(
      ({ path }, { target, isReexport, isType }) => isReexport && !isType && !bundled[target]?.test(path),
    ),
  ).toEqual([])
})

const uses = (pattern: RegExp) =>
  files.filter(({ globals }) => globals.some((name) => pattern.test(name))).map(({ path }) => path)

test('the environment is handed to readConfig by job.ts, and read nowhere else', () => {
  expect(uses(/^process\.env\b/)).toEqual(['jobs/job.ts'])
})

test('only log.ts writes to the console', () => {
  expect(uses(/^console\b|^process\.std(out|err)\.write$/)).toEqual(['pipeline/log.ts'])
})

test('only a job sets the exit code, and none cuts the process off', () => {
  expect(uses(/^process\.exitCode$/).filter((path) => !path.startsWith('jobs/'))).toEqual([])
  expect(uses(/^process\.exit$/)).toEqual([])
})

test('every file says at its top, in a comment, what it is', () => {
  const silent = files.filter(({ text }) => !/^(#!.*\n)?\/\/ .{20,}\n/.test(text))
  expect(silent.map(({ path }) => path)).toEqual([])
})

test('file names are in kebab-case', () => {
  expect(
    files.map(({ path }) => path).filter((path) => !/^[a-z0-9-]+(\/[a-z0-9-]+)*\.ts$/.test(path)),
  ).toEqual([])
})

test('the reader of imports sees every kind of them', () => {
  const text = `
    import type { A } from 'a'
    import { type B } from 'b'
    import { type C, c } from 'c'
    import 'd'
    export { e } from 'e'
    const f = await import('f')
    process.stdout.write(process.env.HOME)`
  const { imports, globals } = readSourceFile('jobs/x.ts', text)
  expect(
    imports.map(({ target, isType, isLazy, isReexport }) => [target, isType, isLazy, isReexport]),
  ).toEqual([
    ['a', true, false, false],
    ['b', true, false, false],
    ['c', false, false, false],
    ['d', false, false, false],
    ['e', false, false, true],
    ['f', false, true, false],
  ])
  expect(globals).toEqual(['process.stdout.write', 'process.stdout', 'process.env.HOME', 'process.env'])
})
