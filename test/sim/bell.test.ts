import { describe, expect, test } from 'vitest'
import { LiveHost } from '../../live/host.ts'
import type { Bell } from '../../platform/bell.ts'
import type { Host } from '../../platform/host.ts'
import type { TraceLevel } from '../../platform/trace.ts'
import { Network } from '../../sim/network/network.ts'

/** Rings every 10 ms, three times, and notes when by its host's clock. */
class Alarm implements Bell {
  readonly rang: number[] = []
  readonly #host: Host
  readonly #done: () => void

  constructor(host: Host, done = () => {}) {
    this.#host = host
    this.#done = done
    host.after(10, this)
  }

  ring(): void {
    this.rang.push(this.#host.now())
    if (this.rang.length < 3) this.#host.after(10, this)
    else this.#done()
  }
}

function world(level: TraceLevel): Network {
  const network = new Network({ seed: '1', level, sinks: [], classify: () => ({ name: 'UDP', media: false }) })
  network.host('a', { interfaces: [{ address: '10.0.0.1/24' }] })
  network.seal()
  return network
}

describe('a bell is told when its timer is due', () => {
  test.each<TraceLevel>(['counters', 'signalling', 'everything'])('at level %s', (level) => {
    const network = world(level)
    const alarm = new Alarm(network.hostOf('a'))
    network.run()
    expect(alarm.rang).toEqual([10, 20, 30])
  })

  test.each<TraceLevel>(['counters', 'everything'])('after its host has stood still, at level %s', (level) => {
    const network = world(level)
    const alarm = new Alarm(network.hostOf('a'))
    network.strike(5e6, { kind: 'freeze', node: 'a', forNs: 20e6 })
    network.run()
    expect(alarm.rang).toEqual([25, 35, 45])
  })

  test('of a processor that is slow already', () => {
    const network = world('counters')
    network.strike(0, { kind: 'slow', node: 'a', packetNs: 0, timerNs: 2e6 })
    const alarms: Alarm[] = []
    network.ask(1e6, 'a', () => alarms.push(new Alarm(network.hostOf('a'))))
    network.run()
    expect(alarms[0]!.rang).toEqual([15, 27, 39])
  })

  test('and by a real clock', async () => {
    const host = new LiveHost({ name: 'a', addresses: ['127.0.0.1'] })
    const rang = await new Promise<readonly number[]>((done) => {
      const alarm: Alarm = new Alarm(host, () => done(alarm.rang))
    })
    host.close()
    expect(rang).toHaveLength(3)
  })

  test('unless it was taken back', () => {
    const network = world('counters')
    const host = network.hostOf('a')
    const alarm = new Alarm(host)
    network.run(15e6)
    host.cancel(host.after(1, alarm))
    network.run()
    expect(alarm.rang).toEqual([10, 20, 30])
  })
})
