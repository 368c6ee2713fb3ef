// The report's part about its sessions: the list, what finds them in it, and a page for each.
import type { Config } from '../../config.js'
import type { ReportData } from '../data.js'
import type { Conversation } from './conversation.js'
import { type Filter, filtersOf, finderJson } from './finder.js'
import { type SessionList, sessionList } from './session-list.js'
import { type SessionPage, sessionPages, sessionParts } from './session-page.js'

export interface SessionSection extends SessionList {
  readonly filters: readonly Filter[]
  /** Ready to stand in a script element. */
  readonly finderJson: string
  readonly pages: readonly SessionPage[]
}

export function sessionSection(
  data: ReportData,
  config: Config,
  conversations: ReadonlyMap<string, Conversation>,
): SessionSection {
  const parts = sessionParts(data)
  return {
    ...sessionList(data, config),
    filters: filtersOf(parts),
    finderJson: finderJson(parts, config),
    pages: sessionPages(parts, config, conversations),
  }
}
