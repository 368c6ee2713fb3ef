// The calls of one log that wait for their answers, and what events have said of them since.
import { type Fields, type FileEdit, fieldsAt, textAt } from '../entries.js'
import { editOfChanges, type PatchEdit } from './patch.js'
import { answerOf, type CallEnd, type CodexAnswer, callEndOf } from './tool-answers.js'
import type { CodexCall } from './tool-calls.js'

interface OpenCall {
  readonly toolName: string
  readonly edit: PatchEdit | null
  readonly end?: CallEnd
  readonly isCopied: boolean
}

export interface ClosedCall extends CodexAnswer {
  readonly edit: FileEdit | null
}

export class OpenCalls {
  readonly #calls = new Map<string, OpenCall>()

  open({ callId, toolName, edit }: CodexCall, isCopied: boolean): void {
    if (callId !== null) this.#calls.set(callId, { toolName, edit, isCopied })
  }

  /** Takes what an event or an item says of a call's end. */
  end(callId: string | null, payload: Fields): void {
    const call = callId === null ? undefined : this.#calls.get(callId)
    if (callId === null || call === undefined) return
    const end = callEndOf(payload)
    const edit = editOfChanges(fieldsAt(payload, 'changes') ?? {}) ?? call.edit
    this.#calls.set(callId, { ...call, edit, ...(end === null ? {} : { end }) })
  }

  /** What the call came to; null where the call itself was copied, and is told of elsewhere. */
  close(callId: string | null, payload: Fields): ClosedCall | null {
    const call = callId === null ? undefined : this.#calls.get(callId)
    if (callId !== null) this.#calls.delete(callId)
    if (call?.isCopied) return null
    const answer = answerOf(payload, call?.end)
    return { ...answer, edit: answer.isError ? null : fileEditOf(call?.edit ?? null) }
  }

  /** Takes a completed item; true where no call in the log is for it: the script that runs made one. */
  endItem(item: Fields): boolean {
    const id = textAt(item, 'id')
    if (id !== null && this.#calls.has(id)) {
      this.end(id, item)
      return false
    }
    const open = [...this.#calls].filter(([, call]) => !call.isCopied)
    const [callId, call] = open.length === 1 ? open[0]! : []
    if (call?.toolName === 'apply_patch' && item.type === 'FileChange') this.end(callId ?? null, item)
    return call?.toolName === 'exec'
  }
}

function fileEditOf(edit: PatchEdit | null): FileEdit | null {
  if (edit === null) return null
  const { operation, linesAdded, linesDeleted } = edit
  return { operation, linesAdded, linesDeleted }
}
