// Paths as they may be shown: short, without the home directory, and still telling two projects apart.
import { capitalised, words } from './format.js'

export interface NameOptions {
  readonly home: string
  readonly redactPaths: boolean
}

/** A short label for each path: its last segment, or as many as it takes to be the only one. */
export function projectLabels(paths: Iterable<string>, options: NameOptions): Map<string, string> {
  const unique = [...new Set(paths)].sort()
  if (!options.redactPaths) return new Map(unique.map((path) => [path, fromHome(path, options.home)]))
  return new Map(unique.map((path) => [path, shortest(path, unique, options.home)]))
}

/** A log file's path: the home as ~, and folders that spell out other paths left out. */
export function fileLabel(path: string, options: NameOptions): string {
  const short = fromHome(path, options.home)
  if (!options.redactPaths) return short
  const segments = short.split('/')
  const shown = segments.map((part, i) => (part.startsWith('-') && i < segments.length - 1 ? '…' : part))
  return shown[0] === '~' || shown.length < 4 ? shown.join('/') : `…/${shown.slice(-2).join('/')}`
}

/** Model names without the date they end in, where that leaves them apart. */
export function modelLabels(models: Iterable<string>): Map<string, string> {
  const unique = [...new Set(models)].sort()
  const short = (model: string) => model.replace(/-\d{8}$/, '')
  return new Map(
    unique.map((model) => {
      const isAlone = unique.filter((other) => short(other) === short(model)).length === 1
      return [model, isAlone ? short(model) : model]
    }),
  )
}

function shortest(path: string, all: readonly string[], home: string): string {
  if (path === home) return '~'
  const segments = path.split(/[/\\]/).filter(Boolean)
  for (let count = 1; count < segments.length; count++) {
    const tail = segments.slice(-count).join('/')
    const isAlone = all.every((other) => other === path || !`/${other}`.endsWith(`/${tail}`))
    if (isAlone) return tail
  }
  return segments.join('/') || path
}

/** The same path from the home directory on, as ~; for a command, so nothing else is shortened. */
export function fromHome(path: string, home: string): string {
  if (home.length < 2) return path
  if (path === home) return '~'
  return path.startsWith(`${home}/`) ? `~${path.slice(home.length)}` : path
}

const agentNames: Readonly<Record<string, string>> = { opencode: 'OpenCode', pi: 'pi' }

/** claude-code → Claude Code */
export function agentName(source: string): string {
  const own = agentNames[source]
  if (own !== undefined) return own
  return source.split('-').map(capitalised).join(' ')
}

/** wrong_approach → "a wrong approach": what got in the way, as a person would say it. */
export function frictionWords(kind: string): string {
  const said: Readonly<Record<string, string>> = {
    wrong_approach: 'a wrong approach',
    misunderstood_request: 'a misunderstood request',
    buggy_code: 'buggy code',
    tool_limitation: 'a tool’s limits',
    excessive_changes: 'changes that nobody asked for',
    user_rejected_action: 'an action that you refused',
    loop_detected: 'going in circles',
    environment_issue: 'trouble with the environment',
    no_results: 'coming back with nothing',
  }
  return said[kind] ?? words(kind)
}
