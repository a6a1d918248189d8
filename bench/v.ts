// The row V: packets through all hops per second of CPU time, beside the baseline of `closures.ts`; and what a call holds in memory.

import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { assert } from '../platform/assert.ts'
import { closureWorld } from './closures.ts'
import { type BenchOptions, type BenchResult, type BenchRow, cpuSeconds } from './row.ts'
import { listen, voiceWorld } from './voice.ts'

const ROUNDS = 3
/** How many calls are held at least where memory is measured, in as many worlds as that takes, but in no more than these. */
const CALLS_HELD = 2000
const MOST_HELD = 200

/** V's delivered packets per CPU second, set-up left out. */
export const v: BenchRow = {
  name: 'V',
  what: 'two-way G.711 calls over one bottleneck, by real hosts, sockets and RTP endpoints',
  measure: (options) => [measure(options)],
}

interface Measured {
  readonly rate: number
  readonly delivered: number
  readonly lost: number
  readonly events: number
  /** The digest of what every packet did. */
  readonly packets: string
}

function measure(options: BenchOptions): BenchResult {
  const { calls, seconds, lossRatio } = options
  const memory = heldMemory(options)
  // The engine makes code for one world, finds that there are others, makes it anew, and forgets it with the last of them: one is kept.
  const kept = voiceWorld(10, 100, lossRatio)
  kept.run()
  for (let warming = 0; warming < 2; warming++) {
    measureOurs(Math.min(calls, 1000), Math.min(seconds, 3), lossRatio)
    measureBaseline(Math.min(calls, 1000), Math.min(seconds, 3), lossRatio)
  }
  const rounds = Array.from({ length: ROUNDS }, () => {
    const ours = measureOurs(calls, seconds, lossRatio)
    const baseline = measureBaseline(calls, seconds, lossRatio)
    return { ours, baseline, ratio: ours.rate / baseline }
  })
  assert(kept.inFlight === 0, 'the world that was kept has packets under way')
  rounds.sort((a, b) => a.ratio - b.ratio)
  const { ours, baseline, ratio } = rounds[ROUNDS >> 1]!
  const { rate, packets, ...counts } = ours
  const arrivalSum = heardArrivals(options, packets)
  return { row: 'V', value: rate, unit: 'packets/s of CPU', baseline, ratio, ...counts, arrivalSum, ...memory }
}

function measureOurs(calls: number, seconds: number, lossRatio: number): Measured {
  const network = voiceWorld(calls, seconds, lossRatio)
  collect()
  const cpu = cpuSeconds(() => network.run())
  const { delivered, lost } = network.recorder.totals()
  return { rate: delivered / cpu, delivered, lost, events: network.kernel.executed, packets: network.digests().packets }
}

/** The sum of the arrivals' times, listened to in a run of its own, which does what the timed runs did. */
function heardArrivals({ calls, seconds, lossRatio }: BenchOptions, packets: string): number {
  const network = voiceWorld(calls, seconds, lossRatio)
  const arrivals = listen(network)
  network.run()
  assert(network.digests().packets === packets, 'the run that was listened to is not the one that was timed')
  return arrivals.arrivalSum
}

function measureBaseline(calls: number, seconds: number, lossRatio: number): number {
  const world = closureWorld(calls, seconds, lossRatio)
  collect()
  const cpu = cpuSeconds(() => world.run())
  return world.delivered() / cpu
}

/**
 * Live bytes per call in the middle of a run, and by how many bytes each packet after that makes the heap grow; the program itself left out.
 * The engine throws some 0.3 MB of its own away meanwhile, or takes as much: small worlds are held many at once, so that it does not count.
 */
function heldMemory({ calls, seconds, lossRatio }: BenchOptions): {
  heapBytesPerCall: number
  grownBytesPerPacket: number
} {
  voiceWorld(1, 0.1, lossRatio).run()
  const count = Math.min(MOST_HELD, Math.ceil(CALLS_HELD / calls))
  const before = heldBytes()
  const worlds = Array.from({ length: count }, () => voiceWorld(calls, seconds, lossRatio))
  const delivered = (): number => worlds.reduce((sum, { recorder }) => sum + recorder.totals().delivered, 0)
  for (const world of worlds) world.run(seconds * 5e8)
  const [middle, half] = [heldBytes(), delivered()]
  for (const world of worlds) world.run(seconds * 1e9)
  const grown = heldBytes() - middle
  const grownBytesPerPacket = Number((grown / (delivered() - half)).toFixed(3))
  return { heapBytesPerCall: Math.round((middle - before) / (calls * count)), grownBytesPerPacket }
}

/** Live bytes: heap and array buffers. */
export function heldBytes(): number {
  collect()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void
