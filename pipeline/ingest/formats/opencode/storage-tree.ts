// The storage tree: session/<project>/<session>.json, message/<session>/<message>.json, part/<message>/<part>.json.
import { readdir } from 'node:fs/promises'
import { basename, dirname, join, parse } from 'node:path'
import type { FoundFile } from '../format.js'

const sessionFile = /[\\/]session[\\/][^\\/]+[\\/]ses_[^\\/]+\.json$/

export function isSessionFile(path: string): boolean {
  return sessionFile.test(path)
}

/** One log a session of a tree; what else a tree holds is none, and what lies outside of trees is an export. */
export function groupTrees(files: readonly FoundFile[], places: readonly string[]): readonly FoundFile[] {
  const sessions = files.filter(({ path }) => isSessionFile(path))
  const roots = new Set([
    ...sessions.map(({ path }) => rootOf(path)),
    ...places.filter((place) => basename(place) === 'storage'),
  ])
  const byFolder = groupByFolder(files)
  const exports = files.filter(({ path }) => !isSessionFile(path) && !isBelow(path, roots))
  return [...sessions.map((session) => wholeLog(session, byFolder)), ...exports]
}

function groupByFolder(files: readonly FoundFile[]): ReadonlyMap<string, readonly FoundFile[]> {
  const byFolder = new Map<string, FoundFile[]>()
  for (const file of files) {
    const folder = dirname(file.path)
    const group = byFolder.get(folder)
    if (group) group.push(file)
    else byFolder.set(folder, [file])
  }
  return byFolder
}

function wholeLog(session: FoundFile, byFolder: ReadonlyMap<string, readonly FoundFile[]>): FoundFile {
  const members = [session]
  for (const message of inOrder(byFolder.get(messageFolder(session.path)) ?? []))
    members.push(message, ...inOrder(byFolder.get(partFolder(session.path, message.path)) ?? []))
  return {
    ...session,
    sizeBytes: members.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    modifiedMs: members.reduce((newest, { modifiedMs }) => Math.max(newest, modifiedMs), 0),
    members: members.map(({ path }) => path),
  }
}

/** The files of a session's log: itself, then each message and its parts, all in the order of their ids, which is that of time. */
export async function treeMembers(sessionPath: string): Promise<readonly string[]> {
  const members = [sessionPath]
  for (const message of await jsonFilesOf(messageFolder(sessionPath)))
    members.push(message, ...(await jsonFilesOf(partFolder(sessionPath, message))))
  return members
}

async function jsonFilesOf(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch(() => [])
  return names
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => join(folder, name))
}

function rootOf(sessionPath: string): string {
  return dirname(dirname(dirname(sessionPath)))
}

function messageFolder(sessionPath: string): string {
  return join(rootOf(sessionPath), 'message', parse(sessionPath).name)
}

function partFolder(sessionPath: string, messagePath: string): string {
  return join(rootOf(sessionPath), 'part', parse(messagePath).name)
}

function inOrder(files: readonly FoundFile[]): readonly FoundFile[] {
  return [...files].sort((a, b) => (a.path < b.path ? -1 : 1))
}

function isBelow(path: string, roots: ReadonlySet<string>): boolean {
  for (let folder = dirname(path); folder !== dirname(folder); folder = dirname(folder))
    if (roots.has(folder)) return true
  return false
}
