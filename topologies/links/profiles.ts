// Links by the name of their kind, with the numbers' source: what `profile: wifi` stands for. `up` is towards the network.

/** One direction's numbers, as they would be written in a topology. */
interface ProfileDirection {
  readonly rate: string
  readonly delay: string
  readonly jitter?: string | object
  readonly queue?: string
  readonly loss?: string | object
  readonly framing?: string
}

interface Profile {
  readonly up: ProfileDirection
  readonly down: ProfileDirection
  /** Where the numbers are from; what is ours is said to be. */
  readonly source: string
}

const CONDITIONER = 'Apple Network Link Conditioner, preset of this name'

const MODEL = 'within the ranges that are quoted of ITU-T G.1050 (not checked against its text)'

/** A path of that Recommendation's model, the same both ways. */
function pathOfG1050(delay: string, jitter: string, loss: string) {
  const way = { rate: '10 Mbps', delay, jitter, loss }
  return { up: way, down: way }
}

/** Losses come together when the satellite changes. */
const LEO_LOSS = { 'gilbert-elliott': { mean: '0.4 %', burst: 5 } }
/** What a repeated transmission adds: one in ten. */
const HARQ = ['0 ms', '0 ms', '0 ms', '0 ms', '0 ms', '0 ms', '0 ms', '0 ms', '0 ms', '8 ms']

/** Every profile by its name. Delays are one way. */
export const PROFILES = {
  ethernet: {
    up: { rate: '1 Gbps', delay: '10 µs', framing: '38 B' },
    down: { rate: '1 Gbps', delay: '10 µs', framing: '38 B' },
    source:
      'IEEE 802.3 1000BASE-T; 38 bytes: header 14, FCS 4, preamble 8, gap 12; 2 km of fibre at 5 µs/km (ITU-T G.114 table A.1)',
  },
  fibre: {
    up: { rate: '500 Mbps', delay: '1 ms', jitter: '1 ms' },
    down: { rate: '1 Gbps', delay: '1 ms' },
    source:
      'ITU-T G.114 table A.1: 5 µs/km, 200 km to the provider; upstream a packet waits for its grant; the rates are a common subscription, the wait is ours',
  },
  cable: {
    up: {
      rate: '20 Mbps',
      delay: '5 ms',
      jitter: { law: 'right-skewed', mean: '2 ms', deviation: '2 ms' },
      queue: '64 kB',
    },
    down: { rate: '200 Mbps', delay: '3 ms', jitter: { law: 'right-skewed', mean: '0.5 ms', deviation: '0.5 ms' } },
    source:
      'CableLabs, Low Latency DOCSIS (2019): DOCSIS 3.1 has about 10 ms to and fro on the access link, most of it waiting for an upstream grant; the rates are a common subscription, the split and the spread are ours',
  },
  adsl: {
    up: { rate: '640 kbps', delay: '10 ms', queue: '32 kB', framing: '8 B' },
    down: { rate: '6144 kbps', delay: '10 ms', framing: '8 B' },
    source:
      'ITU-T G.992.1: the rates that every line must be able to take; framing: AAL5, without its cells; the delay of interleaving is ours',
  },
  wifi: {
    up: { rate: '33 Mbps', delay: '1 ms', jitter: { law: 'right-skewed', mean: '4.9 ms', deviation: '11 ms' } },
    down: { rate: '40 Mbps', delay: '1 ms', jitter: { law: 'right-skewed', mean: '4.9 ms', deviation: '11 ms' } },
    source: `${CONDITIONER} (rates and delay); jitter: 1 % of round trips over 90 ms, as V. Sarode measured for 24 h in a home with a mesh (sarodeoverwireless.com, 2022)`,
  },
  'wifi-crowded': {
    up: {
      ...{ rate: '5 Mbps', delay: '1 ms', jitter: { law: 'right-skewed', mean: '26 ms', deviation: '63 ms' } },
      loss: { 'gilbert-elliott': { mean: '1 %', burst: 3 } },
    },
    down: {
      ...{ rate: '5 Mbps', delay: '1 ms', jitter: { law: 'right-skewed', mean: '26 ms', deviation: '63 ms' } },
      loss: { 'gilbert-elliott': { mean: '1 %', burst: 3 } },
    },
    source:
      'jitter: 1 % of round trips over 500 ms, as V. Sarode measured for 24 h in a home without a mesh (sarodeoverwireless.com, 2022); rate and loss are ours',
  },
  dsl: {
    up: { rate: '256 kbps', delay: '5 ms' },
    down: { rate: '2 Mbps', delay: '5 ms' },
    source: CONDITIONER,
  },
  lte: {
    up: { rate: '10 Mbps', delay: '65 ms', jitter: { law: 'measured', values: HARQ } },
    down: { rate: '50 Mbps', delay: '50 ms', jitter: { law: 'measured', values: HARQ } },
    source: `${CONDITIONER}; jitter: one transmission in ten fails by design and is repeated 8 ms later (LTE FDD’s HARQ)`,
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
  leo: {
    up: {
      rate: '17 Mbps',
      delay: '10 ms',
      jitter: { law: 'right-skewed', mean: '15 ms', deviation: '7 ms' },
      loss: LEO_LOSS,
    },
    down: {
      rate: '100 Mbps',
      delay: '10 ms',
      jitter: { law: 'right-skewed', mean: '15 ms', deviation: '7 ms' },
      loss: LEO_LOSS,
    },
    source:
      'Starlink in Belgium, early 2022 (blog.apnic.net/2022/11/28; F. Michel et al., IMC 2022): round trips to Europe of 20 ms at least, 50 ms in the median, 40 to 60 ms for the middle half; 100 Mbps and more are promoted; rate upwards and loss are ours',
  },
  wan: {
    up: { rate: '100 Mbps', delay: '10 ms' },
    down: { rate: '100 Mbps', delay: '10 ms' },
    source: 'ITU-T G.114 table A.1: 5 µs/km in optical fibre, 2,000 km',
  },
  'g1050-a': {
    ...pathOfG1050('45 ms', '25 ms', '0.02 %'),
    source: `${MODEL}, service test profile A, well-managed: 20–100 ms, jitter to 50 ms from peak to peak, loss to 0.05 %`,
  },
  'g1050-b': {
    ...pathOfG1050('60 ms', '75 ms', '1 %'),
    source: `${MODEL}, service test profile B, partially managed: 20–100 ms, jitter to 150 ms from peak to peak, loss to 2 %`,
  },
  'g1050-c': {
    ...pathOfG1050('200 ms', '250 ms', '10 %'),
    source: `${MODEL}, service test profile C, unmanaged: 20–500 ms, jitter to 500 ms from peak to peak, loss to 20 %`,
  },
} as const satisfies Readonly<Record<string, Profile>>

export type ProfileName = keyof typeof PROFILES
