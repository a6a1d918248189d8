// Faults of DNS servers in files: mistakes in them, runs that draw them, and hunts that do.

import { fc, test as law } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { dnsFault } from '../../experiments/arbitraries/dnsFaults.ts'
import { incidents } from '../../experiments/arbitraries/entrance.ts'
import { hunt } from '../../experiments/campaigns/hunted.ts'
import { campaignOf } from '../../experiments/campaigns/ofExperiment.ts'
import { type Experiment, readExperiment } from '../../experiments/experiment.ts'
import { fault } from '../../experiments/faults.ts'
import { Run, type RunOptions } from '../../experiments/run/run.ts'
import type { TraceRecord } from '../../platform/trace.ts'
import { ChanceLog } from '../../sim/faults/freeze.ts'
import { readYaml } from '../../topologies/yaml/document.ts'
import { printMistake } from '../../topologies/yaml/mistake.ts'

const CALL = `question: Does it come about?
topology:
  nodes:
    alice: { kind: host, address: 10.0.0.1/24, resolver: 10.0.1.3, gateway: r, runs: { program: phone, aor: sip:alice@a.example, proxy: a.example, talk: false } }
    bob:   { kind: host, address: 10.0.2.2/24, gateway: r, runs: { program: phone, aor: sip:bob@a.example, talk: false, answerAfter: 1 s } }
    proxy: { kind: host, address: 10.0.3.1/24, gateway: r, runs: { program: proxy, domain: a.example, users: { bob: 'sip:bob@10.0.2.2' } } }
    names: { kind: host, address: 10.0.1.3/24, gateway: r, runs: { program: dns, zones: { a.example: { ttl: 9 s, records: ['@ A 10.0.3.1'] } } } }
    r:     { kind: router }
  links:
    - { between: [alice, r], loss: 5 % }
    - { between: [bob, r] }
    - { between: [proxy, r] }
    - { between: [names, r], delay: 20 ms }
scenario:
  - { at: 1 s, who: alice, do: call, to: sip:bob@a.example }
  - { at: 20 s, who: alice, do: hang up }
  - { at: 25 s, who: alice, do: call, to: sip:bob@a.example }
  - { at: 60 s, who: alice, do: hang up }
`
const LINE = CALL.split('\n').length + 1

function read(faults: readonly string[]) {
  const text = `${CALL}faults:${faults.length === 0 ? ' []' : faults.map((one) => `\n  - ${one}`).join('')}\n`
  return readExperiment(readYaml('e', text), () => ({ hint: 'it is in the file' }))
}

function experimentOf(faults: readonly string[]): Experiment {
  const reading = read(faults)
  if (!reading.ok) throw new Error(reading.mistakes.map(printMistake).join('\n'))
  return reading.value
}

function run(experiment: Experiment, options: Partial<RunOptions> = {}) {
  const made = new Run(experiment, { level: 'everything', ...options })
  while (!made.step(Number.MAX_SAFE_INTEGER));
  return made.result()
}

describe('a mistake is found where it stands', () => {
  test.each<[string, string]>([
    ['{ node: bob, with: SERVFAIL }', 'a host that runs a DNS server, bob runs none: one of names'],
    ['{ node: name, with: SERVFAIL }', 'a host that runs a DNS server, not "name": did you mean names?'],
    [
      '{ node: names }',
      'how the server fails: `with` (one of timeout, SERVFAIL, REFUSED, NXDOMAIN), `delay` (a time), or both',
    ],
    ['{ node: names, with: timeout, delay: 1 s }', 'no delay: with timeout there is no answer that could be late'],
    ['{ node: names, with: silence }', 'one of timeout, SERVFAIL, REFUSED, NXDOMAIN, not "silence"'],
    ['{ node: names, with: SERVFAIL, name: a..b }', 'a domain name such as sip.example.com, not "a..b"'],
    ['{ node: names, with: SERVFAIL, type: MX }', 'not "MX"'],
    ['{ node: names, delay: 60 d }', 'at most'],
    ['{ node: names, delay: -1 s }', ''],
  ])('%s', (written, expected) => {
    const reading = read([`{ at: 1 s, dns: ${written} }`])
    const said = reading.ok ? [] : reading.mistakes.map(printMistake)
    expect(said).toHaveLength(1)
    expect(said[0]).toContain(expected)
    expect(said[0]).toMatch(new RegExp(`^e:${LINE}:\\d+: `))
  })
})

const drawn = fc.array(dnsFault({ servers: ['names'], overByTenths: 600 }), { maxLength: 3 })

law.prop([drawn, fc.nat()], { numRuns: 20 })(
  'runs with such faults break no law, do not depend on the order of the file, and frozen have the same digests',
  (some, turn) => {
    const written = some.map((one) => JSON.stringify(z.encode(fault, one)))
    const experiment = experimentOf(written)
    const chance = new ChanceLog()
    const result = run(experiment, { chance })
    expect(result.audit.violations).toEqual([])
    const turned = written.map((_, i) => written[(i + turn) % written.length]!)
    expect(run(experimentOf(turned)).digests).toEqual(result.digests)
    expect(run(experiment, { faults: [...chance.tape()], calm: true }).digests).toEqual(result.digests)
  },
)

test('hunts and random incidents draw them where there is a DNS server, and only if they may', () => {
  const experiment = experimentOf([])
  const draws = (kinds: object): boolean => {
    const campaign = campaignOf('e', experiment, { scenario: [], faults: [], hunt: z.parse(hunt, kinds) })
    if ('expected' in campaign) throw new Error(campaign.expected)
    const cases = fc.sample(campaign.cases, { numRuns: 50, seed: 1 })
    return cases.some(({ faults }) => faults.some((one) => 'dns' in one))
  }
  expect([draws({}), draws({ kinds: ['dns'] }), draws({ kinds: ['drop', 'delay'] })]).toEqual([true, true, false])
  const { nodes, links } = experiment.resolved.topology as unknown as Parameters<typeof incidents>[0]['topology']
  const some = fc.sample(incidents({ topology: { nodes, links } }), { numRuns: 50, seed: 1 }).flat()
  expect(some.some((one) => 'dns' in one)).toBe(true)
})

test('a fault bites where a mutant stands between the programs and their hosts, too', () => {
  const experiment = experimentOf(['{ at: 0 s, dns: { node: names, with: SERVFAIL, for: 90 s } }'])
  const invited = (mutant?: string): number => {
    const records: TraceRecord[] = []
    run({ ...experiment, ...(mutant && { mutant }) }, { sinks: [(record) => records.push(record)] })
    return records.filter((one) => one.kind === 'delivered' && one.packet.label.name.startsWith('INVITE')).length
  }
  expect([invited(), invited('two-hundred-not-repeated')]).toEqual([0, 0])
})
