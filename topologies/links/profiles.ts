// Links by the name of their kind, with the numbers' source: what `profile: wifi` stands for. `up` is towards the network.

/** One direction's numbers, as they would be written in a topology. */
interface ProfileDirection {
  readonly rate: string
  readonly delay: string
  readonly jitter?: string
  readonly queue?: string
  readonly loss?: string
  readonly framing?: string
}

interface Profile {
  readonly up: ProfileDirection
  readonly down: ProfileDirection
  readonly source: string
}

const CONDITIONER = 'Apple Network Link Conditioner, preset of this name'

/** Every profile by its name. Delays are one way. */
export const PROFILES = {
  ethernet: {
    up: { rate: '1 Gbps', delay: '10 µs', framing: '38 B' },
    down: { rate: '1 Gbps', delay: '10 µs', framing: '38 B' },
    source:
      'IEEE 802.3 1000BASE-T; 38 bytes: header 14, FCS 4, preamble 8, gap 12; 2 km of fibre at 5 µs/km (ITU-T G.114 table A.1)',
  },
  wifi: {
    up: { rate: '33 Mbps', delay: '1 ms' },
    down: { rate: '40 Mbps', delay: '1 ms' },
    source: CONDITIONER,
  },
  dsl: {
    up: { rate: '256 kbps', delay: '5 ms' },
    down: { rate: '2 Mbps', delay: '5 ms' },
    source: CONDITIONER,
  },
  lte: {
    up: { rate: '10 Mbps', delay: '65 ms' },
    down: { rate: '50 Mbps', delay: '50 ms' },
    source: CONDITIONER,
  },
  '3g': {
    up: { rate: '330 kbps', delay: '100 ms' },
    down: { rate: '780 kbps', delay: '100 ms' },
    source: CONDITIONER,
  },
  edge: {
    up: { rate: '200 kbps', delay: '440 ms' },
    down: { rate: '240 kbps', delay: '400 ms' },
    source: CONDITIONER,
  },
  satellite: {
    up: { rate: '3 Mbps', delay: '260 ms' },
    down: { rate: '25 Mbps', delay: '260 ms' },
    source: 'ITU-T G.114 table A.1: geostationary satellite, 36,000 km: 260 ms; the rates are a common subscription',
  },
  wan: {
    up: { rate: '100 Mbps', delay: '10 ms' },
    down: { rate: '100 Mbps', delay: '10 ms' },
    source: 'ITU-T G.114 table A.1: 5 µs/km in optical fibre, 2,000 km',
  },
} as const satisfies Readonly<Record<string, Profile>>

export type ProfileName = keyof typeof PROFILES
