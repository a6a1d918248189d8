import { expect, test } from 'vitest'
import { abridged } from './blocks.ts'

const SAID = ['asked', 'ringing', 'delay   5 µs', 'loss    0 %', 'over']

test.each([
  ['no gap', ['anything'], SAID],
  ['a gap to the end', ['asked', '…'], ['asked', '…']],
  ['a gap in between', ['…', 'delay   5 µs', 'loss    0 %', '…'], ['…', 'delay   5 µs', 'loss    0 %', '…']],
  [
    'the line after it has other numbers now',
    ['…', 'delay   12.5 ms', 'loss    3 %', '…'],
    ['…', 'delay   5 µs', 'loss    0 %', '…'],
  ],
  ['the line after it is gone', ['…', 'jitter  1 ms'], ['…', '(the line after … is no longer said)']],
])('%s', (_, old, now) => expect(abridged(SAID, old)).toEqual(now))
