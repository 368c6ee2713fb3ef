import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeWeeks } from '../tips/correction-logs.js'
import { createMachine, type Machine } from './debrief-command.js'

let machine: Machine
beforeAll(async () => {
  machine = createMachine()
  writeWeeks(machine.folder, { '2026-01-12': 8, '2026-02-09': 10 })
  await machine.debrief('sync', '--quiet')
})
afterAll(() => machine.remove())

describe('debrief tips', () => {
  it('says how to get tips where none was given yet', async () => {
    const { code, stdout } = await machine.debrief('tips', 'list')
    expect([code, stdout]).toEqual([0, 'No tip has been given yet: `debrief report weekly` gives them.\n'])
  })

  it('lists the latest week, or every one, and takes what the user says of them', async () => {
    await machine.debrief('report', 'weekly', '--all', '--quiet')
    const latest = await machine.debrief('tips', 'list')
    expect(latest.stdout).toMatch(
      /^corrections\/2026-W07 {2}\(high, prompting\)\n {2}10 prompts of 40 \(25 %/,
    )
    expect(latest.stdout).not.toContain('2026-W03')
    const all = JSON.parse((await machine.debrief('tips', 'list', '--all', '--json')).stdout) as {
      tips: { id: string }[]
    }
    expect(all.tips.map(({ id }) => id)).toEqual(['corrections/2026-W07', 'corrections/2026-W03'])

    const helpful = await machine.debrief('tips', 'helpful', 'corrections/2026-W03')
    expect(helpful).toMatchObject({ code: 0, stdout: 'Noted: corrections/2026-W03 was helpful.\n' })
    const dismissed = await machine.debrief('tips', 'dismiss', 'corrections')
    expect(dismissed.stdout).toContain('Dismissed: corrections does not return.')
    const marked = await machine.debrief(
      'query',
      'select feedback from tips order by period',
      '--format',
      'csv',
    )
    expect(marked.stdout).toBe('feedback\nhelpful\ndismissed\n')
  })

  it('ends with exit code 2 for a tip that is not there, and names those that are near', async () => {
    const { code, stdout, stderr } = await machine.debrief('tips', 'dismiss', 'corection')
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toContain('there is no tip corection')
    expect(stderr).toContain('Did you mean corrections/2026-W07')
  })
})
