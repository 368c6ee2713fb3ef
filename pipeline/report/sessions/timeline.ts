// A session's timeline as letters: read, made coarser where it is long, and written again; session_turns.sql says what they mean.

export interface Mark {
  /** Whole seconds since the mark before. */
  readonly gapSeconds: number
  readonly letter: string
  readonly isSubagent: boolean
  readonly isError: boolean
}

const callLetters = new Set('RESBWDMO')

/** "57P5AR!" → a prompt after 57 seconds, a reply 5 seconds later, and at once a read that failed. */
export function readMarks(timeline: string): Mark[] {
  return [...timeline.matchAll(/(\d*)([A-Z])(~?)(!?)/g)].map(([, gap, letter = '', subagent, error]) => ({
    gapSeconds: Number(gap || 0),
    letter,
    isSubagent: subagent === '~',
    isError: error === '!',
  }))
}

export function writeMarks(marks: readonly Mark[]): string {
  return marks
    .map(
      ({ gapSeconds, letter, isSubagent, isError }) =>
        `${gapSeconds > 0 ? gapSeconds : ''}${letter}${isSubagent ? '~' : ''}${isError ? '!' : ''}`,
    )
    .join('')
}

export interface Shortened {
  readonly timeline: string
  /** Replies and calls without an error that were left out; their time is not. */
  readonly leftCount: number
}

/**
 * So many characters, where that can be: replies go first, then calls that went well, evenly. Prompts, errors,
 * interruptions and the time between marks stay, so that what is drawn is where it was.
 */
export function shortenTimeline(timeline: string, maxChars: number): Shortened {
  if (timeline.length <= maxChars) return { timeline, leftCount: 0 }
  const marks = readMarks(timeline)
  const heard = without(marks, ({ letter }) => letter === 'A')
  const dispensableCount = heard.filter(isDispensable).length
  let kept = heard
  for (let every = 2; writeMarks(kept).length > maxChars && every <= 2 * dispensableCount; every *= 2) {
    let seenCount = 0
    kept = without(heard, (mark) => isDispensable(mark) && seenCount++ % every !== 0)
  }
  return { timeline: writeMarks(kept), leftCount: marks.length - kept.length }
}

function isDispensable({ letter, isError }: Mark): boolean {
  return callLetters.has(letter) && !isError
}

/** What is left out gives its time to the mark after it. */
function without(marks: readonly Mark[], isLeft: (mark: Mark) => boolean): Mark[] {
  const kept: Mark[] = []
  let carriedSeconds = 0
  for (const mark of marks) {
    const gapSeconds = carriedSeconds + mark.gapSeconds
    const isDropped = isLeft(mark)
    carriedSeconds = isDropped ? gapSeconds : 0
    if (!isDropped) kept.push({ ...mark, gapSeconds })
  }
  return kept
}
