// Reads a header's value from left to right, character by character: linear in its length, whatever it holds.

import type { Issue } from '../../../platform/result.ts'
import { CLASSES, isHex, isOf, TOKEN } from './characters.ts'

const HTAB = 9
const SP = 32
const QUOTE = 34
const PERCENT = 37
const BACKSLASH = 92

/** A place in a text. A step that finds what it looks for moves `at` past it; one that does not says what it `expected` there. */
export class Scanner {
  text = ''
  at = 0
  end = 0
  /** What the first failed step wanted to find at `at`; empty while none has failed. */
  expected = ''

  /** Starts over at `text[from]`, to stop before `text[to]`. */
  over(text: string, from = 0, to = text.length): this {
    this.text = text
    this.at = from
    this.end = to
    this.expected = ''
    return this
  }

  /** The character code here, or -1 at the end. */
  peek(): number {
    return this.at < this.end ? this.text.charCodeAt(this.at) : -1
  }

  /** True at the end, but for white space. */
  done(): boolean {
    this.space()
    return this.at >= this.end
  }

  /** Remembers what was wanted here; false, so that a step can end with it. */
  fail(expected: string): false {
    if (this.expected === '') this.expected = expected
    return false
  }

  /** What went wrong, in the header or part named `at`. */
  issue(at: string): Issue {
    const found =
      this.at < this.end ? JSON.stringify(this.text.slice(this.at, Math.min(this.end, this.at + 16))) : 'its end'
    return { at, expected: `${this.expected || 'nothing more'}, not ${found}` }
  }

  /** Passes spaces and tabs; folds are gone before a value is scanned. */
  space(): void {
    while (this.at < this.end) {
      const code = this.text.charCodeAt(this.at)
      if (code !== SP && code !== HTAB) return
      this.at++
    }
  }

  /** Passes one character of this code, if it is here. */
  eat(code: number): boolean {
    if (this.peek() !== code) return false
    this.at++
    return true
  }

  /** Passes one character of this code with the white space about it, if it is here: `SEMI`, `COMMA`, `EQUAL`, … */
  separator(code: number): boolean {
    const from = this.at
    this.space()
    if (!this.eat(code)) {
      this.at = from
      return false
    }
    this.space()
    return true
  }

  /** Passes all characters of a class; true if there was one. */
  run(bit: number): boolean {
    const from = this.at
    while (this.at < this.end && isOf(bit, this.text.charCodeAt(this.at))) this.at++
    return this.at > from
  }

  /** Like {@link run}, with `%` and two hexadecimal digits as one more member of the class. */
  runEscaped(bit: number): boolean {
    const from = this.at
    while (this.at < this.end) {
      const code = this.text.charCodeAt(this.at)
      if (code < 128 && (CLASSES[code]! & bit) !== 0) this.at++
      else if (code === PERCENT && this.at + 2 < this.end && this.isEscape()) this.at += 3
      else break
    }
    return this.at > from
  }

  private isEscape(): boolean {
    return isHex(this.text.charCodeAt(this.at + 1)) && isHex(this.text.charCodeAt(this.at + 2))
  }

  /** A token, or nothing. */
  token(): string | undefined {
    const from = this.at
    return this.run(TOKEN) ? this.text.slice(from, this.at) : undefined
  }

  /** Passes a quoted string (§25.1); `at` stands on its first quote. */
  quoted(): boolean {
    const from = this.at
    for (let at = from + 1; at < this.end; at++) {
      const code = this.text.charCodeAt(at)
      if (code === QUOTE) {
        this.at = at + 1
        return true
      }
      if (code === BACKSLASH) {
        at++
        const pair = this.text.charCodeAt(at)
        if (at >= this.end || pair > 127 || pair === 10 || pair === 13) break
      } else if ((code < SP && code !== HTAB) || code === 127) {
        this.at = at
        return this.fail('a character that a quoted string can hold')
      }
    }
    return this.fail('a quoted string with its closing quote')
  }
}

/** A quoted string's content, without its quotes and backslashes; any other text as it is. */
export function unquote(text: string): string {
  if (text.charCodeAt(0) !== QUOTE) return text
  const inside = text.slice(1, -1)
  return inside.includes('\\') ? inside.replace(/\\([\s\S])/g, '$1') : inside
}

/** A text as a quoted string, with backslashes where they are needed. */
export function quote(text: string): string {
  return `"${text.replace(/["\\\0-\x08\x0a-\x1f\x7f]/g, '\\$&')}"`
}
