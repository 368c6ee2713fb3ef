// Runs a program to its end and says how long it took and how much memory its largest process held.
import { spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const timeProgram = '/usr/bin/time'
const pollMs = 20

/** Rejects when the program fails, with the end of what it printed. */
export async function measure(command, args, { env, cwd }) {
  const report = join(tmpdir(), `debrief-bench-time-${process.pid}.txt`)
  const hasTime = existsSync(timeProgram)
  const started = performance.now()
  const run = hasTime
    ? spawn(timeProgram, ['-v', '-o', report, command, ...args], { env, cwd })
    : spawn(command, args, { env, cwd })
  const poll = hasTime ? null : pollPeak(run.pid)
  const { code, stdout, stderr } = await finish(run)
  const seconds = (performance.now() - started) / 1000
  const peakMb = poll ? poll.stop() : readReport(report)
  if (code !== 0)
    throw new Error(`${command} ${args.join(' ')}: exit code ${code}\n${(stderr || stdout).slice(-2000)}`)
  return { seconds, peakMb, stdout }
}

function finish(run) {
  return new Promise((resolve, reject) => {
    let stdout = ''
    let stderr = ''
    run.stdout.on('data', (data) => {
      stdout += data
    })
    run.stderr.on('data', (data) => {
      stderr += data
    })
    run.on('error', reject)
    run.on('close', (code) => resolve({ code, stdout, stderr }))
  })
}

function readReport(report) {
  const kilobytes = /Maximum resident set size \(kbytes\): (\d+)/.exec(readFileSync(report, 'utf8'))?.[1]
  rmSync(report)
  return Number(kilobytes) / 1024
}

/** Without GNU time: the high-water mark of the process and its children, looked at again and again. */
function pollPeak(pid) {
  let peakKb = 0
  const timer = setInterval(() => {
    for (const id of [pid, ...childrenOf(pid)]) peakKb = Math.max(peakKb, highWaterKb(id))
  }, pollMs)
  return {
    stop: () => {
      clearInterval(timer)
      return peakKb / 1024
    },
  }
}

function childrenOf(pid) {
  try {
    const tasks = readdirSync(`/proc/${pid}/task`)
    const children = tasks.flatMap((task) =>
      readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
    )
    return children.flatMap((child) => [child, ...childrenOf(child)])
  } catch {
    return []
  }
}

function highWaterKb(pid) {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0)
  } catch {
    return 0
  }
}
