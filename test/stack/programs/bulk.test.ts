// A bulk transfer as a scenario asks for it, and what its two ends remark.

import { expect, test } from 'vitest'
import { classify } from '../../../experiments/classify.ts'
import type { Remark, TraceRecord } from '../../../platform/trace.ts'
import { Network } from '../../../sim/network/network.ts'
import { bulkReceiver } from '../../../stack/programs/bulkReceiver.ts'
import { bulkSender } from '../../../stack/programs/bulkSender.ts'

/** Two hosts on 8 Mbps; the sender's `to` and what it is asked for at which ms. What both remark. */
function remarks(
  to: string,
  asks: readonly (readonly [number, string, Record<string, unknown>])[],
  listens = true,
): string[] {
  const records: TraceRecord[] = []
  const network = new Network({ seed: '1', level: 'signalling', classify, sinks: [(record) => records.push(record)] })
  network.host('laptop', { interfaces: [{ address: '10.0.0.1/24' }] })
  network.host('store', { interfaces: [{ address: '10.0.0.2/24' }] })
  const direction = { delayNs: 1e6, rateBps: 8e6 }
  network.link({ between: ['laptop', 'store'], up: direction, down: direction })
  network.seal()
  if (listens) bulkReceiver.start(network.hostOf('store'), {})
  const running = bulkSender.start(network.hostOf('laptop'), { to })
  for (const [ms, verb, parameters] of asks) {
    network.ask(ms * 1e6, 'laptop', () => {
      const issue = running.do(verb, parameters)
      if (issue !== undefined) records.push({ kind: 'remark', what: issue.expected, details: {} } as unknown as Remark)
    })
  }
  network.run(1e12)
  return records.flatMap((one) => (one.kind === 'remark' ? [[one.what, ...Object.values(one.details)].join(' ')] : []))
}

test('so many bytes, to an address or a name', () => {
  for (const to of ['10.0.0.2', '10.0.0.2:5001', 'store']) {
    expect(remarks(to, [[0, 'upload', { sizeBytes: 1_000_000 }]])).toEqual([
      'upload began 10.0.0.2:5001',
      expect.stringMatching(/^upload ended 1000000 10\d\d done$/),
      expect.stringMatching(/^received 10.0.0.1:49152 1000000 10\d\d done$/),
    ])
  }
})

test('until it is told to end', () => {
  const [, ended, received] = remarks('store', [
    [0, 'upload', {}],
    [5000, 'end upload', {}],
  ])
  expect(ended).toMatch(/^upload ended \d+ done$/)
  expect(Number(received!.split(' ')[2])).toBeGreaterThan(4_500_000)
})

test('what cannot be: nobody listens, no such name, no such verb', () => {
  expect(remarks('store', [[0, 'upload', {}]], false)).toEqual([expect.stringMatching(/^upload ended 2 refused$/)])
  expect(remarks('nowhere', [[0, 'upload', {}]])).toEqual(['not sent nowhere no such name'])
  expect(remarks('store', [[0, 'fly', {}]])).toEqual(['upload or end upload'])
})
