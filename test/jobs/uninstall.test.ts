import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createMachine, type Machine } from './debrief-command.js'

let machine: Machine
beforeEach(() => {
  machine = createMachine()
})
afterEach(() => machine.remove())

test('debrief uninstall says what remains where, with a command to remove each, and removes nothing of it', async () => {
  machine.configure(`user: sam
machine: desk
publish: {s3: {endpoint: "https://s3.example.com", bucket: debriefs}}
discord: [{url_env: TEAM_WEBHOOK}]`)
  mkdirSync(machine.out)
  writeFileSync(join(machine.out, 'ledger.duckdb'), 'not one')
  const { code, stdout } = await machine.debrief('uninstall')
  expect(code).toBe(0)
  expect(stdout).toContain(`rm -r "${machine.out}"`)
  expect(stdout).toContain(`rm "${join(machine.folder, 'debrief.yaml')}"`)
  expect(stdout).toContain(
    'aws s3 rm --recursive "s3://debriefs/debrief/sam/desk/" --endpoint-url https://s3.example.com',
  )
  expect(stdout).toContain('Discord TEAM_WEBHOOK')
  expect(existsSync(join(machine.out, 'ledger.duckdb'))).toBe(true)
  expect(existsSync(join(machine.folder, 'debrief.yaml'))).toBe(true)
})

test('debrief uninstall names a schedule entry that it could not take off', async () => {
  const units = join(machine.folder, '.config/systemd/user')
  mkdirSync(units, { recursive: true })
  writeFileSync(join(units, 'my-debrief.service'), '[Service]\nExecStart=debrief schedule\n')
  const { stdout } = await machine.debrief('uninstall', '--json')
  const { removed, remaining } = JSON.parse(stdout)
  expect(removed).toEqual([])
  expect(remaining[0]).toMatchObject({
    what: 'schedule entry (systemd)',
    where: join(units, 'my-debrief.service'),
  })
  expect(remaining[0].removal).toContain('systemctl --user disable --now my-debrief.service')
})
