import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createMachine, type Machine, writeLog } from './debrief-command.js'

let machine: Machine
beforeEach(() => {
  machine = createMachine()
})
afterEach(() => machine.remove())

/** One prompt and one answer of a model that no price list has. */
function writeUnknownModel(): void {
  const line = { sessionId: 'f1', version: '2.1.119', cwd: '/home/sam/a', isSidechain: false }
  const lines = [
    {
      ...line,
      type: 'user',
      uuid: 'u1',
      timestamp: '2026-02-10T10:00:00.000Z',
      message: { role: 'user', content: 'Go on.' },
    },
    {
      ...line,
      type: 'assistant',
      uuid: 'u2',
      requestId: 'r1',
      timestamp: '2026-02-10T10:00:05.000Z',
      message: {
        id: 'm1',
        role: 'assistant',
        model: 'vendor/acme-1',
        content: [{ type: 'text', text: 'Done.' }],
        usage: { input_tokens: 1_000_000, output_tokens: 200_000 },
      },
    },
  ]
  writeLog(machine, 'f1.jsonl', lines.map((entry) => `${JSON.stringify(entry)}\n`).join(''))
}

async function priceList() {
  return JSON.parse((await machine.debrief('prices', '--json')).stdout)
}

describe('debrief prices', () => {
  it('shows the table where nothing is loaded, within 80 columns, and leaves nothing behind', async () => {
    const { code, stdout, stderr } = await machine.debrief('prices')
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(/^Model +Input +Output +5m +1h +Read +Fast\n/)
    expect(stdout).toMatch(/\nclaude-opus-4-6 +5 +25 +6\.25 +10 +0\.5 +×6\n/)
    expect(stdout).toMatch(
      /\nclaude-sonnet-4-5-20250929 .*\n {2}above 200,000 tokens +6 +22\.5 +7\.5 +12 +0\.6\n/,
    )
    expect(stdout).toContain('us ×1.1; elsewhere ×1.')
    expect(stdout).toContain('web_search $0.01 each')
    expect(stdout).toContain('Nothing is loaded yet')
    expect(stdout).toMatch(/\nDigest [0-9a-f]{12}\n$/)
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80)
    expect(existsSync(machine.out)).toBe(false)
  })

  it('marks your own prices and says from when they hold', async () => {
    machine.configure('prices: [{model: vendor/acme-1, from: 2026-02-01, input: 1.25, output: 5}]')
    const { stdout } = await machine.debrief('prices')
    expect(stdout).toMatch(/\nvendor\/acme-1 \* +2026-02-01 +1\.25 +5 +1\.25 +1\.25 +1\.25\n/)
    expect(stdout).toContain('* your own')
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80)
  })

  it('names the models without a price, until they have one by the name that was logged', async () => {
    writeUnknownModel()
    await machine.debrief('sync')
    expect((await machine.debrief('prices')).stdout).toMatch(
      /\nWithout a price +Calls +Tokens\n.*\nvendor\/acme-1 +1 +1,200,000\nGive them one/,
    )
    machine.configure('prices: [{model: vendor/acme-1, input: 1, output: 5}]')
    expect(await priceList()).toMatchObject({ is_applied: false, unpriced: [{ call_count: 1 }] })
    expect((await machine.debrief('prices')).stdout).toContain('until the next `debrief sync`')
    await machine.debrief('sync')
    expect(await priceList()).toMatchObject({ is_applied: true, unpriced: [] })
    const { stdout } = await machine.debrief('query', 'select cost_usd from llm_calls', '--format', 'csv')
    expect(stdout).toBe('cost_usd\n2\n')
  })

  it('gives the digest that the snapshot names', async () => {
    writeUnknownModel()
    await machine.debrief('sync')
    await machine.debrief('snapshot')
    const manifest = JSON.parse(readFileSync(join(machine.out, 'parquet/manifest.json'), 'utf8'))
    expect((await priceList()).digest).toBe(manifest.price_digest)
  })

  it('with two prices for one model and date ends with exit code 2 and names them', async () => {
    machine.configure(
      'prices: [{model: acme-1, input: 1, output: 5}, {model: vendor/acme-1, input: 2, output: 5}]',
    )
    const { code, stderr } = await machine.debrief('prices')
    expect(code).toBe(2)
    expect(stderr).toMatch(/debrief\.yaml: expected one price.*acme-1 and vendor\/acme-1, from the beginning/)
  })
})
