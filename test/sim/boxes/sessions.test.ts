// Connections through a box: a mapping is as established as the connections that live by it, each until exactly its time.

import { expect, test } from 'vitest'
import { Sessions } from '../../../sim/boxes/sessions.ts'
import { ACK, FIN, SYN } from '../../../sim/transport/tcp/header.ts'

const [OPENING, ESTABLISHED] = [0, 1]
/** In a mapping's row 0, of its first life. */
const MAPPING: readonly [row: number, life: number] = [0, 1]
const INSIDE = 7

/** Lives of 240 ticks while a connection opens or closes, of 7440 while it is established. */
function box() {
  const sessions = new Sessions([240, 7440, 240])
  const pass = (at: number, remote: number, way: 'out' | 'in', flags: number, [row, life] = MAPPING): number =>
    sessions.note(INSIDE, remote, row, life, way === 'out', flags, at)
  const establish = (at: number, remote: number): void => {
    pass(at, remote, 'out', SYN)
    pass(at, remote, 'in', SYN | ACK)
    expect(pass(at, remote, 'out', ACK)).toBe(ESTABLISHED)
  }
  return { pass, establish }
}

test('another connection that opens has the mapping established as long as one is, and no longer', () => {
  const { pass, establish } = box()
  establish(0, 1)
  expect(pass(7439, 2, 'out', SYN)).toBe(ESTABLISHED)
  expect(pass(7440, 2, 'out', SYN)).toBe(OPENING)
})

test('however many others pass in the meantime', () => {
  for (const others of [0, 1, 2, 20]) {
    const { pass, establish } = box()
    establish(0, 1)
    for (let n = 0; n < others; n++) pass(7440, 100 + n, 'in', SYN, [1, 1])
    expect(pass(7440, 2, 'out', SYN)).toBe(OPENING)
  }
})

test('of two, the one that is left', () => {
  const { pass, establish } = box()
  establish(0, 1)
  establish(5000, 2)
  expect(pass(7440, 3, 'out', SYN)).toBe(ESTABLISHED)
  pass(7441, 2, 'out', FIN | ACK)
  expect(pass(7441, 2, 'in', FIN | ACK)).not.toBe(ESTABLISHED)
  expect(pass(7441, 3, 'out', SYN)).toBe(OPENING)
})

test('what an earlier mapping of the row had says nothing of this one', () => {
  const { pass, establish } = box()
  establish(0, 1)
  expect(pass(100, 2, 'out', SYN, [0, 3])).toBe(OPENING)
  expect(pass(100, 1, 'out', ACK, [0, 3])).toBe(ESTABLISHED)
  expect(pass(100, 2, 'out', SYN, [0, 3])).toBe(ESTABLISHED)
})
