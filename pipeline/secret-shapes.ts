// Tokens known by their shape alone. The sources serve JS and DuckDB's RE2 alike: no lookarounds, no backreferences.

export interface TokenShape {
  readonly name: string
  readonly source: string
}

export const tokenShapes: readonly TokenShape[] = [
  { name: 'JSON web token', source: String.raw`\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*` },
  {
    name: 'Anthropic, OpenAI and similar',
    source: String.raw`\b(?:sk|pk|rk)[-_](?:ant|proj|live|test|or|lf)?[-_]?[\w-]{16,}`,
  },
  { name: 'GitHub', source: String.raw`\b(?:gh[opsur]_[A-Za-z0-9]{16,}|github_pat_\w{20,})` },
  { name: 'GitLab', source: String.raw`\bgl(?:pat|dt|rt|cbt|ptt|ft)-[\w-]{16,}` },
  { name: 'Slack token', source: String.raw`\bxox[abeoprs]-[\w-]{8,}|\bxapp-[\w-]{8,}` },
  { name: 'Discord bot', source: String.raw`\b[MNO][\w-]{23,27}\.[\w-]{6}\.[\w-]{27,}` },
  { name: 'AWS key id', source: String.raw`\b(?:AKIA|ASIA|AROA|AIDA|ABIA|ACCA)[A-Z0-9]{16}\b` },
  { name: 'Google', source: String.raw`\bAIza[\w-]{30,}|\bya29\.[\w.-]{16,}|\bGOCSPX-[\w-]{16,}` },
  {
    name: 'npm, PyPI, crates',
    source: String.raw`\bnpm_[A-Za-z0-9]{30,}|\bpypi-[\w-]{30,}|\bcio[A-Za-z0-9]{32}\b`,
  },
  { name: 'Hugging Face', source: String.raw`\bhf_[A-Za-z0-9]{20,}` },
  { name: 'SendGrid', source: String.raw`\bSG\.[\w-]{16,}\.[\w-]{16,}` },
  { name: 'Twilio', source: String.raw`\b(?:SK|AC)[0-9a-f]{32}\b` },
  {
    name: 'DigitalOcean, Shopify, Linear',
    source: String.raw`\b(?:do[opr]_v1_|shp(?:at|ca|pa|ss)_|lin_api_)[A-Za-z0-9]{20,}`,
  },
  { name: 'Telegram bot', source: String.raw`\b\d{8,10}:AA[\w-]{32,}` },
  {
    name: 'age, Vault, Databricks',
    source: String.raw`\bAGE-SECRET-KEY-1[A-Z0-9]{50,}|\bhv[sb]\.[\w-]{20,}|\bdapi[0-9a-f]{32}\b`,
  },
]

/** Any of them, as one source. */
export const anyToken = tokenShapes.map(({ source }) => `(?:${source})`).join('|')
