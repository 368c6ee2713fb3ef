// A corpus of what must go and of what must stay. Secrets are put together at run time, so that no scanner takes them
// for real ones.
import { expect, test } from 'vitest'
import { clearSecrets } from '../pipeline/clear.js'
import { sqlWithoutToken } from '../pipeline/secret-shapes.js'
import { openDatabase, sqlText } from '../pipeline/warehouse/db.js'

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/** The same characters every time, drawn as keys are. */
function drawn(length: number, from = alphabet, seed = 7): string {
  let state = seed + length * 31
  let text = ''
  for (let i = 0; i < length; i++) {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    text += from[Math.floor((state / 2_147_483_648) * from.length)]
  }
  return text
}
const hex = (length: number): string => drawn(length, '0123456789abcdef')
const body = drawn(40)
const aws = `${drawn(13)}/${drawn(7)}/${drawn(18)}`
const pem = (kind: string, lineEnd: string): string =>
  [`-----BEGIN ${kind}-----`, drawn(64), drawn(64), drawn(20), `-----END ${kind}-----`].join(lineEnd)

/** Known by their shape alone: name and secret. */
const tokens: Readonly<Record<string, string>> = {
  'GitHub classic': `ghp_${body.slice(0, 36)}`,
  'GitHub OAuth': `gho_${body.slice(0, 36)}`,
  'GitHub app': `ghs_${body.slice(0, 36)}`,
  'GitHub fine-grained': `github_pat_${drawn(22)}_${drawn(59)}`,
  GitLab: `glpat-${drawn(20)}`,
  'Slack bot': `xoxb-123456789012-1234567890123-${drawn(24)}`,
  'Slack user': `xoxp-123456789012-${drawn(24)}`,
  'Slack app': `xapp-1-A012BCDEFGH-${drawn(30)}`,
  'Slack webhook': `https://hooks.slack.com/services/T0ABCDEFG/B0ABCDEFG/${drawn(24)}`,
  'Discord webhook': `https://discord.com/api/webhooks/123456789012345678/${drawn(68)}`,
  'Discord bot': `M${drawn(23)}.${drawn(6)}.${drawn(38)}`,
  'Stripe live': `sk_live_${drawn(24)}`,
  'Stripe restricted': `rk_live_${drawn(24)}`,
  'Stripe webhook': `whsec_${drawn(32)}`,
  'OpenAI old': `sk-${drawn(48)}`,
  'OpenAI project': `sk-proj-${drawn(48)}_${drawn(20)}`,
  Anthropic: `sk-ant-api03-${drawn(86)}-AA`,
  OpenRouter: `sk-or-v1-${hex(64)}`,
  Google: `AIza${drawn(35)}`,
  'Google OAuth': `ya29.${drawn(60)}`,
  'Google client': `GOCSPX-${drawn(28)}`,
  'Azure client': `${drawn(3)}8Q~${drawn(34)}`,
  'Azure storage': `${drawn(76)}+ASt${drawn(6)}==`,
  'AWS key id': `AKIA${drawn(16, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567')}`,
  npm: `npm_${drawn(36)}`,
  PyPI: `pypi-AgEIcHlwaS5vcmc${drawn(60)}`,
  crates: `cio${drawn(32)}`,
  Docker: `dckr_pat_${drawn(27)}`,
  'Hugging Face': `hf_${drawn(34)}`,
  Twilio: `SK${hex(32)}`,
  SendGrid: `SG.${drawn(22)}.${drawn(43)}`,
  Mailgun: `key-${hex(32)}`,
  Mailchimp: `${hex(32)}-us12`,
  Resend: `re_${drawn(8)}_${drawn(24)}`,
  DigitalOcean: `dop_v1_${hex(64)}`,
  Databricks: `dapi${hex(32)}`,
  Vault: `hvs.${drawn(24)}`,
  Linear: `lin_api_${drawn(40)}`,
  Notion: `ntn_${drawn(46)}`,
  Atlassian: `ATATT3${drawn(60)}`,
  Figma: `figd_${drawn(40)}`,
  Grafana: `glsa_${drawn(32)}_${hex(8)}`,
  'New Relic': `NRAK-${drawn(27, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789')}`,
  Postman: `PMAK-${hex(24)}-${hex(34)}`,
  Groq: `gsk_${drawn(52)}`,
  Supabase: `sbp_${hex(40)}`,
  PlanetScale: `pscale_tkn_${drawn(43)}`,
  Tailscale: `tskey-auth-${drawn(12)}-${drawn(32)}`,
  Telegram: `123456789:AA${drawn(33)}`,
  'JSON web token': `eyJ${drawn(20)}.eyJ${drawn(30)}.${drawn(43)}`,
  'JSON web token, cut off': `eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9`,
  Terraform: `${drawn(14)}.atlasv1.${drawn(60)}`,
  Airtable: `pat${drawn(14)}.${hex(64)}`,
}

/** Known by what stands around them: the text, and what of it must be gone. */
const inContext: Readonly<Record<string, readonly [text: string, secret: string]>> = {
  'AWS secret beside "aws"': [`use the aws one, ${aws}, for uploads`, aws],
  'AWS secret beside "secret"': [`its secret: ${aws}`, aws],
  'password in a sentence': ['the password is hunter22, try it', 'hunter22'],
  'password of one long word': ['my password is correcthorsebatterystaple ok', 'correcthorse'],
  'quoted password in a sentence': ["password is 'swordfish' there", 'swordfish'],
  'key in prose': [`use key: ${drawn(20)} for it`, drawn(20)],
  'hexadecimal key in prose': [`key: ${hex(32)}`, hex(32)],
  'password in the environment': ['PASSWORD=swordfish npm start', 'swordfish'],
  'prefixed pass': ['SMTP_PASS: swordfish', 'swordfish'],
  'token in YAML': ['deploy_token: abcd-efgh', 'abcd-efgh'],
  'password in escaped JSON': [String.raw`{\"password\": \"swordfish\"}`, 'swordfish'],
  'basic authorization': ['Authorization: Basic cm9iaW46aHVudGVy', 'cm9iaW46'],
  'signed authorization': [
    `Authorization: AWS4-HMAC-SHA256 Credential=AKIDX/2026/s3, SignedHeaders=host, Signature=${hex(64)}`,
    hex(64),
  ],
  'digest authorization': ['Authorization: Digest username="robin", response="6629fae49393a053"', '6629fae4'],
  'bearer token': [`send Bearer ${drawn(24)} along`, drawn(24)],
  'postgres URL': ['postgres://robin:sword/fish@db.test/plants', 'sword'],
  'mysql URL': ['mysql://root:sword@fish@db.test:3306/plants', 'fish@'],
  'mongodb URL': ['mongodb+srv://robin:swordfish@c0.abc.mongodb.net/?w=majority', 'swordfish'],
  'redis URL': ['redis://:swordfish@cache.test:6379/0', 'swordfish'],
  'amqp URL': ['amqp://robin:swordfish@mq.test/v', 'swordfish'],
  JDBC: ['jdbc:postgresql://db.test/plants?user=robin&password=swordfish&ssl=true', 'swordfish'],
  'SQL Server': ['Server=db.test;User Id=robin;Password=swordfish;Encrypt=yes', 'swordfish'],
  'Azure connection string': ['AccountName=a;AccountKey=c3dvcmQ=;EndpointSuffix=x', 'c3dvcmQ'],
  'Azure service bus': ['SharedAccessKeyName=root;SharedAccessKey=c3dvcmRmaXNo=', 'c3dvcmRm'],
  'Azure SAS': [`https://a.blob.test/c?sv=2022-11-02&se=2026&sig=${drawn(43)}%3D`, drawn(43)],
  'presigned link': [`https://b.test/k?X-Amz-Expires=60&X-Amz-Signature=${hex(64)}`, hex(64)],
  'Google presigned link': [`https://b.test/k?X-Goog-Signature=${hex(128)}&x=1`, hex(128)],
  cookie: ['Cookie: theme=dark; sid=swordfish', 'swordfish'],
  'cookie in JSON': ['{"cookie": "sid=swordfish"}', 'swordfish'],
  'session cookie': [`JSESSIONID=${hex(32)}; path=/`, hex(32)],
  'PEM key': [`here: ${pem('RSA PRIVATE KEY', '\n')} end`, drawn(64)],
  'encrypted PEM key': [pem('ENCRYPTED PRIVATE KEY', '\n'), drawn(64)],
  'OpenSSH key': [pem('OPENSSH PRIVATE KEY', '\n'), drawn(20)],
  'EC key on one line': [`"key": "${pem('EC PRIVATE KEY', String.raw`\n`)}"`, drawn(64)],
  'PEM key without its end': [`-----BEGIN PRIVATE KEY-----\n${drawn(64)}\n${drawn(30)}`, drawn(30)],
  'PEM key without its beginning': [
    `${drawn(64)}\n${drawn(20)}\n-----END PRIVATE KEY-----\nafter`,
    drawn(20),
  ],
  'service account': [
    JSON.stringify({
      type: 'service_account',
      private_key_id: hex(40),
      private_key: pem('PRIVATE KEY', '\n'),
    }),
    hex(40),
  ],
  'curl with a password': ['curl -u robin:swordfish https://a.test', 'swordfish'],
  'flag with a password': ['mysql --password=swordfish plants', 'swordfish'],
  'mysql -p': ['mysql -h db.test -u robin -pswordfish plants', 'swordfish'],
  'sshpass -p': ['sshpass -p swordfish ssh a.test', 'swordfish'],
  'docker login -p': ['docker login -u robin -p swordfish r.test', 'swordfish'],
  netrc: ['machine a.test login robin password swordfish', 'swordfish'],
  'SQL password': ["create user robin with password 'swordfish'", 'swordfish'],
  'Sentry DSN': [`https://${hex(32)}@o1.ingest.sentry.test/1`, hex(32)],
  'token as user': [`git clone https://${drawn(20)}@git.test/a/b.git`, drawn(20)],
  'random text': [`try ${drawn(32)} instead`, drawn(32)],
  'random text with slashes': [`try ${drawn(30)}/${drawn(20)}+${drawn(12)}= instead`, drawn(30)],
}

/** Like secrets at a glance, but not. */
const harmless: readonly string[] = [
  `commit ${hex(40)}`,
  `merge ${hex(7)} into main`,
  `sha256:${hex(64)}`,
  `md5 ${hex(32)}  notes.txt`,
  'session 0b7d8a52-6f0e-4c9e-9d1a-2f3b4c5d6e7f',
  'parent 0B7D8A52-6F0E-4C9E-9D1A-2F3B4C5D6E7F',
  `"integrity": "sha512-${drawn(43)}/${drawn(42)}=="`,
  `integrity="sha384-${drawn(64)}"`,
  `golang.org/x/text v0.3.7 h1:${drawn(43)}=`,
  'color: #1a2b3c; background: #FFEEDDCC',
  'rgba(255, 255, 255, 0.8) hsl(210deg 50% 40%)',
  'aGVsbG8=',
  'base64 of hello world is aGVsbG8gd29ybGQ=',
  `<img src="data:image/png;base64,iVBORw0KGgo${drawn(200)}">`,
  `data:font/woff2;base64,${drawn(300)}`,
  'getUserAccountBalanceHistoryByCustomerId',
  'parseUtf8ToBase64UrlFromInt32Array',
  'AbstractSingletonProxyFactoryBeanConfigurationException2',
  'const shouldRevalidateOnFocusAndReconnect2x = true',
  'MAX_CONCURRENT_REQUESTS_PER_WORKER_V2=16',
  'test_that_user_cannot_login_with_expired_session_2',
  'node_modules/@babel/plugin-transform-modules-commonjs/lib/index.js',
  '/usr/local/lib/python3.12/site-packages/sqlalchemy/orm/session.py',
  'src/components/UserProfile/ProfileHeader2/ProfileHeader.stories.tsx',
  'C:\\Program Files\\Microsoft Visual Studio\\2022\\Community\\Common7\\Tools',
  'https://github.com/acme/garden/pull/1234/files#diff-0',
  'https://garden.test/beds?page=2&sort=name&key=name',
  'https://localhost:4873/@scope/package',
  'http://127.0.0.1:8080/a@b',
  'git@github.com:acme/garden.git',
  'ssh://git@github.com:22/acme/garden.git',
  'write to robin@garden.test or kim@garden.test',
  'postgres://localhost:5432/plants',
  'redis://cache.test:6379/0',
  'toolu_01A2b3C4d5E6f7G8h9J0k1L2',
  'msg_01A2b3C4d5E6f7G8h9J0k1L2 and req_011CXXGQ6mshRKEu2qUDCJ21',
  'arn:aws:iam::123456789012:role/GardenDeployRole',
  'claude-sonnet-4-5-20250929 and gpt-4o-mini-2024-07-18',
  'Tokens: 4096, max_tokens=8192, input_tokens: 12_345',
  'Count the tokens of each session and the token cost',
  'the password field is too narrow',
  'the password is required',
  'the token was rejected',
  '--- PASS: TestFindsTheOvenTimer2 (0.00s), all tests pass: `npm test`',
  'InputTokens: other.InputTokens, OutputTokens = a.OutputTokens',
  'the issues identified by the reviewer, passing the token to GoReleaser',
  'APIKey: apiKey, authToken: authToken',
  '/var/folders/5g/w6qvhr890pxfz9sg1l0d5c0r0000gn/T/garden-2203573937/a.txt',
  `origin +${hex(40)}:refs/heads/main`,
  'password: string; token?: string | null',
  'const token = process.env.GITHUB_TOKEN',
  ['token: $', '{{ secrets.GITHUB_TOKEN }}'].join(''),
  'export API_KEY=$API_KEY',
  'password = getPassword(user)',
  'api_key = os.environ["API_KEY"]',
  'if (password === undefined) return null',
  'the primary key is customer_id, the foreign key: order_id',
  'press any key: then go on',
  'CONSTRAINT pk_customer_order_line_item PRIMARY KEY (id)',
  'sort by key, then skip 1:2 in the ratio',
  'secretary: Kim; tokenize: whole words',
  'basic understanding of authentication-middleware',
  'the cookie banner hides the bearer of news',
  'skip-worktree and sk-learn, risk-management-is-important',
  'v1.2.3-beta.4+build.20260101T120000Z',
  '2026-02-14T09:26:53.589793Z',
  'ISBN 978-3-16-148410-0, phone +49 30 901820',
  '1234567890123456789012345678901234567890',
  '========================================',
  'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
  'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789',
  'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI robin@laptop',
  'Donaudampfschifffahrtsgesellschaftskapitaen',
  '-----BEGIN CERTIFICATE-----',
]

const leakyNames = [
  'postgres://robin:swordfish@db.test/plants',
  `https://${drawn(20)}@git.test/a/b`,
  '/srv/app?password=swordfish',
  '/tmp/API_KEY=swordfish',
]
const plainNames = [
  '/srv/people/robin/garden/src/Main.test.ts',
  'feature/oven-timer-2',
  'claude-sonnet-4-5-20250929',
  'mcp__garden-server__search_plants',
  'patterns.add/Notes.md',
  hex(40),
]

test('the corpus is large enough to say something', () => {
  expect(Object.keys(tokens).length + Object.keys(inContext).length).toBeGreaterThanOrEqual(60)
  expect(harmless.length).toBeGreaterThanOrEqual(60)
})

test.each(Object.entries(tokens))('%s: a token leaves nothing of itself in a sentence', (_, token) => {
  expect(clearSecrets(`Please use ${token} for the upload.`)).toBe('Please use [secret] for the upload.')
  expect(clearSecrets(`["${token}"]`)).toBe('["[secret]"]')
})

test.each(Object.entries(inContext))('%s: the secret goes', (_, [text, secret]) => {
  expect(text).toContain(secret)
  expect(clearSecrets(text)).not.toContain(secret)
})

test.each(harmless)('%s stays', (text) => {
  expect(clearSecrets(text)).toBe(text)
})

test('the words around a key stay', () => {
  expect(clearSecrets(`a\n${pem('RSA PRIVATE KEY', '\n')}\nb ${pem('EC PRIVATE KEY', ' ')} c`)).toBe(
    'a\n[secret]\nb [secret] c',
  )
  expect(clearSecrets(`It ends so:\n${drawn(64)}\n-----END PRIVATE KEY-----\nafter`)).toBe(
    'It ends so:\n[secret]\nafter',
  )
})

const all = [...Object.values(tokens), ...Object.values(inContext).map(([text]) => text), ...harmless]

test('clearing twice is clearing once, whatever stands side by side', () => {
  const joints = ['', ' ', '\n', '"', '=', ': ', '/', '-', '@', '\\n', 'key ', '[secret]']
  for (let i = 0; i < 3000; i++) {
    const parts = [i, i * 7 + 3, i * 13 + 5].map((n) => all[n % all.length]!.slice(i % 5, 90 - (i % 31)))
    const cleared = clearSecrets(parts.join(joints[i % joints.length]))
    expect(clearSecrets(cleared)).toBe(cleared)
  }
})

test('any characters at all are taken without complaint', () => {
  for (let i = 0; i < 300; i++) {
    const units = Array.from({ length: 400 }, (_, n) => (i * 7919 + n * n * 104_729) % 65_536)
    const text = String.fromCharCode(...units)
    expect(() => clearSecrets(text)).not.toThrow()
  }
})

test('DuckDB keeps no name with a token that is found in a text, and keeps other names', async () => {
  const db = await openDatabase(':memory:')
  try {
    await db.run(`create macro without_token(kept) as ${sqlWithoutToken('kept')}`)
    const kept = async (name: string): Promise<unknown> =>
      (await db.rows<{ kept: string | null }>(`select without_token(${sqlText(name)}) as kept`))[0]?.kept
    for (const [name, token] of Object.entries(tokens))
      expect([name, await kept(`feature/${token}`)]).toEqual([name, null])
    for (const name of leakyNames) expect([name, await kept(name)]).toEqual([name, null])
    for (const name of plainNames) expect(await kept(name)).toBe(name)
  } finally {
    db.close()
  }
})
