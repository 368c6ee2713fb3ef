import { mkdirSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runSync } from '../../pipeline/run.js'
import { createWorkspace, queryMarts, type Workspace } from '../support/workspace.js'

const prompt = (text: string) =>
  `${JSON.stringify({
    type: 'user',
    uuid: `u-${text}`,
    sessionId: text,
    timestamp: '2026-02-02T10:00:00Z',
    message: { role: 'user', content: text },
  })}\n`

function logFolder({ home }: Workspace): string {
  const folder = join(home, '.claude', 'projects', 'recipe-box')
  mkdirSync(folder, { recursive: true })
  return folder
}

describe('what cannot be read', () => {
  it('stops only itself, is said, and is read once it can be', async () => {
    const workspace = createWorkspace()
    const folder = logFolder(workspace)
    const [good, loop] = [join(folder, 'good.jsonl'), join(folder, 'loop.jsonl')]
    writeFileSync(good, prompt('good'))
    symlinkSync(loop, loop)
    const { ingest } = await runSync(workspace.ctx)
    expect(ingest).toMatchObject({ filesFound: 1, filesRead: 1 })
    expect(workspace.events).toContainEqual(
      expect.objectContaining({ step: 'ingest', action: 'fail', subject: loop }),
    )
    unlinkSync(loop)
    writeFileSync(loop, prompt('loop'))
    expect((await runSync(workspace.ctx)).ingest).toMatchObject({ filesRead: 1, filesUnreadable: 0 })
    expect(await queryMarts(workspace.ctx.config, 'select count(*) as n from prompts')).toEqual([{ n: 2 }])
  })

  it('is a row of files with the reason, tried again at the next sync', async () => {
    const workspace = createWorkspace()
    const folder = logFolder(workspace)
    writeFileSync(join(folder, 'good.jsonl'), prompt('good'))
    // A folder by the name of a log: it is listed as one through a link, and cannot be read as a file.
    mkdirSync(join(folder, 'real'))
    symlinkSync(join(folder, 'real'), join(folder, 'folder.jsonl'))
    expect((await runSync(workspace.ctx)).ingest).toMatchObject({
      filesRead: 1,
      filesUnreadable: 1,
      hasChanged: true,
    })
    const [row] = await queryMarts(
      workspace.ctx.config,
      'select line_count, read_error is not null as has_error from files where read_error is not null',
    )
    expect(row).toEqual({ line_count: 0, has_error: true })
    expect((await runSync(workspace.ctx)).ingest).toMatchObject({ filesUnreadable: 1, hasChanged: false })
  })
})
