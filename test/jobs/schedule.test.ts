import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createMachine, type Machine } from './debrief-command.js'

describe('debrief schedule', () => {
  let machine: Machine
  beforeEach(() => {
    machine = createMachine()
  })
  afterEach(() => machine.remove())

  const americanWeek =
    'timezone: America/New_York\nweek_starts_on: sunday\nschedule: {facets: null, monthly: "30 6 1 * *"}'

  it('list says when each job runs next, in the configured time zone', async () => {
    machine.configure(americanWeek)
    const { code, stdout } = await machine.debrief('schedule', 'list')
    expect(code).toBe(0)
    const inAQuarter = new Date(Math.floor(Date.now() / 900_000 + 1) * 900_000)
    const local = new Intl.DateTimeFormat('en-GB', { timeZone: 'America/New_York', timeStyle: 'short' })
    const [, , sync, snapshot, weekly, monthly, ...rest] = stdout.split('\n')
    expect(sync).toMatch(
      new RegExp(`^sync +\\*/15 \\* \\* \\* \\* .* ${local.format(inAQuarter)} +none yet$`),
    )
    expect(snapshot).toMatch(/^snapshot +30 4 \* \* \* .* 04:30 +none yet$/)
    expect(weekly).toMatch(/^weekly +0 6 \* \* 0 +Sun, .* 06:00 +none yet$/)
    expect(monthly).toMatch(/^monthly +30 6 1 \* \* .* 1 \w+ \d{4}.* 06:30 +none yet$/)
    expect(rest).toEqual(['Times are in America/New_York.', ''])
  })

  it('list gives the same as JSON', async () => {
    machine.configure(americanWeek)
    const { stdout } = await machine.debrief('schedule', 'list', '--json')
    expect(JSON.parse(stdout)).toEqual(
      [
        ['sync', '*/15 * * * *'],
        ['snapshot', '30 4 * * *'],
        ['weekly', '0 6 * * 0'],
        ['monthly', '30 6 1 * *'],
      ].map(([job, expression]) => ({
        job,
        expression,
        next_run_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:00\.000Z$/),
        last_run: null,
        missed: [],
      })),
    )
  })

  it('list takes the configuration that it is given', async () => {
    const { stdout, stderr } = await machine.debrief('schedule', 'list', '--config', 'nowhere.yaml')
    expect([stdout, stderr]).toEqual(['', expect.stringContaining('no configuration file at')])
  })

  it.each(['schedule', 'schedule list'])(
    '%s refuses a time that is none, and names its key',
    async (command) => {
      machine.configure('schedule: {sync: "every morning"}')
      const { code, stderr } = await machine.debrief(...command.split(' '))
      expect(code).toBe(2)
      expect(stderr).toContain(
        'schedule.sync: expected a cron expression such as "0 6 * * 1", got "every morning"',
      )
    },
  )
})
