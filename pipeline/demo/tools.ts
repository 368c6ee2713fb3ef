// Tool calls with plausible inputs, answers and `toolUseResult`s, one function per tool.
import { someLength, sourceText } from './filler.js'
import type { Project } from './projects.js'
import type { Random } from './random.js'
import type { Block } from './session-log.js'

export interface ToolCall {
  readonly id: string
  readonly name: string
  readonly input: Readonly<Record<string, unknown>>
  /** What the model is shown. */
  readonly answer: string | Block[]
  /** What the log keeps beside it. */
  readonly result: unknown
  readonly isError: boolean
  readonly seconds: number
}

export interface ToolBench {
  readonly random: Random
  readonly project: Project
  readonly cwd: string
  /** Multiplies the length of file contents and command output. */
  readonly textScale: number
}

type ToolSpec = Omit<ToolCall, 'id' | 'isError' | 'seconds'> & Partial<Pick<ToolCall, 'isError' | 'seconds'>>

export function toolCall(random: Random, spec: ToolSpec): ToolCall {
  return { isError: false, seconds: 1, ...spec, id: `toolu_01${random.letters(22)}` }
}

export function failed(call: ToolCall, message: string): ToolCall {
  return { ...call, answer: message, result: `Error: ${message}`, isError: true }
}

export function readFile(bench: ToolBench): ToolCall {
  const { random } = bench
  const filePath = somePath(bench)
  const content = sourceText(random, someLength(random, 500 * bench.textScale))
  const numLines = content.split('\n').length
  return toolCall(random, {
    name: 'Read',
    input: { file_path: filePath },
    answer: content,
    result: { type: 'text', file: { filePath, content, numLines, startLine: 1, totalLines: numLines } },
  })
}

export function searchFiles(bench: ToolBench): ToolCall {
  const { random } = bench
  const filenames = bench.project.files.slice(0, random.int(1, 4))
  const isGlob = random.chance(0.25)
  return toolCall(random, {
    name: isGlob ? 'Glob' : 'Grep',
    input: isGlob
      ? { pattern: `**/*.${bench.project.extension}` }
      : { pattern: 'readEntries', path: bench.cwd },
    answer: `Found ${filenames.length} files\n${filenames.join('\n')}`,
    result: isGlob
      ? { filenames, durationMs: random.int(5, 90), numFiles: filenames.length, truncated: false }
      : { mode: 'files_with_matches', filenames, numFiles: filenames.length },
  })
}

export function editFile(bench: ToolBench): ToolCall {
  const { random } = bench
  const filePath = somePath(bench)
  const oldLines = sourceText(random, 40 + random.int(0, 60)).split('\n')
  const newLines = [...oldLines, ...sourceText(random, 30 + random.int(0, 220)).split('\n')]
  const [oldString, newString] = [oldLines.join('\n'), newLines.join('\n')]
  const oldStart = random.int(1, 200)
  return toolCall(random, {
    name: 'Edit',
    input: { file_path: filePath, old_string: oldString, new_string: newString, replace_all: false },
    answer: `The file ${filePath} has been updated successfully.`,
    result: {
      filePath,
      oldString,
      newString,
      originalFile: sourceText(random, someLength(random, 150 * bench.textScale)),
      structuredPatch: [
        {
          oldStart,
          oldLines: oldLines.length,
          newStart: oldStart,
          newLines: newLines.length,
          lines: [
            ...oldLines.map((text) => ` ${text}`),
            ...newLines.slice(oldLines.length).map((text) => `+${text}`),
          ],
        },
      ],
      userModified: false,
      replaceAll: false,
    },
  })
}

export function writeFile(bench: ToolBench, relativePath: string): ToolCall {
  const filePath = `${bench.cwd}/${relativePath}`
  const content = sourceText(bench.random, someLength(bench.random, 400 * bench.textScale))
  return toolCall(bench.random, {
    name: 'Write',
    input: { file_path: filePath, content },
    answer: `File created successfully at: ${filePath}`,
    result: { type: 'create', filePath, content, structuredPatch: [], originalFile: null },
  })
}

export function runCommand(bench: ToolBench, command: string, stdout: string, seconds = 4): ToolCall {
  return toolCall(bench.random, {
    name: 'Bash',
    input: { command, description: describeCommand(command) },
    answer: stdout,
    result: { stdout, stderr: '', interrupted: false, isImage: false },
    seconds,
  })
}

export function failCommand(bench: ToolBench, command: string, output: string, seconds = 4): ToolCall {
  return failed(runCommand(bench, command, '', seconds), `Exit code 1\n${output}`)
}

export function passTests(bench: ToolBench): ToolCall {
  const count = bench.random.int(12, 90)
  const listing = sourceText(bench.random, someLength(bench.random, 120 * bench.textScale))
  return runCommand(bench, bench.project.testCommand, `${listing}\n${count} passed`, bench.random.int(2, 25))
}

export function failTests(bench: ToolBench): ToolCall {
  const output = '1 failed: expected 1.5, got 1.25'
  return failCommand(bench, bench.project.testCommand, output, bench.random.int(2, 25))
}

export function searchWeb(bench: ToolBench, query: string): ToolCall {
  const links = [
    { title: 'A short comparison', url: 'https://example.org/comparison' },
    { title: 'Documentation', url: 'https://example.com/docs' },
  ]
  return toolCall(bench.random, {
    name: 'WebSearch',
    input: { query },
    answer: `Web search results for query: "${query}"\n\n${links.map((link) => link.url).join('\n')}`,
    result: { query, results: [{ content: links }], durationSeconds: bench.random.int(2, 9), searchCount: 1 },
    seconds: 6,
  })
}

export function fetchPage(bench: ToolBench): ToolCall {
  const url = 'https://example.org/comparison'
  const result = sourceText(bench.random, someLength(bench.random, 700 * bench.textScale))
  return toolCall(bench.random, {
    name: 'WebFetch',
    input: { url, prompt: 'Which of these is maintained?' },
    answer: result,
    result: { bytes: result.length, code: 200, codeText: 'OK', result, durationMs: 640, url },
    seconds: 5,
  })
}

export function readIssue(bench: ToolBench): ToolCall {
  const id = `${bench.project.name}-${bench.random.int(10, 99)}`
  const answer = [{ type: 'text', text: JSON.stringify({ id, state: 'open', comments: 2 }) }]
  return toolCall(bench.random, { name: 'mcp__tracker__get_issue', input: { id }, answer, result: answer })
}

export function writeTodos(bench: ToolBench, topic: string): ToolCall {
  const newTodos = ['Read the code', `Work on ${topic}`, 'Run the tests'].map((content, i) => ({
    content,
    status: i === 0 ? 'in_progress' : 'pending',
    activeForm: content,
  }))
  return toolCall(bench.random, {
    name: 'TodoWrite',
    input: { todos: newTodos },
    answer: 'Todos have been modified successfully.',
    result: { oldTodos: [], newTodos },
  })
}

export function loadSkill(bench: ToolBench, skill: string): ToolCall {
  return toolCall(bench.random, {
    name: 'Skill',
    input: { skill },
    answer: `Launching skill: ${skill}`,
    result: { success: true, commandName: skill },
  })
}

function somePath(bench: ToolBench): string {
  return `${bench.cwd}/${bench.random.pick(bench.project.files)}`
}

function describeCommand(command: string): string {
  if (command.startsWith('git commit')) return 'Commit the change'
  if (command.startsWith('git')) return 'Ask git'
  return 'Check the project'
}
