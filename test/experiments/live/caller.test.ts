import { describe, expect, test } from 'vitest'
import { classify } from '../../../experiments/classify.ts'
import { Caller, type CallPlan } from '../../../experiments/live/caller.ts'
import { type CallCounts, CallTally } from '../../../experiments/live/tally.ts'
import type { TraceRecord } from '../../../platform/trace.ts'
import { Network } from '../../../sim/network/network.ts'
import { phone } from '../../../stack/programs/phone.ts'
import type { PhoneOptions } from '../../../stack/programs/phoneOptions.ts'

interface Played {
  readonly alice: CallCounts
  readonly bob: CallCounts
  readonly overMs: number | undefined
  /** When Alice began each call, and for how long it was established, ms. */
  readonly calls: readonly string[]
}

/** Alice calls Bob by `plan`, 10 ms apart, in virtual time. */
function play(plan: Partial<CallPlan>, bob: Partial<PhoneOptions> = {}, lossRatio = 0, stopMs?: number): Played {
  const tallies = { alice: new CallTally(), bob: new CallTally() }
  const heard: { caller?: Caller } = {}
  const times = new Map<string, { begunMs: number; fromMs?: number; toMs?: number }>()
  const sink = (record: TraceRecord): void => {
    tallies[record.id.node as 'alice' | 'bob'].record(record)
    if (record.id.node !== 'alice') return
    heard.caller?.record(record)
    if (record.kind !== 'transition' || record.machine !== 'call') return
    const { instance, from, to, at } = record
    if (from === 'idle') times.set(instance, { begunMs: at / 1e6 })
    else if (to === 'established') times.get(instance)!.fromMs = at / 1e6
    else if (from === 'established') times.get(instance)!.toMs = at / 1e6
  }
  const network = new Network({ seed: '1', level: 'signalling', classify, sinks: [sink] })
  network.host('alice', { interfaces: [{ address: '10.0.0.1/24' }] })
  network.host('bob', { interfaces: [{ address: '10.0.0.2/24' }] })
  const direction = {
    delayNs: 10e6,
    ...(lossRatio > 0 ? { loss: { model: 'random', ratio: lossRatio } as const } : {}),
  }
  network.link({ between: ['alice', 'bob'], up: direction, down: direction })
  network.seal()
  const common = { lines: 1000, talk: false }
  const host = network.hostOf('alice')
  const alice = phone.start(host, { ...common, aor: 'sip:alice@example.com' })
  phone.start(network.hostOf('bob'), { ...common, aor: 'sip:bob@example.com', answerAfterMs: 0, ...bob })
  let overMs: number | undefined
  const whole = { to: 'sip:bob@10.0.0.2', calls: 3, ratePerSecond: 10, holdMs: 1000, ...plan }
  const caller = new Caller(host, alice, whole, () => {
    expect(overMs).toBe(undefined)
    overMs = host.now()
  })
  heard.caller = caller
  network.ask(0, 'alice', () => caller.begin())
  if (stopMs !== undefined) network.ask(stopMs * 1e6, 'alice', () => caller.stop())
  network.run(300e9)
  const calls = [...times.values()].map(({ begunMs, fromMs, toMs }) => {
    return fromMs === undefined || toMs === undefined ? `${begunMs}` : `${begunMs}: ${toMs - fromMs}`
  })
  return { alice: tallies.alice.counts(), bob: tallies.bob.counts(), overMs, calls }
}

const NONE = { completed: 0, failed: 0, open: 0, repeats: 0, reasons: [] }

describe('stories', () => {
  test('three calls, ten a second, each a second long', () => {
    const { alice, bob, overMs, calls } = play({})
    expect(calls).toEqual(['0: 1000', '100: 1000', '200: 1000'])
    expect(alice).toEqual({ ...NONE, calls: 3, completed: 3 })
    expect(bob).toEqual(alice)
    expect(overMs).toBe(1240)
  })

  test('those who do not want us are counted with their reason', () => {
    const { alice, bob, overMs } = play({}, { reject: 603 })
    expect(alice).toEqual({ ...NONE, calls: 3, failed: 3, reasons: [['603 Decline', 3]] })
    expect(bob).toEqual(alice)
    expect(overMs).toBe(220)
  })

  test('more calls at once than it has lines for', () => {
    const { alice } = play({ ratePerSecond: 100 }, { lines: 2 })
    expect(alice).toEqual({ ...NONE, calls: 3, completed: 2, failed: 1, reasons: [['486 Busy Here', 1]] })
  })

  test('nobody there: seven INVITEs each', () => {
    const { alice, overMs } = play({ to: 'sip:bob@10.0.0.2:5999', calls: 1 })
    expect(alice).toMatchObject({ calls: 1, failed: 1, reasons: [['503 port unreachable', 1]] })
    expect(overMs).toBe(20)
    const silent = play({ to: 'sip:bob@10.0.0.99', calls: 1 })
    expect(silent.alice.failed).toBe(1)
  })

  test('what is lost is sent again, and counted', () => {
    const { alice, bob } = play({ calls: 50 }, {}, 0.2)
    expect(alice.completed + alice.failed).toBe(50)
    expect(alice.repeats).toBeGreaterThan(5)
    expect(bob.repeats).toBeGreaterThan(0)
  })

  test('stopped: no more calls, and the end when those begun have ended', () => {
    const { alice, overMs } = play({ calls: 100 }, {}, 0, 150)
    expect(alice).toEqual({ ...NONE, calls: 2, completed: 2 })
    expect(overMs).toBe(1140)
  })
})
