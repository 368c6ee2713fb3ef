// Secrets known by their shape alone. The sources serve JS and DuckDB's RE2 alike: no lookarounds, no backreferences.

/** What stands where a secret was. */
export const placeholder = '[secret]'

export interface SecretShape {
  readonly name: string
  readonly source: string
  readonly ignoresCase?: true
  /** What stays of a match, as `replace` takes it; by default nothing. */
  readonly keep?: string
}

/** A token may follow an underscore, where `\b` sees no boundary. */
const atStart = (source: string): string => source.replaceAll(/(^|\|)\\b/g, '$1(?:\\b|_)')
const prefixed = (prefixes: string, body: string): string => `\\b(?:${prefixes})${body}`

/** Issuers' own marks, from their documentation. */
const issuersMarks: readonly SecretShape[] = [
  {
    name: 'JSON web token',
    source: String.raw`\beyJ[\w-]{8,900}\.[\w-]{4,}(?:\.[\w-]*){1,3}|\beyJ(?:hbGci|0eXAi|raWQi|lbmMi)[\w-]{6,}(?:\.[\w-]*){0,4}`,
  },
  { name: 'Anthropic, OpenAI and similar', source: String.raw`\b[sr]k-[A-Za-z_-]{0,40}[0-9][\w-]{14,}` },
  {
    name: 'named key of these',
    source: prefixed('sk-(?:ant|proj|or|lf|svcacct|admin|None)-|pk-lf-', String.raw`[\w-]{12,}`),
  },
  {
    name: 'Stripe',
    source: String.raw`\b(?:[srp]k_(?:live|test|prod)_[A-Za-z0-9_]{8,}|whsec_[\w+/=-]{16,})`,
  },
  { name: 'GitHub', source: String.raw`\b(?:gh[opsur]_[A-Za-z0-9]{16,}|github_pat_\w{20,})` },
  {
    name: 'GitLab',
    source: prefixed(
      'gl(?:pat|dt|rt|cbt|ptt|ft|soat|imt|agent|oas|wt|ffct)-|GR1348941|_gitlab_session=',
      String.raw`[\w-]{16,}`,
    ),
  },
  {
    name: 'Slack',
    source: String.raw`\bxox[a-z](?:\.xox[a-z])?-[\w-]{8,}|\bx(?:app|wfp)-[\w-]{8,}|(?:https://)?hooks\.slack(?:-gov)?\.com/(?:services|workflows|triggers)/[\w/-]+`,
  },
  {
    name: 'Discord',
    source: String.raw`\b[MNO][\w-]{23,27}\.[\w-]{6}\.[\w-]{27,}|\bmfa\.[\w-]{20,}|(?:https://)?(?:\w{1,20}\.)?discord(?:app)?\.com/api/(?:v\d+/)?webhooks/\d+/[\w-]+`,
  },
  {
    name: 'Microsoft webhook',
    source: String.raw`(?:https://)?[\w-]{1,60}\.webhook\.office\.com/webhookb2/[\w@/-]{20,}`,
  },
  { name: 'Telegram bot', source: String.raw`\b\d{8,10}:AA[\w-]{32,}` },
  {
    name: 'AWS',
    source: String.raw`\b(?:AKIA|ASIA|AROA|AIDA|ABIA|ACCA)[A-Z0-9]{16}\b|\bABSK[A-Za-z0-9+/]{40,}={0,2}`,
  },
  {
    name: 'Google',
    source: String.raw`\bAIza[\w-]{30,}|\bya29\.[\w.-]{16,}|\bGOCSPX-[\w-]{16,}|\b1//0[\w-]{24,}`,
  },
  {
    name: 'Azure',
    source: String.raw`[\w~.-]{3}[78]Q~[\w~.-]{31,34}|\b[A-Za-z0-9+/]{76}[A-Za-z0-9]{0,9}(?:AC[a-z0-9A-Z]{2}|\+ASt|AST)[A-Za-z0-9+/]{2,8}={1,2}`,
  },
  {
    name: 'package registries',
    source: String.raw`\b(?:npm_[A-Za-z0-9]{30,}|pypi-[\w-]{30,}|cio[A-Za-z0-9]{32}\b|rubygems_[0-9a-f]{40,}|oy2[a-z0-9]{43}\b|dckr_[op]at_[\w-]{20,}|clojars_[a-z0-9]{40,})`,
  },
  { name: 'Hugging Face, Replicate', source: String.raw`\b(?:hf_|api_org_|r8_)[A-Za-z0-9]{20,}` },
  {
    name: 'models by other names',
    source: prefixed('gsk_|xai-|pplx-|pcsk_|lsv2_(?:pt|sk)_|tvly-|nvapi-|AQVN', String.raw`[\w-]{20,}`),
  },
  {
    name: 'mail',
    source: String.raw`\bSG\.[\w-]{16,}\.[\w-]{16,}|\bkey-[0-9a-f]{32}\b|\b[0-9a-f]{32}-us\d{1,2}\b|\bxkeysib-[0-9a-f]{40,}|\bre_[A-Za-z0-9]{6,}_[A-Za-z0-9]{16,}`,
  },
  { name: 'Twilio', source: String.raw`\b(?:SK|AC)[0-9a-f]{32}\b` },
  {
    name: 'clouds and databases',
    source: prefixed(
      'do[opr]_v1_|sb[ps]_|sb_secret_|pscale_(?:tkn|pw|oauth)_|fo1_|fm[12]_|FlyV1 fm2_|HRKU-|tskey-[a-z]+-|dapi[0-9a-f]{8}|hv[sbr]\\.|ops_eyJ|dp\\.(?:pt|st|ct|sa|scim|audit)\\.|AGE-SECRET-KEY-1|cf[ua]t_',
      String.raw`[\w-]{20,}`,
    ),
  },
  { name: 'Terraform', source: String.raw`\b[A-Za-z0-9]{14}\.atlasv1\.[\w=-]{40,}` },
  {
    name: 'work tools',
    source: prefixed(
      'lin_(?:api|oauth)_|ATATT3|ATCTT3|ATBB|figd_|shp(?:at|ca|pa|ss)_|sntry[su]_|gl(?:c|sa)_|NR(?:AK|JS|II)-|PMAK-|pul-[0-9a-f]{16}|CCI(?:PAT|PRJ)_|bk[ua]a_|sq0(?:atp|csp|idp)-|EAAA|sl\\.[Bu]\\.|dt0[a-z]\\d\\d\\.|EZ[AT]K|LTAI|shippo_(?:live|test)_',
      String.raw`[\w.-]{16,}`,
    ),
  },
  {
    name: 'marks that words begin with too',
    source: prefixed(
      'fw_|jina_|rnd_|nfp_|neon_api_|vc[pkaric]_|ntn_|secret_|ph[cx]_|rpa_|tfp_',
      '[A-Za-z0-9]{20,}',
    ),
  },
  { name: 'Airtable', source: String.raw`\bpat[A-Za-z0-9]{14}\.[0-9a-f]{40,}` },
  {
    name: 'private key',
    source: '-{4,5} ?BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY',
  },
]

export const tokenShapes: readonly SecretShape[] = issuersMarks.map((shape) => ({
  ...shape,
  source: atStart(shape.source),
}))

/** What in a name, a path or a URL gives a secret away without an issuer's mark. */
const namedSecrets: readonly SecretShape[] = [
  {
    name: 'password in a URL',
    source: String.raw`://[^\s/:@]{0,200}:[^\s/@]{1,300}@`,
  },
  { name: 'token as user in a URL', source: String.raw`://[^\s/:@]{16,300}@` },
  {
    name: 'assignment to a telling name',
    source: String.raw`(?:passw(?:or)?d|passphrase|secret|api[_-]?key|access[_-]?key|token)=[^\s&]{4,}`,
    ignoresCase: true,
  },
]

const allShapes = [...tokenShapes, ...namedSecrets]

/** `token=` and a value that is worth a secret's name. */
const fewestChars = 10

/** One pattern that finds in whatever any shape finds in, and in little else: without counts it is quick. */
const anySign = allShapes
  .map((shape) =>
    re2Source(shape).replaceAll(/\{(\d+)(?:,\d*)?\}/g, (_, fewest: string) => (fewest === '0' ? '*' : '+')),
  )
  .join('|')

/** Whether a secret's shape may be in a column's value, as SQL: quick, and true too often rather than too seldom. */
export function sqlMayHoldToken(column: string): string {
  return `regexp_matches(${column}, ${quoted(anySign)})`
}

/**
 * The value of a column, or NULL where a secret is in it, as SQL. A quick look comes first; only what it finds is looked
 * at shape by shape, with patterns that a list hides from the planner, as preparing them all takes longer than a batch.
 */
export function sqlWithoutToken(column: string): string {
  const sources = allShapes.map((shape) => quoted(re2Source(shape))).join(', ')
  return `case when length(${column}) < ${fewestChars} or not regexp_matches(${column}, ${quoted(anySign)}) then ${column}
    when len(list_filter([${sources}], lambda shape: regexp_matches(${column}, shape))) > 0 then null
    else ${column} end`
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

/** RE2 needs no upper bounds to be quick, and is slow to prepare with large ones. */
function re2Source({ source, ignoresCase }: SecretShape): string {
  const unbounded = source.replaceAll(/\{(\d+),(\d{2,})\}/g, (_, fewest: string) => `{${fewest},}`)
  return `(?${ignoresCase ? 'i' : ''}:${unbounded.replaceAll('{0,}', '*').replaceAll('{1,}', '+')})`
}

const anyShape = allShapes.map(({ source, ignoresCase }) => new RegExp(source, ignoresCase ? 'gi' : 'g'))

/** Every token in a name, as it stands there. */
export function tokensIn(name: string): string[] {
  return anyShape.flatMap((shape) => [...name.matchAll(shape)].map(([token]) => token))
}
