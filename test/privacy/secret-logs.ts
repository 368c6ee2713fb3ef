// A session's log with a secret in every field that may hold a text.
type Fields = Readonly<Record<string, unknown>>

export interface Planted {
  readonly token: string
  readonly password: string
  readonly session: string
}

/** Lines as Claude Code writes them, in the order in which they are asked for. */
export function secretLines(session: string, secret = '') {
  let place = 0
  const own = Buffer.from(session).toString('hex').slice(-4)
  function line(fields: Fields): string {
    place += 1
    return JSON.stringify({
      uuid: `00000000-0000-4000-${own}-${String(place).padStart(12, '0')}`,
      timestamp: new Date(Date.UTC(2026, 1, 10, 9, 0, place)).toISOString(),
      sessionId: session,
      cwd: '/srv/garden',
      version: '2.1.9',
      ...fields,
    })
  }
  const said = (content: unknown, fields: Fields = {}): string =>
    line({ type: 'user', message: { role: 'user', content }, ...fields })
  const answered = (content: readonly Fields[], model = 'claude-opus-4-6', fields: Fields = {}): string =>
    line({
      type: 'assistant',
      message: {
        id: `m${own}${place}`,
        model,
        usage: {
          input_tokens: 9,
          output_tokens: 9,
          speed: secret,
          inference_geo: secret,
          iterations: [{ type: 'advisor_message', model: secret, input_tokens: 1, output_tokens: 1 }],
        },
        content,
      },
      ...fields,
    })
  const used = (name: string, input: Fields, result: string, isError = false): string[] => {
    const id = `t${own}${place}`
    return [
      answered([{ type: 'tool_use', id, name, input }]),
      said([{ type: 'tool_result', tool_use_id: id, is_error: isError, content: result }]),
    ]
  }
  return { line, said, answered, used }
}

export function secretSession({ token, password, session }: Planted): string[] {
  const { line, said, answered, used } = secretLines(session, token)
  return [
    line({ type: 'custom-title', customTitle: `Rotate ${token} today` }),
    said(`Fix postgres://robin:${password}@db.test/plants and the password is ${password} for now`),
    answered([{ type: 'text', text: `I use ${token} there` }]),
    ...used('Bash', { command: `TOKEN=${token} deploy`, description: token }, `denied for ${token}`, true),
    ...used('Bash', { command: token }, 'no such program', true),
    ...used('Read', { file_path: `/srv/garden/${token}.md` }, 'read'),
    ...used('Edit', { file_path: `/srv/garden/a?password=${password}` }, 'edited'),
    ...used('WebFetch', { url: `https://robin:${password}@example.org/`, prompt: token }, 'fetched'),
    ...used('WebFetch', { url: `https://${token}.example.org/`, prompt: token }, 'fetched'),
    ...used('Task', { subagent_type: token, prompt: token }, 'done'),
    ...used('Skill', { skill: token }, 'done'),
    ...used(`mcp__${token}`, {}, 'done'),
    answered([{ type: 'text', text: 'yes' }], token),
    said(`no, that is wrong: api_key=${password} is the one to use`, { gitBranch: `feature/${token}` }),
    said('and then', {
      gitBranch: `x?token=${password}`,
      cwd: `/srv/${token}`,
      entrypoint: token,
      version: token,
    }),
    said('and more', { promptSource: token }),
    said(`<command-name>/${token}</command-name>`),
    line({ type: token, text: 'odd' }),
    line({ type: 'system', subtype: token, content: 'odd' }),
    line({ type: 'attachment', attachment: { type: token } }),
    said('fine', { isMeta: token }),
    `not JSON ${token}`,
    said('Thanks, all good'),
    answered([{ type: 'text', text: 'Bye' }]),
  ]
}
