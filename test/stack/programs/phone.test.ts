// Calls between two phones, 10 ms apart, without a proxy: what stands on the wire, and when. One call is one line a side.

import { describe, expect, it } from 'vitest'
import { lose, Phones, type PhonesOptions } from './phones.ts'

const CALL = '0 alice call sip:bob@10.0.0.2'

/** Plays a scenario and says what was sent, and the steps of either's calls. Nothing may be left when it is over. */
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
  it('is hung up by the callee', () => {
    const { alice, bob } = tell([CALL, '2000 bob answer', '5000 bob hang up'])
    expect(alice).toBe('0 calling, 20 ringback, 2010 established, 5010 ended')
    expect(bob).toBe('10 offered, 10 ringing, 2000 answered, 2020 established, 5000 ending, 5020 ended')
  })
  it('is as smooth for who only listens: jitter is reckoned by the clock of what is heard (RFC 3550 §6.4.1)', () => {
    const codecs = ['opus']
    const bob = { talk: true, answerAfterMs: 0, codecs }
    const { story } = tell([CALL, '6000 alice hang up'], { alice: { talk: false, codecs }, bob })
    expect(story.remarks('alice').at(-1)).toBe('media ended 0 300 300 0 0')
  })
  it('is hung up by both at once', () => {
    const { wire, alice, bob } = tell([CALL, '2000 bob answer', '5000 alice hang up', '5005 bob hang up'])
    expect(wire).toContain('5000 alice BYE, 5005 bob BYE, 5010 bob 200 BYE, 5015 alice 200 BYE')
    expect([alice, bob].map((steps) => steps.split(', ').at(-1))).toEqual(['5020 ended', '5025 ended'])
  })
  it('talks both ways from the answer on, by options alone', () => {
    const { story } = tell([CALL, '9000 alice hang up'], {
      alice: { talk: true },
      bob: { talk: true, answerAfterMs: 3000 },
    })
    expect(story.remarks('alice')[0]).toMatch(/^media started 10\.0\.0\.2:10000 PCMU 20/)
    expect(story.remarks('alice').at(-1)).toBe('media ended 299 300 300 0 0')
    expect(story.remarks('bob').at(-1)).toBe('media ended 300 299 299 0 0')
  })
  it('is rung for again every minute (§13.3.1.1)', () => {
    const { wire } = tell([CALL, '130000 bob answer', '131000 bob hang up'])
    expect(wire).toContain('10 bob 180 INVITE, 60010 bob 180 INVITE (1xx refresh), 120010 bob 180 INVITE (1xx refresh)')
  })
  it('has no voice where every port for it is taken, and says so once', () => {
    const alice = { lines: 2, rtpPorts: '10000-10001' }
    const story = new Phones([CALL, CALL], { alice, bob: { lines: 2 }, untilMs: 100 })
    const said = story.remarks('alice').filter((remark) => remark.startsWith('no media'))
    expect(said).toEqual(['no media: every port for RTP is taken'])
  })
  it('is one of several at once, each hung up by its Call-ID', () => {
    const lines = { alice: { lines: 3 }, bob: { lines: 3, answerAfterMs: 100 } }
    const { network, alice, bob } = new Phones([CALL, CALL, CALL], { ...lines, untilMs: 1000 })
    const [first, second] = alice.calls.map(({ id }) => id)
    expect(bob.calls.length).toBe(3)
    network.ask(2e9, 'alice', () => alice.do('hang up', { call: second }))
    network.run(3e9)
    expect(alice.calls.map(({ id }) => id)).not.toContain(second)
    expect(alice.calls.map(({ id }) => id)).toContain(first)
    expect(bob.calls.length).toBe(2)
  })
  it('reaches a name', () => {
    const { alice } = tell(['0 alice call sip:bob@bob', '100 bob answer', '200 bob hang up'])
    expect(alice).toBe('0 calling, 20 ringback, 110 established, 210 ended')
  })
})

describe('losses', () => {
  it('of the 200 are mended by the core, not by a timer of a transaction', () => {
    const { wire, story } = tell([CALL, '2000 bob answer', '5000 alice hang up'], {
      faults: [lose('200 INVITE', 1, 'bob')],
    })
    expect(wire).toContain('2000 bob 200 INVITE ✗, 2500 bob 200 INVITE (2xx core), 2510 alice ACK,')
    expect(story.remarks('bob').join()).not.toContain('refused')
  })
  it('of the ACK: each 200 again has its ACK again', () => {
    const { wire, alice } = tell([CALL, '2000 bob answer', '5000 alice hang up'], { faults: [lose('ACK', 1, 'alice')] })
    expect(wire).toContain('2010 alice ACK ✗, 2500 bob 200 INVITE (2xx core), 2510 alice ACK (2xx core),')
    expect(alice).toBe('0 calling, 20 ringback, 2010 established, 5000 ending, 5020 ended')
  })
  it('of all ACKs: the call drops 32 s after the answer, its audio perfect until then', () => {
    const voice = { alice: { talk: true }, bob: { talk: true } }
    const { wire, alice, bob, story } = tell([CALL, '2000 bob answer'], {
      ...voice,
      faults: [lose('ACK', undefined, 'alice')],
    })
    const sent = [...wire.matchAll(/(\d+) bob 200 INVITE/g)].map((match) => Number(match[1]) - 2000)
    expect(sent).toEqual([0, 500, 1500, 3500, 7500, 11500, 15500, 19500, 23500, 27500, 31500])
    expect(wire).toContain('34000 bob BYE, 34010 alice 200 BYE')
    expect([alice, bob].map((steps) => steps.split(', ').at(-1))).toEqual(['34010 ended', '34020 ended'])
    expect(story.remarks('alice').at(-1)).toBe('media ended 1600 1600 1600 0 0')
  })
  it('of all 200s: the BYE ends the caller’s early dialog too', () => {
    const { alice, story } = tell([CALL, '2000 bob answer'], { faults: [lose('200 INVITE', undefined, 'bob')] })
    expect(alice).toBe('0 calling, 20 ringback, 34010 ended')
    expect(story.remarks('alice')[0]).toBe('call failed 487 BYE before the answer true')
  })
  it('of the 180: nobody repeats it', () => {
    const { wire, alice } = tell([CALL, '2000 bob answer', '3000 bob hang up'], {
      faults: [lose('180 INVITE', 1, 'bob')],
    })
    expect(wire).toContain('10 bob 180 INVITE ✗, 500 alice INVITE (Timer A), 510 bob 180 INVITE (Timer A),')
    expect(alice).toBe('0 calling, 520 ringback, 2010 established, 3010 ended')
  })
  it('of the BYE are mended by Timer E', () => {
    const { wire } = tell([CALL, '2000 bob answer', '5000 alice hang up'], { faults: [lose('BYE', 1, 'alice')] })
    expect(wire).toContain('5000 alice BYE ✗, 5500 alice BYE (Timer E), 5510 bob 200 BYE')
  })
})

describe('hanging up', () => {
  it('waits for the ACK at the callee (§15)', () => {
    const { wire, bob } = tell([CALL, '2000 bob answer', '2015 bob hang up'], { faults: [lose('ACK', 1, 'alice')] })
    expect(wire).toContain('2510 alice ACK (2xx core), 2520 bob BYE')
    expect(bob).toBe('10 offered, 10 ringing, 2000 answered, 2015 leaving, 2520 ending, 2540 ended')
  })
  it('before the answer is a CANCEL at the caller, a 603 at the callee', () => {
    expect(tell([CALL, '1000 alice hang up']).wire).toContain('1000 alice CANCEL')
    expect(tell([CALL, '1000 bob hang up']).wire).toContain('1000 bob 603 INVITE')
  })
})

describe('cancelling', () => {
  it('a ringing call', () => {
    const { wire, alice, story } = tell([CALL, '2000 alice cancel'])
    expect(wire).toBe(
      '0 alice INVITE, 10 bob 180 INVITE, 2000 alice CANCEL, 2010 bob 200 CANCEL, 2010 bob 487 INVITE, 2020 alice ACK',
    )
    expect(alice).toBe('0 calling, 20 ringback, 2000 cancelling, 2020 ended')
    expect(story.remarks('alice')[0]).toBe('call failed 487 Request Terminated false')
  })
  it('is held until there is a 1xx', () => {
    const { wire } = tell([CALL, '5 alice cancel'])
    expect(wire).toContain('10 bob 180 INVITE, 20 alice CANCEL, 30 bob 200 CANCEL, 30 bob 487 INVITE')
  })
  it('a dead phone: no CANCEL ever, and a 408 of our own after 32 s', () => {
    const { wire, alice, story } = tell([CALL, '5000 alice cancel'], { bobHasPower: false })
    expect(wire).not.toContain('CANCEL')
    expect(alice).toBe('0 calling, 5000 cancelling, 32000 ended')
    expect(story.remarks('alice')[1]).toBe('call failed 408 Request Timeout true')
  })
  it('crosses the answer: ACK, then BYE', () => {
    const { wire, alice } = tell([CALL, '2000 bob answer', '2005 alice cancel'])
    expect(wire).toContain(
      '2000 bob 200 INVITE, 2005 alice CANCEL, 2010 alice ACK, 2010 alice BYE, 2015 bob 200 CANCEL',
    )
    expect(alice).toBe('0 calling, 20 ringback, 2005 cancelling, 2010 ending, 2030 ended')
  })
  it('fits no call that is answered', () => {
    const { story } = tell([CALL, '2000 bob answer', '3000 alice cancel', '4000 alice hang up', '5000 alice hang up'])
    expect(story.refusals).toEqual([
      '3000 alice cancel: a call that it fits, not one that is established',
      '5000 alice hang up: a call that it fits, not none at all',
    ])
  })
})

describe('a call that comes to nothing', () => {
  // what is done to whom, what it fails with, and when it has ended
  it.each<[string, readonly string[], PhonesOptions, string, string]>([
    ['refused by option', [CALL], { bob: { reject: 486 } }, 'call failed 486 Busy Here false', '20 ended'],
    ['refused by its user', [CALL, '1000 bob reject 603'], {}, 'call failed 603 Decline false', '1010 ended'],
    ['to another user', ['0 alice call sip:carol@10.0.0.2'], {}, 'call failed 404 Not Found false', '20 ended'],
    [
      'without a codec in common',
      [CALL],
      { bob: { codecs: ['G729'] } },
      'call failed 488 Not Acceptable Here false',
      '20 ended',
    ],
    ['to a dead phone', [CALL], { bobHasPower: false }, 'call failed 408 Request Timeout true', '32000 ended'],
    ['to a closed port', [`${CALL}:5070`], {}, 'call failed 503 port unreachable true', '20 ended'],
    ['to no name', ['0 alice call sip:bob@nowhere.example'], {}, 'call failed 503 no such name true', '0 ended'],
  ])('%s', (_name, scenario, options, failure, end) => {
    const { alice, story } = tell(scenario, options)
    expect(story.remarks('alice')[0]).toBe(failure)
    expect(alice.split(', ').at(-1)).toBe(end)
  })
  it('finds the phone busy while it has a call, and the call goes on', () => {
    const { story, wire } = tell([CALL, '1000 bob answer', '3000 alice call sip:bob@10.0.0.2', '4000 alice hang up'])
    expect(wire).toContain('3000 alice INVITE, 3010 bob 486 INVITE, 3020 alice ACK, 4000 alice BYE')
    expect(story.remarks('alice')[0]).toBe('call failed 486 Busy Here false')
  })
})

describe('OPTIONS', () => {
  it.each([
    ['an idle phone', [], '200 OK'],
    ['a busy phone (§11.2)', [CALL, '10 bob answer', '8000 alice hang up'], '486 Busy Here'],
  ])('to %s', (_name, before, answered) => {
    const { story } = tell([...before, '5000 alice options sip:bob@10.0.0.2'])
    expect(story.remarks('alice')).toContain(`options answered ${answered} false`)
  })
  it('to a dead phone is sent eleven times, and is a 408 of our own', () => {
    const { wire, story } = tell(['0 alice options sip:bob@10.0.0.2'], { bobHasPower: false })
    expect([...wire.matchAll(/OPTIONS/g)].length).toBe(11)
    expect(story.remarks('alice')).toEqual(['options answered 408 Request Timeout true'])
  })
})
