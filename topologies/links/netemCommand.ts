// A netem line in words, out of what people paste: a `tc` command of one line or several, or what `tc qdisc show` prints.

export interface NetemWord {
  readonly text: string
  /** Its first character's place in the line. */
  readonly start: number
}

/**
 * What stands after the word `netem`, or all words where there is none such; and the line's end as an empty word. A backslash before a line
 * end is the shell's, and no word; what follows a # is a comment.
 */
export function wordsOf(line: string): { readonly words: readonly NetemWord[]; readonly end: NetemWord } {
  const code = line.replace(/(^|\s)#.*/g, (comment) => ' '.repeat(comment.length))
  const words = [...code.matchAll(/(?!\\\s)\S+/g)].map((match) => ({ text: match[0], start: match.index }))
  const command = words.findIndex(({ text }) => text === 'netem')
  return { words: withoutPlace(words.slice(command + 1)), end: { text: '', start: code.trimEnd().length } }
}

/** What `tc qdisc show` prints of where a netem stands, left out: `8001: dev eth0 root refcnt 2`. */
function withoutPlace(words: readonly NetemWord[]): readonly NetemWord[] {
  if (!/^[\da-f]+:$/i.test(words[0]?.text ?? '')) return words
  let at = 1
  for (;;) {
    const word = words[at]?.text ?? ''
    if (!PLACE.has(word)) return words.slice(at)
    at += PLACE.get(word)!
  }
}

/** How many words each of these takes. */
const PLACE: ReadonlyMap<string, number> = new Map([
  ['root', 1],
  ['dev', 2],
  ['parent', 2],
  ['refcnt', 2],
])
