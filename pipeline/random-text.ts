// Runs of characters drawn at random, as keys are, told from those made of words, as names and paths are.
import { placeholder } from './secret-shapes.js'

/** The commonest pairs of letters in English and in code: more than half of a word's pairs, a sixth of random ones. */
const commonPairs = new Set(
  (
    'th he in er an re on at en nd ti es or te of ed is it al ar st to nt ng se ha as ou io le ve co me de hi ri ro ic ne ' +
    'ea ra ce li ch ll be ma si om ur ca el ta la ns di fo ho pe ec pr no ct us ac ot il tr ly nc et ut ss so rs un lo wa ' +
    'ge ie wh ee wi em ad ol rt po we na ul ni ts mo ow pa im mi ai sh ir su id os iv ia am fi ci vi pl ig tu ev ld ry ' +
    'mp fe bl ab gh ty op wo sa ay ex ke ui ck ap pu da ag ob bo ba ga do up fu tp ub bi gi ys sy sc cl cr gr lu lt rm'
  ).split(' '),
)

export interface RandomTextLimits {
  readonly fewestChars: number
}

/** Mixed letters and digits that spell nothing; hexadecimal digests and ids are not meant. */
export function looksRandom(text: string, { fewestChars }: RandomTextLimits = { fewestChars: 24 }): boolean {
  if (text.length < fewestChars || /^\+?[0-9a-f-]+$/i.test(text) || isRepetitive(text) || isCounted(text))
    return false
  const hasMixedCase = /[a-z]/.test(text) && /[A-Z]/.test(text)
  const digitCount = text.replaceAll(/\D/g, '').length
  if (digitCount === 0) return hasMixedCase && text.length >= 28 && isUnspoken(text, 0.36)
  if (!hasMixedCase) return text.length >= 30 && digitCount >= text.length / 12 && isUnspoken(text, 0.45)
  return isUnspoken(text, text.length >= 32 && digitCount > 2 ? 0.5 : 0.44)
}

/** Shannon entropy per character; random text of this length has more. */
function isRepetitive(text: string): boolean {
  const counts = new Map<string, number>()
  for (const char of text) counts.set(char, (counts.get(char) ?? 0) + 1)
  let bits = 0
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length)
  return bits < 3.2
}

/** An alphabet, written out. */
function isCounted(text: string): boolean {
  let steps = 0
  for (let i = 1; i < text.length; i++) if (text.charCodeAt(i) - text.charCodeAt(i - 1) === 1) steps += 1
  return steps > text.length / 3
}

/** At most this share of its pairs of letters is common. */
function isUnspoken(text: string, mostCommonShare: number): boolean {
  let [pairs, common] = [0, 0]
  for (const [run] of text.matchAll(/[A-Z]?[a-z]+|[A-Z]+/g)) {
    const word = run.toLowerCase()
    for (let i = 1; i < word.length; i++) {
      pairs += 1
      if (commonPairs.has(word.slice(i - 1, i + 1))) common += 1
    }
  }
  return common <= pairs * mostCommonShare
}

const runs = /[A-Za-z0-9+/]{40,}={0,2}|[A-Za-z0-9_+-]{16,}={0,2}/g
/** Digests, ids and pictures: random, but no secret. */
const publicBeginning =
  /^(?:sha\d+-|ssh-|AAAA[BCE]|(?:toolu|srvtoolu|msg|req|resp|call|chatcmpl|file|run|thread|asst|batch)[_-]|[a-z]{2,12}_01[A-Za-z0-9]{22}$|iVBORw0KGgo|\/9j\/4|R0lGOD|UklGR|PHN2Z|JVBERi0|d09GM)/
const publicHead = /(?:\/var\/folders\/\w\w\/|;base64,|\bh1:|\bsha\d+[:-])[A-Za-z0-9+/]*$/
const tellingHead =
  /(?:aws|secret|passw|passphrase|credential|token|api.?key|private.?key|access.?key)[^\n]{0,60}$/i
const longestHeadChars = 100

/** The text without runs that look random; shorter ones go where a telling word stands before them. */
export function clearRandomText(text: string): string {
  return text.replace(runs, (run: string, at: number) => clearRun(run, headOf(text, at)))
}

function clearRun(run: string, head: string): string {
  if (publicBeginning.test(run) || publicHead.test(head)) return run
  if (!run.startsWith('/') && isKey(run, head)) return placeholder
  // A path, of which one part may still be a key.
  return run.includes('/')
    ? run.replace(/[A-Za-z0-9+]{16,}={0,2}/g, (part, at: number) => clearRun(part, head + run.slice(0, at)))
    : run
}

function headOf(text: string, at: number): string {
  return text.slice(Math.max(0, at - longestHeadChars), at)
}

function isKey(run: string, head: string): boolean {
  if (looksRandom(run)) return true
  return tellingHead.test(head) && (looksRandom(run, { fewestChars: 16 }) || isLikeAwsKey(run))
}

/** Amazon's secrets: forty characters with capitals, small letters and digits. */
function isLikeAwsKey(run: string): boolean {
  return run.length === 40 && /[A-Z]/.test(run) && /[a-z]/.test(run) && /\d/.test(run) && !/[_-]/.test(run)
}
