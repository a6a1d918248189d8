// Any experiment as a campaign: its scenario as it stands, while the packets that it sends on a calm day are lost, late, doubled or overtaken.

import { type Arbitrary, array, constant, integer, record } from 'fast-check'
import type { TraceRecord } from '../../platform/trace.ts'
import { quantity } from '../../topologies/yaml/shape.ts'
import { dnsFault } from '../arbitraries/dnsFaults.ts'
import { faultTape, type Spot } from '../arbitraries/faults.ts'
import { TAPE_KINDS } from '../arbitraries/tapeKinds.ts'
import { dnsServersIn } from '../dnsFault.ts'
import type { Experiment } from '../experiment.ts'
import type { WrittenFault } from '../faults.ts'
import { World } from '../run/world.ts'
import type { WrittenEntry } from '../scenario/entry.ts'
import type { Campaign, Case } from './campaign.ts'
import type { HuntOptions } from './hunted.ts'

const SECOND_NS = 1e9
/** How long after the end of a calm day a world is looked at: three times 64·T1, rounded up. */
const AFTER_NS = 100 * SECOND_NS
/** The most faults of DNS servers in a world. */
const MOST_DNS = 2

/** What the experiment's own document says, besides what is read of it. */
export interface HuntedParts {
  readonly scenario: readonly WrittenEntry[]
  readonly faults: readonly WrittenFault[]
  readonly hunt: HuntOptions
}

/** The campaign, or why there is none. */
export function campaignOf(
  name: string,
  experiment: Experiment,
  { scenario, faults, hunt }: HuntedParts,
): Campaign | { readonly expected: string } {
  const { spots, endNs } = seenIn(experiment, hunt.labels)
  if (spots.length === 0) {
    const said = hunt.labels === undefined ? 'sends nothing' : `sends none of ${hunt.labels.join(', ')}`
    return { expected: `an experiment that speaks: on a calm day this one ${said}` }
  }
  const topology = experiment.resolved.topology as Readonly<Record<string, unknown>>
  const tape = tapeOf(experiment, hunt, spots, endNs)
  const seed: Arbitrary<number | undefined> = leavesToChance(topology)
    ? integer({ min: 1, max: 1_000_000 })
    : constant(undefined)
  return {
    name,
    question: `Whatever is lost, late, doubled or overtaken: ${experiment.question}`,
    topology,
    until: quantity('duration').encode(Math.min(experiment.until, endNs + AFTER_NS)),
    // Its scenario need not end what it begins: who never hears the BYE talks on.
    endless: true,
    ...(experiment.mutant && { mutant: experiment.mutant }),
    cases: record({ tape, seed }).map(
      ({ tape, seed }): Case => ({
        ...{ set: {}, scenario, faults: [...faults, ...tape] },
        ...(hunt.expect.length > 0 && { expect: hunt.expect }),
        ...(seed !== undefined && { seed }),
      }),
    ),
  }
}

/** What happens to the packets of a calm day that ends at `endNs`, and to its DNS servers. */
function tapeOf(
  { topology }: Experiment,
  hunt: HuntOptions,
  spots: readonly Spot[],
  endNs: number,
): Arbitrary<readonly WrittenFault[]> {
  const mostSeconds = Math.max(0, Math.round(hunt.late / SECOND_NS))
  const kinds = TAPE_KINDS.filter((kind) => hunt.kinds.includes(kind))
  const packets = kinds.length === 0 ? constant([]) : faultTape({ spots, most: hunt.faults, mostSeconds, kinds })
  const servers = hunt.kinds.includes('dns') ? dnsServersIn(topology) : []
  if (servers.length === 0) return packets
  const overByTenths = Math.max(4, Math.ceil(endNs / 1e8))
  const most = Math.min(MOST_DNS, hunt.faults)
  const dns = array(dnsFault({ servers, overByTenths }), { maxLength: most, size: 'max' })
  return record({ packets, dns }).map(({ packets, dns }) => [...dns, ...packets])
}

/** Which messages go where on a calm day, the last first; and when such a day ends, ns. */
function seenIn(
  experiment: Experiment,
  labels: readonly string[] | undefined,
): { readonly spots: readonly Spot[]; readonly endNs: number } {
  const found = new Map<string, Spot>()
  let endNs = 0
  const see = (record: TraceRecord): void => {
    endNs = record.at
    if (record.kind !== 'sent' && record.kind !== 'forwarded') return
    const { name, media, call } = record.packet.label
    const wanted =
      labels === undefined ? !media && (call !== undefined || name === 'STUN' || name === 'UDP') : labels.includes(name)
    if (wanted && record.link !== 'loopback') found.set(`${name} ${record.link}`, { of: name, on: record.link })
  }
  const { network } = new World(experiment, { level: 'everything', sinks: [see], calm: true })
  network.run(experiment.until)
  return { spots: [...found.values()].reverse(), endNs }
}

function leavesToChance(topology: object): boolean {
  return /"(?:loss|jitter|duplication|corruption|reordering|netem)":/.test(JSON.stringify(topology))
}
