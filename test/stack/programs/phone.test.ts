// Calls between two phones, 10 ms apart, without a proxy: what stands on the wire, and when.

import { describe, expect, it } from 'vitest'
import { Phones, type PhonesOptions } from './phones.ts'

const CALL = '0 alice call sip:bob@10.0.0.2'

/** One story: what is asked, then what is sent (`,`-separated), then the steps of both calls. */
function tell(scenario: readonly string[], options: PhonesOptions = {}) {
  const story = new Phones(scenario, options)
  expect(story.network.kernel.pending, 'timers left').toBe(0)
  expect(story.network.inFlight, 'packets left').toBe(0)
  return { wire: story.ladder.join(', '), alice: story.steps('alice'), bob: story.steps('bob'), story }
}

describe('a call', () => {
  it('rings, is answered, and is hung up by the caller', () => {
    const { wire, alice, bob } = tell([CALL, '2000 bob answer', '5000 alice hang up'])
    expect(wire).toBe(
      '0 alice INVITE, 10 bob 180 INVITE, 2000 bob 200 INVITE, 2010 alice ACK, 5000 alice BYE, 5010 bob 200 BYE',
    )
    expect(alice).toBe('0 calling, 20 ringback, 2010 established, 5000 ending, 5020 ended')
    expect(bob).toBe('10 offered, 10 ringing, 2000 answered, 2020 established, 5010 ended')
  })
})
