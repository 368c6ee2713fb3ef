// Demo effects that keep the written files in memory.
import type { DemoEffects } from '../../pipeline/demo/log-file.js'

export interface MemoryFiles extends DemoEffects {
  readonly files: Map<string, string>
  /** The log files only, without what lies beside them. */
  logs(): Map<string, string>
}

export function createMemoryFiles(): MemoryFiles {
  const files = new Map<string, string>()
  return {
    files,
    logs: () => new Map([...files].filter(([path]) => path.endsWith('.jsonl'))),
    createFile: (path) => {
      const lines: string[] = []
      let byteCount = 0
      return {
        get lineCount() {
          return lines.length
        },
        get byteCount() {
          return byteCount
        },
        write: (line) => {
          lines.push(line)
          byteCount += Buffer.byteLength(line) + 1
        },
        close: () => {
          files.set(path, lines.map((line) => `${line}\n`).join(''))
        },
      }
    },
  }
}
