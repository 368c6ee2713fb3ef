// Runs the built command line as a person or cron does: a process of its own, with an environment of its own.
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { packageRoot } from '../../pipeline/root.js'

const cli = join(packageRoot, 'dist/jobs/cli.js')

export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface Machine {
  /** HOME and working directory of every command. */
  readonly folder: string
  readonly out: string
  /** Ends with all that was printed; arguments are not seen by any shell. */
  debrief(...args: readonly string[]): Promise<Ended>
  /** As above, with more in the environment than PATH, HOME and TZ. */
  debriefWith(env: Readonly<Record<string, string>>, ...args: readonly string[]): Promise<Ended>
  start(...args: readonly string[]): ChildProcess
  startWith(env: Readonly<Record<string, string>>, ...args: readonly string[]): ChildProcess
  configure(yaml: string): void
  /** Every byte that lies below out/, and what was printed so far: where secrets are looked for. */
  everything(): Buffer
  remove(): void
}

/** A machine with nothing on it. */
export function createMachine(): Machine {
  if (!existsSync(cli)) throw new Error(`expected the built program at ${cli}: run "npm run build" first`)
  const folder = mkdtempSync(join(tmpdir(), 'debrief-machine-'))
  const out = join(folder, 'out')
  const printed: string[] = []
  const startWith = (env: Readonly<Record<string, string>>, args: readonly string[]): ChildProcess =>
    spawn(process.execPath, [cli, ...args], {
      cwd: folder,
      env: { PATH: process.env.PATH, HOME: folder, TZ: 'UTC', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
  const debriefWith: Machine['debriefWith'] = async (env, ...args) => {
    const ended = await endOf(startWith(env, args))
    printed.push(ended.stdout, ended.stderr)
    return ended
  }
  return {
    folder,
    out,
    debrief: (...args) => debriefWith({}, ...args),
    debriefWith,
    start: (...args) => startWith({}, args),
    startWith: (env, ...args) => startWith(env, args),
    configure: (yaml) => writeFileSync(join(folder, 'debrief.yaml'), yaml),
    everything: () => Buffer.concat([...bytesBelow(out), ...printed.map((text) => Buffer.from(text))]),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** Collects what a command prints until it ends. */
export function endOf(child: ChildProcess): Promise<Ended> {
  const [stdout, stderr]: [Buffer[], Buffer[]] = [[], []]
  child.stdout?.on('data', (chunk: Buffer) => stdout.push(chunk))
  child.stderr?.on('data', (chunk: Buffer) => stderr.push(chunk))
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) =>
      resolve({ code, stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() }),
    )
  })
}

/** Puts a fixture's or a generator's logs where Claude Code would. */
export function writeLog(machine: Machine, name: string, content: string | Buffer): void {
  const folder = join(machine.folder, '.claude/projects/-x')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, name), content)
}

function bytesBelow(folder: string): Buffer[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name)))
}
