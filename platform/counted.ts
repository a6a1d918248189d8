// So many of a thing, in words.

/** `1 case`, `2 cases`: for things whose plural is the word with an s. `count`: 0 or more. */
export function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`
}
