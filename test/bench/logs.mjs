// The logs that the bench reads: generated once and kept, linked for a run, grown and put back.
/* biome-ignore-all lint/suspicious/noConsole: a bench is for reading on a terminal */
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const generator = fileURLToPath(new URL('../../dist/pipeline/demo/generate.js', import.meta.url))
const weekCount = 12
const grownShare = 100
const linesPerGrownFile = 200

/** About 330 files in 1,000 MB; larger sets have more files, not larger ones. */
export function generatorOptions(sizeMb) {
  const sessionsPerWeek = Math.max(1, Math.round((sizeMb / 1000) * 24))
  return {
    seed: 7,
    weeks: { firstMonday: '2026-01-05', weekCount },
    sessionsPerWeek,
    bytesPerSession: Math.round((sizeMb * 1e6) / (weekCount * sessionsPerWeek)),
    textScale: 14,
    delegationShare: 0.02,
    hasFaults: true,
  }
}

/** One session of this size, in one file. */
export function singleFileOptions(sizeMb) {
  return {
    ...generatorOptions(sizeMb),
    weeks: { firstMonday: '2026-01-05', weekCount: 1 },
    sessionsPerWeek: 1,
    bytesPerSession: sizeMb * 1e6,
    delegationShare: 0,
  }
}

/** A HOME with the logs, and their totals: made once for each name, which a marker beside them says to be whole. */
export async function prepareLogs(folder, name, options) {
  const home = join(folder, name, 'home')
  const marker = join(folder, name, 'totals.json')
  const made = existsSync(marker) ? JSON.parse(readFileSync(marker, 'utf8')) : null
  if (made && JSON.stringify(made.options) === JSON.stringify(options)) return { home, totals: made.totals }
  rmSync(join(folder, name), { recursive: true, force: true })
  mkdirSync(home, { recursive: true })
  const { generateLogs } = await import(generator)
  const started = performance.now()
  const totals = await generateLogs({ ...options, folder: home })
  console.log(`Generated in ${((performance.now() - started) / 1000).toFixed(1)} s at ${home}`)
  writeFileSync(marker, JSON.stringify({ options, totals }))
  return { home, totals }
}

/** The same files under another HOME, as hard links: they take no space, and no run touches those that are kept. */
export function linkLogs(home, linkedHome) {
  const names = logFiles(home)
  for (const name of names) {
    mkdirSync(dirname(join(linkedHome, name)), { recursive: true })
    linkSync(join(home, name), join(linkedHome, name))
  }
  return names
}

/** Every hundredth file becomes a copy with more lines. Returns what to call to have the links back. */
export function growLogs(home, linkedHome) {
  const names = logFiles(home).filter((_, i) => i % grownShare === 0)
  for (const name of names) {
    const grown = join(linkedHome, name)
    unlinkSync(grown)
    copyFileSync(join(home, name), grown)
    appendFileSync(grown, moreLines(grown))
  }
  const restore = () => {
    for (const name of names) {
      unlinkSync(join(linkedHome, name))
      linkSync(join(home, name), join(linkedHome, name))
    }
  }
  return { fileCount: names.length, restore }
}

export function logFiles(home) {
  return readdirSync(home, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.jsonl'))
    .sort()
}

/** The last lines of a file once more, as new messages: with ids of their own. */
function moreLines(path) {
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n').slice(-linesPerGrownFile)
  const renewed = lines.map((line) =>
    line.replaceAll(/"(uuid|id|requestId)":"([^"]+)[^"]{2}"/g, '"$1":"$2zz"'),
  )
  return `${renewed.join('\n')}\n`
}

/** The version of an installed package of this clone. */
export function versionOf(name) {
  const require = createRequire(import.meta.url)
  return JSON.parse(readFileSync(join(packageFolder(require.resolve(name)), 'package.json'), 'utf8')).version
}

function packageFolder(path) {
  return existsSync(join(path, 'package.json')) ? path : packageFolder(dirname(path))
}
