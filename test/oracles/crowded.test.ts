// One call in which a message comes again and again: what is not linear does not end in time, and nothing is too much.

import { expect, test } from 'vitest'
import { CAPTURED, Jury } from '../../experiments/oracles/jury.ts'
import { wire } from './wire.ts'

test.each([
  ['an INVITE', 50_000, '0 a>b INVITE', 'branch'],
  ['its 200', 50_000, '0 a>b INVITE\n 20 b>a 200_INVITE', 'tags'],
  ['the BYE that ends it', 50_000, '0 a>b INVITE\n 20 b>a 200_INVITE\n 40 a>b ACK\n 60 a>b BYE', 'branch'],
  // More than a call has room for as arguments.
  ['its ACK', 600_000, '0 a>b INVITE\n 20 b>a 200_INVITE\n 40 a>b ACK', 'ACK of an answer'],
])('%s, %d times', (_, count, story, rule) => {
  const jury = new Jury(CAPTURED)
  const seen = wire(story)
  for (const one of seen) jury.observe(one)
  const last = seen.at(-1)!
  for (let n = 1; n < count; n++) jury.observe({ ...last, at: last.at + n })
  const verdict = jury.end().find(({ name }) => name === rule)
  expect(verdict?.state).toBe('holds')
})
