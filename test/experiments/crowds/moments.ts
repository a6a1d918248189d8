// When things happen in a crowd's world: much of it at the same tick, and at the tick of what it meets.

import type { Dice } from './dice.ts'
import type { Words } from './links.ts'
import type { DrawnNetwork } from './network.ts'

/** A moment of the first 12 s, most often one that others have as well. */
export function moment(dice: Dice): string {
  const second = dice.from(0, 12)
  const after = dice.one([0, 0, 0, 0, 10, 20, 21, 1, 500])
  return `${second * 1000 + after} ms`
}

/** When something happens: at a moment, or one tick after what it meets. */
export function time(dice: Dice, { phones }: DrawnNetwork, conditional: number): Words {
  if (!dice.chance(conditional)) return { at: moment(dice) }
  const [who, whom] = [dice.one(phones), dice.one(phones)]
  const when = dice.one([
    ...[
      `${who} is ringing`,
      'call is established',
      'INVITE is lost',
      `INVITE is received by ${who}`,
      `200 INVITE is sent by ${whom}`,
    ],
    ...[`BYE is sent by ${who}`, 'REGISTER is received by proxy', `the 2nd 200 REGISTER is received by ${who}`],
  ])
  return { when, ...dice.maybe(0.5, () => ({ after: dice.one(['0 s', '10 ms', '500 ms', '1 s']) })) }
}
