// Finds the words of a sentence that give a figure, which its link stands on.

const units = String.raw`(?:[ \u00a0]?%|\u00a0h(?:\u00a0\d+\u00a0min)?|[ \u00a0](?:min|s|k|M|B)(?![\p{L}])|\u00a0\p{L}+|[ ](?:sessions?|prompts?|calls?|actions?|times|minutes|days|weeks|months)(?![\p{L}]))?`
const amount = String.raw`(?:[≥~<]\u00a0?)?\$?\d(?:[\d,.]*\d)?`
const spelled = 'none|no|one|two|three|four|five|six|seven|eight|nine|ten|once|twice'
const months = 'January|February|March|April|May|June|July|August|September|October|November|December'
const figure = new RegExp(
  String.raw`(?<![\p{L}\p{N}\-_./:#@])(?:${amount}${units}(?![\p{L}\p{N}_\-/:])(?![ \u00a0](?:${months}))|\b(?:${spelled})\u00a0\p{L}+|\b(?:once|twice)\b)`,
  'giu',
)

/** The first figure that stands in no quotation, code or date; null where there is none. */
export function figureIn(sentence: string): string | null {
  const told = sentence.replace(/“[^”]*”|`[^`]*`|\([^()]*\d{4}-\d\d[^()]*\)/g, (quoted) =>
    ' '.repeat(quoted.length),
  )
  const found = [...told.matchAll(figure)][0]?.[0]
  return found ?? null
}
