// OpenCode: an exported document a session, or a tree of files in which a session, its messages and their parts lie apart.
import { readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { findFilesByExtension } from '../../find-files.js'
import { type Fields, isFields } from '../entries.js'
import type { EntryFormat } from '../format.js'
import { objectTypeOf, opencodeReader } from './reader.js'
import { groupTrees, isSessionFile, treeMembers } from './storage-tree.js'

export const opencode: EntryFormat = {
  reading: 'entries',
  source: 'opencode',
  parserVersion: 1,
  usualPlaces: ({ agentEnv, home }) => [
    join(agentEnv.XDG_DATA_HOME || join(home, '.local', 'share'), 'opencode', 'storage'),
  ],
  findFiles: async (places, report) =>
    groupTrees(await findFilesByExtension(places, '.json', () => 'main', report), places),
  isRecord: (object) => objectTypeOf(object) === 'export',
  layoutOf: () => 'document',
  lineTypeOf: ({ fields }) => objectTypeOf(fields),
  membersOf: async (path) => (isSessionFile(path) ? treeMembers(path) : [path]),
  openLog: ({ path }, emit) => opencodeReader((parentId) => mainSessionOf(path, parentId), emit),
}

const mostGenerations = 10

/** The session that all began with, as far as the files beside this one tell. */
function mainSessionOf(path: string, parentId: string): string {
  let id = parentId
  for (let generation = 0; generation < mostGenerations; generation += 1) {
    const next = parentIn(join(dirname(path), basename(`${id}.json`)))
    if (next === null) return id
    id = next
  }
  return id
}

function parentIn(path: string): string | null {
  try {
    const read = JSON.parse(readFileSync(path, 'utf8')) as Fields
    const info = isFields(read.info) ? read.info : read
    return typeof info.parentID === 'string' ? info.parentID : null
  } catch {
    return null
  }
}
