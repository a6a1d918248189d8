import { fc, test as law } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { classify } from '../../experiments/classify.ts'
import type { Remark, Sent, TraceRecord } from '../../platform/trace.ts'
import type { Incident } from '../../sim/faults/incident.ts'
import { Network } from '../../sim/network/network.ts'
import { CODECS } from '../../stack/rtp/codec.ts'
import { parseRtp, type RtpPacket, writeRtpHead } from '../../stack/rtp/packet.ts'
import { RtpSession, type TalkOptions } from '../../stack/rtp/session.ts'
import { voiceTrack } from '../../stack/rtp/voice.ts'

const MS = 1e6

/** Two hosts 10 ms apart, a session on each (ports 4000 and 5000), and all that was recorded. */
class Two {
  readonly records: TraceRecord[] = []
  readonly network: Network
  readonly alice: RtpSession
  readonly bob: RtpSession

  constructor(lossRatio = 0, seed = '1') {
    const sinks = [(record: TraceRecord) => this.records.push(record)]
    this.network = new Network({ seed, level: 'everything', classify, sinks })
    this.network.host('alice', { interfaces: [{ address: '10.0.0.1/24' }] })
    this.network.host('bob', { interfaces: [{ address: '10.0.0.2/24' }] })
    const direction = {
      delayNs: 10 * MS,
      ...(lossRatio === 0 ? {} : { loss: { model: 'random', ratio: lossRatio } as const }),
    }
    this.network.link({ between: ['alice', 'bob'], up: direction, down: direction })
    this.network.seal()
    this.alice = this.#open('alice', 4000)
    this.bob = this.#open('bob', 5000)
  }

  at(ms: number, perform: () => void): void {
    this.network.ask(ms * MS, 'alice', perform)
  }

  /** Alice talks to Bob from 0 on. */
  talk(options: Partial<TalkOptions> = {}): void {
    const remote = this.network.hostOf('alice').endpoint('10.0.0.2', 5000)
    this.alice.talk({ remote, codec: CODECS.PCMU, ...options })
  }

  /** What Alice's packets were, and when they left. */
  packets(): (RtpPacket & { readonly atNs: number })[] {
    return this.records
      .filter((record): record is Sent => record.kind === 'sent' && record.id.node === 'alice')
      .filter((record) => record.packet.label.name === 'RTP')
      .map(({ at, packet }) => {
        const parsed = parseRtp(packet.payload)
        if (!parsed.ok) throw new Error(parsed.issue.expected)
        return { ...parsed.value, atNs: at }
      })
  }

  /** `40: +2 +320 M`: ms, and sequence number and timestamp since the first packet, marker. */
  said(): string[] {
    const packets = this.packets()
    const [first] = packets
    return packets.map(({ atNs, sequence, timestamp, marker }) => {
      const ahead = (sequence - first!.sequence + 65536) % 65536
      return `${atNs / MS}: +${ahead} +${(timestamp - first!.timestamp) >>> 0}${marker ? ' M' : ''}`
    })
  }

  remarks(): string[] {
    return this.records
      .filter((record): record is Remark => record.kind === 'remark')
      .map(({ id, at, what }) => `${at / MS} ${id.node}: ${what}`)
  }

  #open(name: string, port: number): RtpSession {
    const opened = RtpSession.open(this.network.hostOf(name), { port })
    if (!opened.ok) throw new Error(opened.issue.expected)
    return opened.value
  }
}

describe('stories', () => {
  test('a packet each 20 ms until it is time', () => {
    const two = new Two()
    two.talk({ untilMs: 60 })
    two.network.run()
    expect(two.said()).toEqual(['0: +0 +0', '20: +1 +160', '40: +2 +320'])
  })

  test('the phase is kept to the nanosecond', () => {
    const two = new Two()
    two.talk({ phaseMs: 7.919001, untilMs: 60 })
    two.network.run()
    expect(two.said()).toEqual(['7.919001: +0 +0', '27.919001: +1 +160', '47.919001: +2 +320'])
  })

  test('a phase may be longer than a clock is taken at its word', () => {
    const two = new Two()
    two.talk({ phaseMs: 90_000, untilMs: 90_040 })
    two.network.run()
    expect(two.said()).toEqual(['90000: +0 +0', '90020: +1 +160'])
  })

  const stands = (forMs: number): Incident => ({ kind: 'freeze', node: 'alice', forNs: forMs * MS })
  const sets = (stepMs: number): Incident => ({ kind: 'clock', node: 'alice', stepMs })

  test.each<[string, Incident, number, string]>([
    ['stands still until a frame is 500 ms late: all is made good', stands(510), 10, '500 9980'],
    ['stands still until one is 510 ms late: 25 are skipped', stands(520), 10, '475 9980'],
    ['stands still for 59 s: goes on from there', stands(59_000), 120, '3051 119980'],
    ['wakes when the time is over', stands(50_000), 10, '250 4980'],
    ['is told that it is 30 s later', sets(30_000), 10, '500 9980'],
    ['is told that it is 5 s earlier', sets(-5000), 10, '500 9980'],
    ['is told that it is a day later', sets(86_400_000), 10, '500 9980'],
    ['is told that it is a day earlier', sets(-86_400_000), 10, '500 9980'],
  ])('a host that %s', (_, incident, untilS, expected) => {
    const two = new Two()
    two.network.strike(4990 * MS, incident)
    two.talk({ untilMs: untilS * 1000 })
    two.network.run()
    const times = two.packets().map(({ atNs }) => Math.round(atNs / MS))
    expect(`${times.length} ${times.at(-1)}`).toBe(expected)
    expect(two.alice.talking).toBe(false)
  })

  test('what is skipped counts in the timestamp and not in the sequence, and the frames keep their places', () => {
    const two = new Two()
    two.network.strike(30 * MS, stands(1045))
    two.talk({ untilMs: 1120 })
    two.network.run()
    expect(two.said()).toEqual(['0: +0 +0', '20: +1 +160', '1075: +2 +8480', '1080: +3 +8640', '1100: +4 +8800'])
  })

  test('a packet that holds more than may be late is made good', () => {
    const two = new Two()
    two.network.strike(10 * MS, stands(1140))
    two.talk({ packetMs: 600, untilMs: 2000 })
    two.network.run()
    expect(two.said()).toEqual(['0: +0 +0', '1150: +1 +4800', '1200: +2 +9600', '1800: +3 +14400'])
  })

  test('with silence suppression a skip begins a spurt', () => {
    const two = new Two()
    two.network.strike(30 * MS, stands(8990))
    two.talk({ silenceSuppression: true, untilMs: 20_000 })
    two.network.run()
    const packets = two.packets()
    const gaps = packets.filter(({ timestamp }, at) => at === 0 || (timestamp - packets[at - 1]!.timestamp) >>> 0 > 160)
    expect(packets.filter(({ marker }) => marker)).toEqual(gaps)
    expect(packets.filter(({ atNs }) => atNs > 30 * MS && atNs < 9020 * MS)).toEqual([])
  })

  test('a listener whose clock is set hears no jitter', () => {
    const two = new Two()
    two.network.strike(500 * MS, { kind: 'clock', node: 'bob', stepMs: 30_000 })
    two.talk({ untilMs: 1000 })
    two.network.run()
    expect(two.bob.report().sources).toMatchObject([{ received: 50, lost: 0, peakJitterMs: 0 }])
  })

  test('30 ms of A-law are 240 bytes under the number asked for', () => {
    const two = new Two()
    two.talk({ codec: CODECS.PCMA, packetMs: 30, payloadType: 96, untilMs: 60 })
    two.network.run()
    expect(two.said()).toEqual(['0: +0 +0', '30: +1 +240'])
    expect(two.packets().map(({ payload, payloadType }) => [payload.length, payloadType])).toEqual([
      [240, 96],
      [240, 96],
    ])
  })

  test('hushed and talking again: the sequence goes on, the timestamp leaps over the pause', () => {
    const two = new Two()
    two.talk()
    two.at(30, () => two.alice.hush())
    two.at(100, () => two.talk({ untilMs: 130 }))
    two.network.run()
    expect(two.said()).toEqual(['0: +0 +0', '20: +1 +160', '100: +2 +800', '120: +3 +960'])
  })

  test('with silence suppression pauses are silent and each spurt begins with a marker', () => {
    const two = new Two()
    two.talk({ silenceSuppression: true, untilMs: 20_480 })
    two.network.run()
    const { speaking } = voiceTrack(CODECS.PCMU)
    const packets = two.packets()
    expect(packets.length).toBe(speaking.reduce((sum, one) => sum + one, 0))
    const spurts = packets.filter(({ atNs }, at) => at === 0 || atNs - packets[at - 1]!.atNs > 20 * MS)
    expect(packets.filter(({ marker }) => marker)).toEqual(spurts)
    expect(spurts.length).toBeGreaterThan(2)
    expect(two.bob.report().sources).toMatchObject([{ lost: 0, jitterMs: 0 }])
  })

  test('what goes on record, and when', () => {
    const two = new Two()
    two.talk()
    two.at(50, () => two.alice.close())
    two.at(70, () => two.bob.close())
    two.network.run()
    expect(two.remarks()).toEqual([
      '0 alice: media started',
      '10 bob: media received',
      '50 alice: media ended',
      '70 bob: media ended',
    ])
    const ended = two.records.filter((record) => record.kind === 'remark' && record.what === 'media ended')
    expect(ended).toMatchObject([
      { details: { sent: 3, received: 0 } },
      { details: { sent: 0, expected: 3, received: 3, lost: 0, jitterMs: 0 } },
    ])
  })

  test('a closed port is remarked once, and the talking goes on', () => {
    const two = new Two()
    two.bob.close()
    two.talk({ untilMs: 100 })
    two.network.run()
    expect(two.packets().length).toBe(5)
    expect(two.remarks()).toEqual(['0 bob: media ended', '0 alice: media started', '20 alice: media unreachable'])
  })

  test('sources are told apart, and what is no RTP is left alone', () => {
    const two = new Two()
    const alice = two.network.hostOf('alice')
    const opened = alice.udp({ port: 6000 }, { received: () => {}, failed: () => {} })
    const send = (ssrc: number, sequence: number, payloadType = 0): void => {
      const head = new Uint8Array(12)
      writeRtpHead(head, false, payloadType, sequence, sequence * 160, ssrc)
      if (opened.ok) opened.value.send(alice.endpoint('10.0.0.2', 5000), head.subarray(0, 5), head.subarray(5))
    }
    const plan: [number, number][] = [
      [7, 1],
      [8, 1],
      [7, 2],
      [7, 4],
    ]
    for (const [at, [ssrc, sequence]] of plan.entries()) two.at(at * 20, () => send(ssrc, sequence))
    two.at(90, () => send(9, 1, 72))
    two.network.run()
    expect(two.bob.report().sources).toMatchObject([
      { ssrc: 8, received: 1 },
      { ssrc: 7, received: 3, expected: 4, lost: 1 },
    ])
  })

  test('an endpoint costs less than 2 kB', () => {
    const two = new Two()
    const host = two.network.hostOf('alice')
    const remote = host.endpoint('10.0.0.2', 5000)
    const many = 4000
    const open = (): RtpSession[] =>
      Array.from({ length: many }, () => {
        const session = new RtpSession(host)
        session.talk({ remote, codec: CODECS.PCMU, untilMs: 0 })
        return session
      })
    const warm = open()
    const before = process.memoryUsage()
    const sessions = open()
    const after = process.memoryUsage()
    expect(warm.length + sessions.length).toBe(2 * many)
    expect((after.heapUsed - before.heapUsed) / many).toBeLessThan(2000)
  })
})

describe('laws', () => {
  law.prop([fc.constantFrom(0.05, 0.3), fc.nat(1000), fc.integer({ min: 1, max: 300 })], { numRuns: 20 })(
    'sent = received + lost, but for what is lost before the first packet and after the last',
    (lossRatio, seed, packets) => {
      const two = new Two(lossRatio, `${seed}`)
      two.talk({ untilMs: packets * 20 })
      two.network.run()
      const numbered = two.packets().map(({ atNs }) => atNs / (20 * MS))
      expect(numbered).toEqual(Array.from({ length: packets }, (_, at) => at))
      const delivered = two.records.filter(({ kind, id }) => kind === 'delivered' && id.node === 'bob')
      const came = delivered.map(({ at }) => (at - 10 * MS) / (20 * MS))
      const [source] = two.bob.report().sources
      expect(source?.received ?? 0).toBe(came.length)
      if (source !== undefined) expect(source.lost).toBe(came.at(-1)! - came[0]! + 1 - came.length)
      expect(two.alice.report().sent).toBe(packets)
    },
  )

  const incident: fc.Arbitrary<Incident> = fc.oneof(
    fc.record({
      kind: fc.constant('freeze' as const),
      node: fc.constant('alice'),
      forNs: fc.integer({ min: MS, max: 1500 * MS }),
    }),
    fc.record({
      kind: fc.constant('clock' as const),
      node: fc.constant('alice'),
      stepMs: fc.integer({ min: -9000, max: 9000 }),
    }),
  )

  law.prop([fc.array(fc.tuple(fc.integer({ min: 1, max: 3000 }), incident), { maxLength: 4 })], { numRuns: 40 })(
    'whenever a host stands still or its clock is set: no frame is early or more than 500 ms late, and none is skipped for less',
    (incidents) => {
      const two = new Two()
      for (const [atMs, incident] of incidents) two.network.strike(atMs * MS, incident)
      two.talk({ untilMs: 5000 })
      two.network.run()
      const packets = two.packets()
      const frames = packets.map(({ timestamp }) => ((timestamp - packets[0]!.timestamp) >>> 0) / 160)
      expect([frames[0], frames.at(-1)]).toEqual([0, 249])
      for (const [at, { sequence, atNs }] of packets.entries()) {
        expect((sequence - packets[0]!.sequence + 65536) % 65536).toBe(at)
        const lateMs = (frame: number): number => atNs / MS - frame * 20
        expect(lateMs(frames[at]!)).toBeGreaterThanOrEqual(0)
        expect(lateMs(frames[at]!)).toBeLessThanOrEqual(500)
        const next = at === 0 ? 0 : frames[at - 1]! + 1
        if (frames[at] === next) continue
        expect(lateMs(next)).toBeGreaterThan(500)
        expect(lateMs(frames[at]!)).toBeLessThan(20)
      }
    },
  )
})
