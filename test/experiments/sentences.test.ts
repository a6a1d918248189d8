import { describe, expect, test } from 'vitest'
import { EVENTS } from '../../experiments/sentences/events.ts'
import { EXPECTATIONS } from '../../experiments/sentences/expectations.ts'
import { readSentence } from '../../experiments/sentences/form.ts'
import type { Scope } from '../../experiments/sentences/slot.ts'
import { printRecordId, type TraceRecord } from '../../platform/trace.ts'

const scope: Scope = {
  nodes: ['alice', 'bob', 'proxy'],
  ownerOf: (address) => ({ '192.0.2.10': 'alice', '192.0.2.20': 'bob' })[address],
}

/**
 * A run in short: `bob>180 INVITE@20` bob sends at 20 ms, `alice<…` receives, `x…` lost at a node; `bob:ringing@20` its call enters a state
 * (call c1); `alice#call failed 486@30` a remark.
 */
function records(story: string): readonly TraceRecord[] {
  const sequences = new Map<string, number>()
  return story.split(';').map((word): TraceRecord => {
    const [, node = '', sign = '', what = '', ms = ''] = /^\s*(\w+)([<>:#x])(.*)@([\d.]+)\s*$/.exec(word) ?? []
    const sequence = sequences.get(node) ?? 0
    sequences.set(node, sequence + 1)
    const base = { id: { node, sequence }, at: Number(ms) * 1e6, cause: null }
    const label = { name: what, media: false, call: 'c1' }
    const address = { source: '', sourcePort: 0, destination: '', destinationPort: 0, dscp: 0, length: 0 }
    const packet = { id: base.id, protocol: 'udp' as const, ...address, label, payload: new Uint8Array() }
    if (sign === '>') return { ...base, kind: 'sent', packet, link: '', ttl: 64 }
    if (sign === '<') return { ...base, kind: 'delivered', packet, link: '', ttl: 64 }
    if (sign === 'x') return { ...base, kind: 'lost', packet, link: '', why: 'queue full' }
    const machine = { machine: 'call', instance: 'c1', from: '', event: '' }
    if (sign === ':') return { ...base, kind: 'transition', ...machine, to: what }
    const [, name = '', status = ''] = /^(.*?)(?: (\d+))?$/.exec(what) ?? []
    return {
      ...base,
      kind: 'remark',
      what: name,
      details: { status: Number(status), local: false, from: '192.0.2.20:10000' },
    }
  })
}

const STORY = `alice>INVITE@0; alice:calling@0; bob<INVITE@10; bob:ringing@10; bob>180 INVITE@10; alice<180 INVITE@20; alice:ringback@20;
  bob:answered@2000; bob>200 INVITE@2000; proxyx200 INVITE@2005; bob:answered@2500; bob>200 INVITE@2500; alice<200 INVITE@2510;
  alice:established@2510; alice>ACK@2510; bob<ACK@2520; bob:established@2520; alice#media received@2530; alice>BYE@9000`

/** How a sentence stands at the end of the story: `held: at 20 ms`. */
function judge(sentence: string, measured = {}): string {
  const read = readSentence(EXPECTATIONS, sentence, scope)
  if (!read.ok) return read.issue.expected
  const one = read.value.make()()
  for (const record of records(STORY))
    one.see(record, { again: (id) => (printRecordId(id) === 'bob#6' ? '2xx core' : undefined) })
  const { state, because } = one.verdict(measured)
  return `${state}: ${because}`
}

describe('expectations, judged', () => {
  test.each<[string, string]>([
    ['call is established', 'held: at 2.52 s'],
    ['call is established at 2.52 s', 'held: at 2.52 s'],
    ['call is established at 2.51 s', 'failed: it happened at 2.52 s, not at 2.51 s'],
    ['call is established between 2 s and 3 s', 'held: at 2.52 s'],
    ['call is ringing', 'held: at 10 ms'],
    ['alice is hearing ringback', 'held: at 20 ms'],
    ['call is ended', 'open: it never happened'],
    ['bob is never ringing', 'failed: bob is ringing at 10 ms, bob'],
    ['call is never ended', 'held: it never happened'],
    ['180 INVITE is received by alice', 'held: at 20 ms'],
    ['200 INVITE is lost', 'held: at 2.005 s'],
    ['nothing is lost', 'failed: lost at 2.005 s, proxy'],
    ['the 2nd 200 INVITE is sent by bob at 2.5 s', 'held: at 2.5 s'],
    ['200 INVITE is sent twice by bob', 'held: 2 times, at 2 s, 2.5 s'],
    ['200 INVITE is sent twice by bob, 500 ms apart', 'held: 2 times, at 2 s, 2.5 s'],
    ['200 INVITE is sent twice by bob, 1 s apart', 'failed: 2 times, at 2 s, 2.5 s: 500 ms apart'],
    ['200 INVITE is sent twice by bob, at 2 s and 2.5 s', 'held: 2 times, at 2 s, 2.5 s'],
    ['200 INVITE is sent twice by bob, at 0 s and 500 ms after the first', 'held: 2 times, at 2 s, 2.5 s'],
    [
      '200 INVITE is sent twice by bob, at 0 s and 600 ms after the first',
      'failed: 2 times, at 2 s, 2.5 s: the 2. is at 500 ms, not 600 ms',
    ],
    ['200 INVITE is sent once by bob', 'failed: 2 times, at 2 s, 2.5 s'],
    ['200 INVITE is sent at least 3 times by bob', 'open: 2 times, at 2 s, 2.5 s'],
    ['BYE is sent once by bob', 'open: 0 times'],
    ['200 INVITE is sent again by bob because of 2xx core', 'held: at 2.5 s'],
    ['200 INVITE is sent again by bob because of Timer G', 'open: it never happened'],
    ['200 INVITE is never sent again', 'failed: 200 INVITE is sent again at 2.5 s, bob'],
    ['INVITE is never sent again', 'held: it never happened'],
    ['CANCEL is never sent', 'held: it never happened'],
    ['BYE is never sent by alice', 'failed: BYE is sent at 9 s, alice'],
    ['6 SIP messages are sent', 'held: 6 times, at 0 s, 10 ms, 2 s, 2.5 s, 2.51 s, 9 s'],
    ['alice hears bob', 'held: at 2.53 s'],
    ['bob hears alice', 'open: it never happened'],
    ['call of alice fails', 'open: it never happened'],
    ['alice remarks "media received"', 'held: at 2.53 s'],
    ['loss is 0 %', 'open: there was nothing to measure'],
  ])('%s → %s', (sentence, verdict) => {
    expect(judge(sentence)).toBe(verdict)
  })

  test.each<[string, object, string]>([
    ['loss is below 2 %', { loss: 0.01 }, 'held: it is 1 %'],
    ['post-dial delay is below 10 ms', { 'post-dial delay': 20e6 }, 'failed: it is 20 ms'],
    ['jitter is 5 ms', { jitter: 5_000_100 }, 'held: it is 5.0001 ms'],
  ])('%s of %o → %s', (sentence, measured, verdict) => {
    expect(judge(sentence, measured)).toBe(verdict)
  })
})

describe('a sentence that is none is answered with what was meant', () => {
  test.each<[string, string]>([
    ['call is establishd', 'a state of a call, not "establishd": did you mean established?'],
    ['bobb is ringing', 'a node of the topology, not "bobb": did you mean bob?'],
    ['INVITE is sent by carol', 'a node of the topology, not "carol": one of alice, bob, proxy'],
    ['INVITE is sent twice by bob, 5 mz apart', 'a duration such as 20 ms: there is no unit "mz" (did you mean ms?)'],
    [
      'INVITE is send by bob',
      'a sentence that is known (siptwin schema experiment lists them): the nearest is "{label} is sent by {node}", such as "180 INVITE is sent by bob"',
    ],
    [
      'INVITE is sent again by bob',
      'a sentence that is known (siptwin schema experiment lists them): the nearest is "{label} is sent again by {node} because of {timer}", such as "200 INVITE is sent again by bob because of 2xx core"',
    ],
    ['200 BYEE is never sent', 'a label such as INVITE, 200 INVITE or RTP, not "200 BYEE": did you mean 200 BYE?'],
    ['INVITE 200 is lost', 'a label such as INVITE, 200 INVITE or RTP, not "INVITE 200": did you mean 200 INVITE?'],
    ['rtp is received by bob', 'a label such as INVITE, 200 INVITE or RTP, not "rtp": did you mean RTP?'],
    ['the 2nd INVIT is sent by bob', 'a label such as INVITE, 200 INVITE or RTP, not "INVIT": did you mean INVITE?'],
    ['the 2nd INVITE is sent by bobb', 'a node of the topology, not "bobb": did you mean bob?'],
    ['loss is below 2 ms', 'a ratio such as 2 %: "2 ms" is a duration'],
  ])('%s: %s', (sentence, expected) => {
    expect(judge(sentence)).toBe(expected)
  })
})

describe('the tables are whole', () => {
  test.each(EXPECTATIONS.map((form) => form.example))('"%s" has the one form that it is the example of', (example) => {
    const read = readSentence(EXPECTATIONS, example, scope)
    expect(read.ok ? 'ok' : read.issue.expected).toBe('ok')
    const form = EXPECTATIONS.find((one) => one.example === example)
    expect(read.ok && read.value.sentence.form).toBe(form?.text)
  })

  test('every event can be a condition', () => {
    for (const { example } of EVENTS) expect(readSentence(EVENTS, example, scope).ok).toBe(true)
  })
})
