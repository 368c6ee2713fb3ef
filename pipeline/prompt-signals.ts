// What a prompt's first words give away: a correction, thanks, a complaint. Sources serve JS and DuckDB's RE2 alike.

// No lookarounds, no backreferences, repetition under 1,000: RE2 refuses them. `(?i)` is left to the caller.
const sentence = String.raw`(?:^|^[\s\S]{0,200}?(?:[.!?;:][ \t]+|\n[ \t]*))`
const opener = String.raw`(?:(?:ok|okay|yes|yeah|well|hm+|oh|ah|sorry|so|um+|uh)[,.!:…]*[ \t]+)*`

const redirections = [
  String.raw`no(?:pe|t quite|t really)?(?:[,.!:;\n]|[ \t]*-|[ \t]+(?:i|it|that|this|you|the|we|don'?t|not|just|use|please|wait)\b|$)`,
  String.raw`(?:wait|stop|hold on|hang on|undo|revert|roll ?back)\b`,
  String.raw`let'?s (?:not|pause|stop|step back|go back|revert|undo)\b`,
  String.raw`(?:please )?(?:don'?t|do not|never) (?:do|use|add|change|edit|touch|create|write|remove|delete|modify|make|commit|push|run|leave|put|call|mock|skip|assume|just)\b`,
  "(?:that|this|it|which)(?:'s| is| was| looks| seems) (?:wrong|incorrect|bad|broken|not (?:right|correct|true|what|how|the|it|quite|working))",
  String.raw`(?:that|this|it) (?:isn'?t|wasn'?t|does not|doesn'?t|didn'?t|did not|should not|shouldn'?t)\b`,
  String.raw`(?:you|u) (?:missed|forgot|broke|misunderstood|should(?:n'?t| not)? have|didn'?t|did not|still haven'?t|were supposed|removed|changed the wrong|misread)\b`,
  String.raw`(?:i|what i) (?:meant|mean was|said|asked (?:for|you)|wanted you)\b`,
  String.raw`my point (?:is|was)\b`,
  String.raw`(?:not|wrong)[ ,](?:that|this|there|the|like|what|a|in|file|one|way|approach)\b`,
  'actually[, ]',
  String.raw`(?:instead|rather)\b`,
  String.raw`why (?:did|are|would|have) you\b`,
  String.raw`but (?:this|that|it|you|we|why|i|the|then|now|not)\b`,
  String.raw`we (?:don'?t|do not|shouldn'?t) (?:need|want)\b`,
  String.raw`(?:i think )?we should (?:not|only|rather)\b`,
]

const denials = [
  String.raw`[^.!?\n]{0,80}\b(?:is|was|are|'s) (?:not|in)[ ]?(?:correct|right|what i (?:want|ask|mean)\w*)\b`,
  String.raw`[^.!?\n]{0,80}\bshould(?:n'?t| not) (?:be|have been) (?:changed|touched|removed|there|needed|modified|edited)\b`,
  String.raw`(?:yes|yeah|ok|okay|sure),? but\b`,
]

/** A prompt that redirects or corrects the agent, recognised at the beginning of the prompt or of a sentence. */
export const correctionPatterns: readonly string[] = [
  `${sentence}${opener}(?:${redirections.join('|')})`,
  `${sentence}(?:${denials.join('|')})`,
]

/** Thanks or praise. */
export const thanksPattern = `${sentence}${opener}(?:thanks?\\b|thank you|thx\\b|ty\\b|perfect\\b|great\\b|awesome\\b|excellent\\b|nice\\b|lovely\\b|amazing\\b|brilliant\\b|beautiful\\b|well done|good (?:job|work|stuff|catch)|love (?:it|this|that)\\b|looks (?:good|great)|lgtm\\b|works (?:now|great|perfectly|well)|(?:it|that|this) (?:works|worked)\\b)`

/** A report that something the agent did is broken, or plain annoyance. */
export const complaintPattern = `${sentence}${opener}(?:[^.!?\\n]{0,80}\\b(?:still (?:fail|not|broken|doesn'?t|does not|the same|seeing|get)\\w*|(?:doesn'?t|does not|didn'?t|isn'?t|not) work\\w*|(?:is|are) (?:now )?(?:failing|broken)|fails?\\b|failing now|same (?:error|problem|issue))|wtf\\b|ugh\\b|seriously\\b|come on\\b|this is (?:terrible|awful|ridiculous|frustrating)|you (?:keep|always|never)\\b|again[?!])`

/** The one pattern for SQL's regexp_matches(text, pattern, 'i'). */
export const correctionPattern: string = correctionPatterns.map((pattern) => `(?:${pattern})`).join('|')

/** The patterns are for prompts after the first, of at most this length: what is longer brings its own matter. */
export const longestReactionChars = 800
