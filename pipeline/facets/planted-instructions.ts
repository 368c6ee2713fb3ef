// Passages in a log that read as if they were meant for the model that judges it: data like all else, but no evidence.

const anyWords = (most: number): string => String.raw`(?:[\w'’]+[\W_]{1,6}){0,${most}}`
/** A space stands for whatever may separate words, so that dashes or line breaks between them hide nothing. */
const phrase = (source: string): string => source.replaceAll(' ', String.raw`[\W_]{1,6}`)

const verbs = '(?:ignore|disregard|forget|override|overrule|bypass|discard|drop)'
const orders = '(?:instructions?|prompts?|messages?|rules?|directions?|guidelines?|orders?|directives?)'
const readers =
  '(?:an? )?(?:ais?|llms?|(?:language )?models?|ai assistants?|summari[sz]ers?|judges?|graders?|evaluators?|analy[sz]ers?|reviewing model|whoever)'
const judging =
  '(?:summari[sz]|judg|evaluat|rat(?:e|ing)|grad(?:e|ing)|assess|analy[sz]|classif|describ|scor(?:e|ing)|extract)'

const setting =
  '(?:report|mark|rate|judge|record|classify|label|score|grade|count|treat|describe|consider|set|call)'
const praise =
  '(?:success\\w*|achieved|satisf\\w+|perfect\\w*|excellent|flawless\\w*|positive|productive|helpful|failure|frustrat\\w+|useless)'

/** Nobody says this to an agent at work. */
const always = [
  `${verbs} ${anyWords(4)}(?:previous|prior|above|earlier|preceding|foregoing|system|original|other|your) ${anyWords(2)}${orders}`,
  `${verbs} ${anyWords(2)}(?:everything|anything|all) ${anyWords(3)}(?:above|before|previous(?:ly)?|prior|earlier|so far|told|instructed)`,
  `${verbs} ${anyWords(2)}(?:above|preceding|foregoing)\\b`,
  `(?:do not|don'?t|stop) (?:follow|obey)(?:ing)? ${anyWords(3)}${orders}`,
  `(?:new|updated|real|actual|revised|system|important) ${orders}\\s{0,3}(?:[:=]|for you\\b|follow\\b)`,
  `(?:attention|note|message|instructions?|memo|hint) (?:to|for) ${anyWords(2)}${readers}\\b`,
  `(?:attention|dear|hey|hello)[,:]? ${readers}\\b`,
  `(?:if|when|while|as|since|before) you(?:'re| are)? ${anyWords(2)}(?:an? (?:ai|llm|language model)|${judging}\\w*|reading this (?:log|transcript|session|conversation))`,
  `(?:when|while|in|for|before|after) ${judging}(?:e|ing|ying|ling)?\\w* ${anyWords(2)}(?:session|conversation|transcript|log|chat)\\b`,
  `${setting} ${anyWords(4)}(?:outcome|satisfaction|facets?|frictions?) ${anyWords(4)}(?:as|to be|to|with)\\b`,
  `${setting} ${anyWords(3)}(?:session|conversation|transcript|log) ${anyWords(2)}(?:as|to be|to have been|was|a) ${anyWords(3)}${praise}\\b`,
  String.raw`\b(?:fully|mostly|partially|not)_achieved\b|\bunclear_from_transcript\b|\blikely_satisfied\b`,
  String.raw`\b(?:user_satisfaction_counts|friction_counts|course_corrections|claude_helpfulness|session_cut_short)\b`,
  `outcome ${anyWords(3)}(?:fully|mostly|partially|not) achieved\\b`,
  String.raw`<\|[a-z_]{2,20}\|>|\[/?INST\]|<</?SYS>>|</?(?:transcript|instructions?|system|developer|judge)(?:[-_\s][^<>]{0,40})?>`,
]

/** A person may well say this to an agent; in a tool's output or a file it is odd. */
const inOthersWords = [
  'you are (?:now|no longer) (?:an?|the|in|my|free|acting|not|bound|required)\\b',
  'from now on (?:you|respond|reply|answer|act|always|only)\\b',
  '(?:pretend|roleplay|act) (?:to be|that you are|as if you|as an? (?:ai|llm|assistant|model|admin|developer))\\b',
  '(?:respond|reply|answer|output) (?:only |exactly |strictly )?(?:with|in|as|using) (?:only |exactly )?(?:the following |this |valid |an? )?(?:json|exactly|following|object)',
  String.raw`(?:^|\n)\s{0,3}(?:system|assistant|developer|human)\s?:`,
  String.raw`(?:#|\[)\s?(?:system|new instructions?|developer)(?: (?:prompt|message|note))?\]?:?\s{0,3}(?:$|\n)`,
  'your (?:new |only |real |true )(?:task|job|goal|role|purpose|instructions?) (?:is|are)\\b',
]

const toAnyone = new RegExp(always.map(phrase).join('|'), 'iu')
const toModels = new RegExp([...always, ...inOthersWords].map(phrase).join('|'), 'iu')
/** What follows an instruction up to the next blank line is taken as part of it. */
const mostLinesOfPassage = 6

const lookalikes: Readonly<Record<string, string>> = Object.fromEntries(
  [...'аеорсухіѕԁјΑΒΕΟΡΤΧαορν'].map((letter, i) => [letter, 'aeopcyxisdjabeoptxaopv'[i]!]),
)

/** As it reads, whatever letters it is set in. */
function plain(text: string): string {
  const folded = text
    .normalize('NFKC')
    .replaceAll(/[\u0370-\u052F]/g, (letter) => lookalikes[letter] ?? letter)
  return withoutInvisible(folded).replaceAll(/[^\S\n]+/g, ' ')
}

/** Without characters that nobody sees but a model reads. */
export function withoutInvisible(text: string): string {
  return text.replaceAll(/\p{Cf}|\p{Variation_Selector}/gu, '')
}

/** Each passage from the line that reads as an instruction to the end of its paragraph. */
export function instructionPassages(text: string, isHuman: boolean): string[] {
  const sign = isHuman ? toAnyone : toModels
  if (!sign.test(plain(text))) return []
  const lines = text.split('\n')
  const passages: string[] = []
  for (let i = 0; i < lines.length; i++) {
    if (!sign.test(plain(lines.slice(i, i + 2).join('\n')))) continue
    // The pair matched: where its second line does so alone, the passage begins there.
    if (i + 1 < lines.length && !sign.test(plain(lines[i]!)) && sign.test(plain(lines[i + 1]!))) continue
    const blank = lines.findIndex((line, j) => j > i && line.trim() === '')
    const end = Math.min(i + mostLinesOfPassage, blank === -1 ? lines.length : blank)
    passages.push(lines.slice(i, end).join('\n'))
    i = end - 1
  }
  return passages
}

/** Whether the words repeat a passage, in a run long enough not to be chance. */
export function repeats(words: string, passages: readonly string[]): boolean {
  const said = wordsOf(words)
  return passages.some((passage) => {
    const theirs = wordsOf(passage)
    const size = Math.min(fewestRepeated, theirs.length)
    if (size < fewestToRepeat) return false
    const runs = new Set(runsOf(theirs, size))
    return runsOf(said, size).some((run) => runs.has(run))
  })
}

const fewestRepeated = 4
const fewestToRepeat = 3

/** Whether a passage names the value, which is then no judgement of the model's own. */
export function names(passages: readonly string[], value: string): boolean {
  const wanted = ` ${wordsOf(value).join(' ')} `
  return passages.some((passage) => ` ${wordsOf(passage).join(' ')} `.includes(wanted))
}

function runsOf(words: readonly string[], size: number): string[] {
  return words
    .slice(0, Math.max(0, words.length - size + 1))
    .map((_, i) => words.slice(i, i + size).join(' '))
}

function wordsOf(text: string): string[] {
  return (
    plain(text)
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? []
  )
}
