// `import … from 'siptwin/arbitraries'`: networks, scenarios, faults, messages and arrivals for fast-check's properties. Each shrinks towards calm.

import type { Arbitrary } from 'fast-check'
import { sdpText } from './sdp.ts'

export { type Arrival, type ArrivalOptions, rtpArrivals } from './arrivals.ts'
export { type IncidentOptions, incidents } from './incidents.ts'
export { LINK_BOUNDS, type LinkBounds, type LinkKind } from './linkBounds.ts'
export { brokenSipMessages, oddSipMessages, sipMessages } from './messages.ts'
export { type ScenarioOptions, scenarios, type WrittenStep } from './scenario.ts'
export { brokenSdps, type NamedText, oddSdps } from './sdp.ts'
export { type FaultTapeOptions, faultTapes, type WrittenTapeEntry } from './tape.ts'
export { type TopologyOptions, topologies, type WrittenTopology } from './topology.ts'
export { type DrawnWorld, type WorldOptions, worlds } from './world.ts'

/** Valid session descriptions; shrinking goes towards one stream of PCMU. */
export function sdps(): Arbitrary<string> {
  return sdpText
}
