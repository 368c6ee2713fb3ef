import { execFileSync, spawnSync } from 'node:child_process'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createMachine, type Machine } from './debrief-command.js'

let machine: Machine
let bashScript: string
beforeAll(async () => {
  machine = createMachine()
  machine.configure('nonsense: true') // A shell starts anywhere: this must not matter.
  bashScript = (await machine.debrief('completion', 'bash')).stdout
})
afterAll(() => machine.remove())

/** What bash offers after these words, the last of which is being typed. */
function offered(...words: string[]): string[] {
  const script = `${bashScript}
COMP_WORDS=(${['debrief', ...words].map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length}
_debrief; printf '%s\\n' "\${COMPREPLY[@]}"`
  const text = execFileSync('bash', ['-u', '-c', script], { encoding: 'utf8' })
  return text.split('\n').filter((word) => word !== '')
}

describe('debrief completion bash', () => {
  test('offers commands, then theirs', () => {
    expect(offered('')).toEqual(expect.arrayContaining(['run', 'sync', 'init', 'doctor', 'completion']))
    expect(offered('do')).toEqual(['doctor'])
    expect(offered('run', '')).toEqual(expect.arrayContaining(['weekly', 'monthly']))
    expect(offered('tips', 'h')).toContain('helpful')
  })

  test('offers the flags of a command, also after others', () => {
    expect(offered('run', 'weekly', '--no')).toEqual(['--no-publish'])
    expect(offered('--for', 'x', 'facets', '--dr')).toEqual(['--dry-run'])
    expect(offered('sync', '--dry')).toEqual([])
  })

  test('offers the choices of a value, and leaves other values to files', () => {
    expect(offered('facets', '--provider', 'cl')).toEqual(['claude-cli'])
    expect(offered('query', '--format', '')).toEqual(['table', 'json', 'csv', 'arrow'])
    expect(offered('completion', '')).toEqual(expect.arrayContaining(['bash', 'zsh', 'fish']))
    expect(offered('sync', '--config', '')).toEqual([])
    expect(bashScript).toContain('complete -o default')
  })
})

test.each(['zsh', 'fish'])(
  'debrief completion %s names every command, with its quotes closed',
  async (shell) => {
    const { code, stdout } = await machine.debrief('completion', shell)
    expect(code).toBe(0)
    for (const word of ['weekly', 'doctor', 'no-publish', 'claude-cli']) expect(stdout).toContain(word)
    // Where the shell is installed it reads the script; the quotes can be counted anywhere.
    const read = spawnSync(shell, ['-n'], { input: stdout, encoding: 'utf8' })
    if (read.error === undefined) expect([read.status, read.stderr]).toEqual([0, ''])
    const unescaped = stdout.replaceAll(shell === 'fish' ? "\\'" : "'\\''", '')
    for (const line of unescaped.split('\n').filter((text) => !text.startsWith('#')))
      expect([line, line.split("'").length % 2]).toEqual([line, 1])
  },
)

test('a shell that is not known is refused', async () => {
  const { code, stderr } = await machine.debrief('completion', 'tcsh')
  expect([code, stderr.includes('Allowed choices are bash, zsh, fish')]).toEqual([2, true])
})
