import { expect, test } from 'vitest'
import { clearSecrets, shortenHomePaths } from '../pipeline/clear.js'
import { Secret } from '../pipeline/secret.js'

// Put together at run time, so that no scanner takes the fixtures for real ones.
const body = 'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8s9T0'
const planted: Readonly<Record<string, string>> = {
  'Anthropic key': `sk-ant-api03-${body}`,
  'OpenAI key': `sk-proj-${body}`,
  'Stripe key': `sk_live_${body}`,
  'GitHub token': `ghp_${body}`,
  'GitHub fine-grained token': `github_pat_${body}`,
  'GitLab token': `glpat-${body}`,
  'Slack token': `xoxb-123456789012-${body}`,
  'Slack webhook': `https://hooks.slack.com/services/T000/B000/${body}`,
  'Discord webhook': `https://discord.com/api/webhooks/123456789012345678/${body}`,
  'AWS key id': 'AKIA' + 'ABCDEFGHIJKLMNOP',
  'Google key': `AIza${body}`,
  'npm token': `npm_${body}`,
  'Hugging Face token': `hf_${body}`,
  'JSON web token': `eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.${body}`,
  'SendGrid key': `SG.${body}.${body}`,
  'Twilio key': `SK${'0123456789abcdef'.repeat(2)}`,
  'Telegram bot': `123456789:AA${body}`,
  'DigitalOcean token': `dop_v1_${body}`,
}

test.each(Object.entries(planted))('a %s is removed from a sentence', (_name, secret) => {
  const cleared = clearSecrets(`Please use ${secret} for the upload.`)
  expect(cleared).toBe('Please use [secret] for the upload.')
})

test.each([
  ['postgres://garden:hunter22@db.test:5432/plants', 'postgres://garden:[secret]@db.test:5432/plants'],
  ['redis://:p4ss!word@cache.test', 'redis://:[secret]@cache.test'],
  ['Authorization: Bearer abc.def-123', 'Authorization: [secret]'],
  ['curl -H "Authorization: token abcdef123456"', 'curl -H "Authorization: [secret]"'],
  ['bearer abcdefghijklmnop', 'bearer [secret]'],
  ['GARDEN_SIGNING_KEY=hunter2', 'GARDEN_SIGNING_KEY=[secret]'],
  ['password=hunter2', 'password=[secret]'],
  ['DB_PASSWORD: "two words"', 'DB_PASSWORD: [secret]'],
  ['{"api_key":"abc","n":1}', '{"api_key":[secret],"n":1}'],
  ['export AWS_SECRET_ACCESS_KEY=abc/def+ghi', 'export AWS_SECRET_ACCESS_KEY=[secret]'],
  ['mysql --password hunter2 plants', 'mysql --password [secret] plants'],
  ['curl -u robin:hunter2 https://a.test', 'curl -u robin:[secret] https://a.test'],
  ['AccountName=a;AccountKey=abc==;Suffix=b', 'AccountName=a;AccountKey=[secret];Suffix=b'],
  ['the password is hunter22!', 'the password is [secret]'],
  ['https://b.test/f?X-Amz-Signature=abcdef&x=1', 'https://b.test/f?X-Amz-Signature=[secret]&x=1'],
  ['Cookie: session=abc; theme=dark', 'Cookie: [secret]'],
])('%s becomes %s', (text, expected) => {
  expect(clearSecrets(text)).toBe(expected)
  expect(clearSecrets(expected)).toBe(expected)
})

test('a private key is removed whole, even where its end was cut off', () => {
  const begin = ['-----BEGIN', 'RSA PRIVATE KEY-----'].join(' ')
  const end = ['-----END', 'RSA PRIVATE KEY-----'].join(' ')
  expect(clearSecrets(`key:\n${begin}\nabc\ndef\n${end}\nafter`)).toBe('key:\n[secret]\nafter')
  expect(clearSecrets(`key:\n${begin}\nabc\nde`)).toBe('key:\n[secret]')
})

test('the secrets that the program itself was given are removed whatever their shape', () => {
  expect(clearSecrets('it says plain-words here', [new Secret('plain-words')])).toBe('it says [secret] here')
})

test.each([
  'Count the tokens of each session and the token cost',
  'the password field is too narrow',
  'sort by key, then skip 1:2 in the ratio',
  'https://garden.test/beds?page=2',
  'commit 1a2b3c4d5e6f7a8b9c0d1e2f3a4b5c6d7e8f9a0b',
  'write to robin@garden.test',
])('"%s" is left as it is', (text) => {
  expect(clearSecrets(text)).toBe(text)
})

const junk = [
  'a-',
  'a.b.',
  'https://',
  'https://a:',
  'token ',
  'eyJ',
  'sk-',
  '-eyJa',
  '--password ',
  'password="',
  'password=a ',
  '=',
  'x',
  '"',
  '?key=',
  'cookie:',
  'bearer ',
  'basic a1',
  'login ',
  'mysql ',
  'A1b2+/',
  'KEY_',
  ' ',
  '\n',
  String.raw`\n`,
  '-----BEGIN PRIVATE KEY-----',
  '-----END PRIVATE KEY-----',
  'Private-Lines: 1 ',
  '[secret]',
]

test.each(junk)(
  'a text sixteen times as long, of nothing but "%s", takes its share of time and no more',
  (part) => {
    const fastestMs = (chars: number): number => {
      const text = part.repeat(Math.ceil(chars / part.length))
      const times = [1, 2].map(() => {
        const startedMs = performance.now()
        clearSecrets(text)
        return performance.now() - startedMs
      })
      return Math.min(...times)
    }
    const shortMs = fastestMs(32_000)
    const longMs = fastestMs(512_000)
    // Sixteen times is linear, 256 times quadratic; below a few milliseconds nothing can be told.
    expect(longMs / Math.max(shortMs, 4)).toBeLessThan(64)
  },
)

test('home directories become ~, other paths stay', () => {
  expect(
    shortenHomePaths('cat /srv/people/robin/a.txt /home/kim/b /Users/kim/c /etc/hosts', '/srv/people/robin'),
  ).toBe('cat ~/a.txt ~/b ~/c /etc/hosts')
  expect(shortenHomePaths(String.raw`C:\Users\kim\notes`, '/')).toBe(String.raw`~\notes`)
  expect(shortenHomePaths('/srv/people/robinson/a', '/srv/people/robin')).toBe('/srv/people/robinson/a')
})
