// Headers that a message has besides its own.

import { z } from 'zod'
import { headersIssue } from '../../stack/sip/message/build.ts'
import { checked } from '../yaml/shape.ts'

/** What a phone writes itself (RFC 3261 §8.1.1, §13.2.1). */
const OWN = [
  ...['via', 'v', 'max-forwards', 'from', 'f', 'to', 't', 'call-id', 'i', 'cseq', 'contact', 'm', 'route', 'allow'],
  ...['accept', 'supported', 'k', 'authorization', 'proxy-authorization'],
  ...['content-type', 'c', 'content-length', 'l', 'content-encoding', 'e'],
] as const

const name = checked('a header such as User-Agent', (text) => {
  if (!/^[A-Za-z0-9.!%*_+`'~-]+$/.test(text)) return `a header's name such as User-Agent, not "${text}"`
  const own = (OWN as readonly string[]).includes(text.toLowerCase())
  return own ? `a header that the phone does not write itself, not ${text}` : undefined
})

const value = checked('a line of text', (text) => {
  return /^[\t\x20-\x7e\x80-\uffff]*$/.test(text) && text.trim() !== ''
    ? undefined
    : 'one line of text, without control characters'
})

/** As YAML reads what is a number: `Expires: 30`. */
const number = z.number()

/** Headers by their names; of one that stands several times, its values. Those that SIP knows hold what they must, no oftener than they may. */
export const headers = z.record(name, z.union([value, number, z.array(value)])).check(({ value: written, issues }) => {
  const all: [string, string][] = []
  for (const [name, values] of Object.entries(written)) {
    for (const value of [values].flat()) {
      all.push([name, String(value)])
      const issue = headersIssue(all)
      if (issue === undefined) continue
      const message = `what ${issue.at} can hold in an INVITE: ${issue.expected}`
      issues.push({ code: 'custom', path: [name], message, input: values })
      return
    }
  }
})

/** The same for the stack: texts. */
export function headerTexts(written: z.output<typeof headers>): Readonly<Record<string, string | readonly string[]>> {
  const texts = Object.entries(written).map(([name, value]) => [
    name,
    typeof value === 'number' ? String(value) : value,
  ])
  return Object.fromEntries(texts)
}
