import { format, inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { Secret, withoutSecrets } from '../pipeline/secret.js'

const value = 'a-value/that+nobody=may.see'

describe('a Secret', () => {
  it.each<[string, (secret: Secret) => string]>([
    ['printed', (secret) => `${secret}`],
    ['joined', (secret) => ['key', secret].join('=')],
    ['serialised', (secret) => JSON.stringify({ deep: [secret] })],
    ['inspected', (secret) => inspect({ deep: { secret } }, { depth: 9, showHidden: true, getters: true })],
    ['formatted', (secret) => format('%s %o %j', secret, secret, secret)],
    ['named by an error', (secret) => inspect(new Error(`refused ${secret}`, { cause: secret }))],
  ])('is a placeholder when %s', (_, show) => {
    const shown = show(new Secret(value))
    expect(shown).toContain('[secret]')
    expect(shown).not.toContain(value)
  })

  it('has no property that holds the value', () => {
    const secret = new Secret(value)
    expect(Object.keys(secret)).toEqual([])
    expect(JSON.stringify({ ...secret })).toBe('{}')
    expect(secret.reveal()).toBe(value)
  })
})

describe('withoutSecrets', () => {
  it('takes out every occurrence of every secret, as text and not as a pattern', () => {
    const text = `${value}, again ${value}, and p.a$$word but not pXa$$word`
    expect(withoutSecrets(text, [new Secret(value), new Secret('p.a$$word')])).toBe(
      '[secret], again [secret], and [secret] but not pXa$$word',
    )
  })

  it('leaves a text alone in which a value would be too short to be a secret', () => {
    expect(withoutSecrets('the cat sat', [new Secret('cat'), new Secret('')])).toBe('the cat sat')
  })

  it('leaves nothing of a secret that begins with another', () => {
    const secrets = [new Secret('abcdefgh'), new Secret('abcdefgh-and-more')]
    expect(withoutSecrets('abcdefgh-and-more', secrets)).toBe('[secret]')
  })
})
