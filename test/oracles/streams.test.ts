// SIP over connections, as a run's record has it: what programs write and read, at their own times, whatever TCP makes of it.

import { readFileSync } from 'node:fs'
import { fc, test as law } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { readExperiment } from '../../experiments/experiment.ts'
import { EXACT, Jury } from '../../experiments/oracles/jury.ts'
import { Listener } from '../../experiments/oracles/listener.ts'
import type { OracleVerdict } from '../../experiments/oracles/oracle.ts'
import { Run } from '../../experiments/run/run.ts'
import { utf8Encode } from '../../platform/text.ts'
import type { TraceRecord } from '../../platform/trace.ts'
import { readYaml } from '../../topologies/yaml/document.ts'
import { printMistake } from '../../topologies/yaml/mistake.ts'
import { names } from './wire.ts'

/** The verdicts on call-over-tcp with its text changed, and its record. */
function tried(change: (text: string) => string): {
  readonly verdicts: readonly OracleVerdict[]
  readonly records: readonly TraceRecord[]
} {
  const text = readFileSync(new URL('../../experiments/call-over-tcp.yaml', import.meta.url), 'utf8')
  const reading = readExperiment(readYaml('call-over-tcp', change(text)), () => ({ hint: '' }))
  if (!reading.ok) throw new Error(reading.mistakes.map(printMistake).join('\n'))
  const jury = new Jury(EXACT)
  const records: TraceRecord[] = []
  const see = (record: TraceRecord): void => {
    records.push(record)
    jury.record(record)
  }
  const run = new Run(reading.value, { level: 'signalling', sinks: [see] })
  while (!run.step(Number.MAX_SAFE_INTEGER));
  return { verdicts: jury.end(run.now), records }
}

function faults(...lines: readonly string[]): (text: string) => string {
  return (text) => text.replace(/faults:\n.*\n/, `faults:\n${lines.map((line) => `  - ${line}\n`).join('')}`)
}

describe('a call over TCP', () => {
  test('is judged at both ends of the connection', () => {
    const { verdicts, records } = tried((text) => text)
    expect(names(verdicts, 'violated')).toEqual([])
    const heard = records.filter(({ kind }) => kind === 'written' || kind === 'read')
    expect(new Set(heard.map(({ id, kind }) => `${id.node} ${kind}`))).toEqual(
      new Set(['alice written', 'alice read', 'proxy written', 'proxy read']),
    )
    // The INVITE was lost once, and read a second later; it was written once.
    const invites = heard.filter((one) => 'bytes' in one && new TextDecoder().decode(one.bytes).startsWith('INVITE'))
    expect(invites.map(({ id, kind, at }) => `${id.node} ${kind} ${at / 1e9}`)).toEqual([
      'alice written 0',
      'proxy read 1.033',
    ])
  })

  test('whose caller cancels because the callee has hung up: the proxy cancels for her, not by Timer C', () => {
    const { verdicts } = tried(faults('{ drop: { of: 200 INVITE, on: proxy--router from router } }'))
    expect(names(verdicts, 'violated')).toEqual([])
    expect(names(verdicts, 'holds')).toContain('CANCEL')
  })

  test('whose ACKs wait for a connection that is long in coming: they are judged by when they were said', () => {
    const toBob = (text: string): string =>
      text
        .replace('aor: sip:bob@example.com, proxy: 192.0.2.5', '$&, transport: tcp')
        .replace('sip:bob@192.0.2.20', '$&;transport=tcp')
        .replace('recordRoute: true', 'recordRoute: false')
    const lost = [2, 3, 4].map((nth) => `{ drop: { nth: ${nth}, of: TCP SYN, on: alice -> router } }`)
    const { verdicts, records } = tried((text) => faults(...lost)(toBob(text)))
    expect(names(verdicts, 'violated')).toEqual([])
    const acks = records.filter(
      (one) => one.kind === 'written' && new TextDecoder().decode(one.bytes).startsWith('ACK'),
    )
    expect(acks.map(({ at }) => Math.round(at / 1e6))).toEqual([2088, 2588, 3588, 5588])
    expect(names(verdicts, 'holds')).toContain('ACK of an answer')
  })

  const { records } = tried((text) => text)
  const alices = records.filter(({ id }) => id.node === 'alice')
  const says = (record: TraceRecord, start: string): boolean =>
    record.kind === 'written' && new TextDecoder().decode(record.bytes).startsWith(start)

  test('is judged at a phone that speaks TCP alone', () => {
    const verdicts = verdictsOn(alices)
    expect(names(verdicts, 'violated')).toEqual([])
    expect(names(verdicts, 'holds')).toEqual(
      expect.arrayContaining(['Timer A', 'Timer E', 'ACK of an answer', 'dialog routing', 'nothing new after BYE']),
    )
  })

  test.each<[rule: string, change: (records: readonly TraceRecord[]) => readonly TraceRecord[]]>([
    ['ACK of an answer', (all) => all.filter((one) => !says(one, 'ACK'))],
    ['Timer A', (all) => all.flatMap((one) => (says(one, 'INVITE') ? [one, one] : [one]))],
    ['Timer E', (all) => all.flatMap((one) => (says(one, 'BYE') ? [one, one] : [one]))],
  ])('%s: caught where the phone does otherwise', (rule, change) => {
    expect(names(verdictsOn(change(alices)), 'violated')).toEqual([rule])
  })
})

function verdictsOn(records: readonly TraceRecord[]): readonly OracleVerdict[] {
  const jury = new Jury(EXACT)
  for (const record of records) jury.record(record)
  return jury.end(200e9)
}

describe('a stream', () => {
  const message = fc.record({ call: fc.nat(99), body: fc.string({ maxLength: 20 }) }).map(({ call, body }) => {
    const bytes = utf8Encode(body)
    const head = `OPTIONS sip:b@10.0.0.2 SIP/2.0\r\nVia: SIP/2.0/TCP 10.0.0.1;branch=z9hG4bK1\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:b@b>\r\nCall-ID: ${call}\r\nCSeq: 1 OPTIONS\r\nContent-Length: ${bytes.length}\r\n\r\n`
    return { call: String(call), text: `${head}${body}` }
  })

  law.prop([fc.array(message, { maxLength: 5 }), fc.array(fc.nat(2000)), fc.boolean()])(
    'gives each message once, in order, when its last byte comes, however it is cut',
    (messages, cuts, pings) => {
      const bytes = utf8Encode(messages.map(({ text }) => `${pings ? '\r\n\r\n' : ''}${text}`).join(''))
      const places = [0, ...cuts.map((cut) => Math.min(cut, bytes.length)).sort((a, b) => a - b), bytes.length]
      const listener = new Listener()
      const calls = places.slice(1).flatMap((end, index) => {
        const piece: TraceRecord = {
          ...{ kind: 'read', over: 'tls', at: index, id: { node: 'b', sequence: index + 1 }, cause: null },
          ...{ local: { address: '10.0.0.2', port: 5061 }, remote: { address: '10.0.0.1', port: 49152 } },
          bytes: bytes.subarray(places[index], end),
        }
        return listener.hear(piece).map((seen) => (seen.kind === 'sip' ? seen.message.callId : seen.kind))
      })
      expect(calls).toEqual(messages.map(({ call }) => call))
    },
  )
})
