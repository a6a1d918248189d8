// Networks: phones and their proxy, each phone in the open or behind a box, on links of any kind.

import { type Arbitrary, array, boolean, record } from 'fast-check'
import { NAT_PRESETS } from '../../topologies/natPresets.ts'
import { errorLimits, limited, type WrittenLimits } from './errorLimits.ts'
import { type LinkKind, linkNumbers, type WrittenLink } from './linkBounds.ts'
import { checkOptions, listOf, type Rule, whole, yesOrNo } from './options.ts'
import { ranked } from './ranked.ts'
import type { Party } from './verbs.ts'

/** A topology as a file writes it: what `simulate` takes, and `stringify` of `yaml` makes a file of. */
export interface WrittenTopology {
  readonly title: string
  readonly nodes: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  readonly links: readonly WrittenLink[]
}

export interface TopologyOptions {
  /** How many phones at most, 2 (the default) to 8; there are 2 or more. */
  readonly mostPhones?: number
  /** Whether phones may stand behind NATs and firewalls; default true. */
  readonly boxes?: boolean
  /** The kinds of links, the plainest first; default all of them. */
  readonly links?: readonly LinkKind[]
  /** What phones send their requests over, the plainest first: `udp`, `tcp`; default both. The proxy takes what they need. */
  readonly transports?: readonly TransportName[]
  /** Whether phones send audio in a call; default false, since most questions are about signalling. */
  readonly media?: boolean
}

export type TransportName = 'udp' | 'tcp'

const NAMES = ['alice', 'bob', 'carol', 'dave', 'erin', 'frank', 'grace', 'heidi'] as const
const DOMAIN = 'example.com'
const PROXY = '203.0.113.5'
const EVERY_TRANSPORT: readonly TransportName[] = ['udp', 'tcp']
const EVERY_KIND: readonly LinkKind[] = ['plain', 'local', 'broadband', 'mobile', 'satellite', 'poor']

/** Where a phone stands: in the open, behind a firewall, a NAT of a kind, or two NATs. */
const PLACES = ['open', 'firewall', ...Object.keys(NAT_PRESETS), 'carrier grade and home'] as const

/** What each option of {@link topologies} may be. */
export const TOPOLOGY_RULES: Readonly<Record<keyof TopologyOptions, Rule>> = {
  ...{ mostPhones: whole(2, NAMES.length), boxes: yesOrNo, media: yesOrNo },
  transports: listOf('udp', (name) =>
    EVERY_TRANSPORT.some((one) => one === name) ? undefined : `udp or tcp, not ${String(name)}`,
  ),
  links: listOf('plain', (kind) =>
    EVERY_KIND.some((one) => one === kind) ? undefined : `one of ${EVERY_KIND.join(', ')}, not ${String(kind)}`,
  ),
}

interface DrawnPhone {
  readonly place: string
  readonly link: WrittenLink
  readonly transport: TransportName
  /** What the phone and its boxes say of ICMP; often nothing. */
  readonly icmp: WrittenLimits | undefined
}

/**
 * Networks in which every phone registers with one proxy at `203.0.113.5` for `example.com`. Shrinking goes towards two phones in the open
 * that speak UDP on plain links, without Record-Route and without limits on ICMP errors. Throws where an option is wrong.
 */
export function topologies(options: TopologyOptions = {}): Arbitrary<WrittenTopology> {
  checkOptions<TopologyOptions>('topologies', options, TOPOLOGY_RULES)
  const { mostPhones = 2, boxes = true, links = EVERY_KIND, transports = EVERY_TRANSPORT, media = false } = options
  const phone = record({
    place: ranked(boxes ? PLACES : (['open'] as const)),
    link: linkNumbers(links),
    transport: ranked(transports),
    icmp: errorLimits(),
  })
  return record({
    phones: array(phone, { minLength: 2, maxLength: Math.min(NAMES.length, Math.max(2, mostPhones)), size: 'max' }),
    recordRoute: boolean(),
    icmp: errorLimits(),
  }).map(({ phones, recordRoute, icmp }) => assembled(phones, recordRoute, icmp, media))
}

/** The phones of a topology that {@link topologies} drew, or that has phones with addresses of record. */
export function partiesOf({ nodes }: Pick<WrittenTopology, 'nodes'>): readonly Party[] {
  return Object.entries(nodes).flatMap(([name, { runs }]) => {
    const phones = [runs ?? []].flat() as readonly { readonly program?: unknown; readonly aor?: unknown }[]
    const phone = phones.find(({ program }) => program === 'phone')
    return phone === undefined ? [] : [{ name, uri: String(phone.aor) }]
  })
}

function assembled(
  phones: readonly DrawnPhone[],
  recordRoute: boolean,
  icmp: WrittenLimits | undefined,
  media: boolean,
): WrittenTopology {
  const placed = phones.map((phone, index) => placedPhone(phone, index, media))
  const users = Object.fromEntries(phones.map((_, index) => [NAMES[index]!, []]))
  const hidden = phones.some(({ place }) => place !== 'open')
  const streams = phones.some(({ transport }) => transport === 'tcp')
  const runs = {
    ...{ program: 'proxy', domain: DOMAIN, users, registrar: {}, recordRoute, symmetric: hidden },
    ...(streams ? { transport: 'tcp' } : {}),
  }
  return {
    title: `${phones.length} phones: ${phones.map(({ place }) => place).join(', ')}`,
    nodes: {
      internet: { kind: 'router', ...limited(icmp) },
      proxy: { kind: 'host', address: `${PROXY}/24`, gateway: 'internet', runs, ...limited(icmp) },
      ...Object.assign({}, ...placed.map(({ nodes }) => nodes)),
    },
    links: [{ between: ['proxy', 'internet'], delay: '1 ms' }, ...placed.flatMap(({ links }) => links)],
  }
}

type Placed = Pick<WrittenTopology, 'nodes' | 'links'>

function placedPhone({ place, link, transport, icmp }: DrawnPhone, index: number, media: boolean): Placed {
  const name = NAMES[index]!
  const aor = `sip:${name}@${DOMAIN}`
  const keepAlive = place === 'open' ? {} : { keepAlive: '20 s' }
  const runs = {
    ...{ program: 'phone', aor, proxy: PROXY, register: true, ...keepAlive },
    ...(transport === 'udp' ? {} : { transport }),
    ...(media ? {} : { talk: false }),
  }
  const box = `box-${name}`
  const phone = (address: string, gateway: string): Placed['nodes'] => ({
    [name]: { kind: 'host', address, gateway, runs, ...limited(icmp) },
  })
  const home = { between: [name, box], delay: '1 ms' }
  const access = { between: [box, 'internet'], ...link }
  if (place === 'open')
    return { nodes: phone(`198.18.${index}.10/24`, 'internet'), links: [{ between: [name, 'internet'], ...link }] }
  if (place === 'firewall') {
    const firewall = { kind: 'firewall', inside: `198.18.${index}.1/24`, idle: '60 s', ...limited(icmp) }
    return { nodes: { ...phone(`198.18.${index}.10/24`, box), [box]: firewall }, links: [home, access] }
  }
  const twice = place === 'carrier grade and home'
  const preset = twice ? 'cheap home router' : place
  const outside = twice ? `100.64.${index}.10/24` : `198.51.100.${4 * index + 1}/30`
  const nat = { kind: 'nat', inside: '192.168.1.1/24', outside, preset, ...limited(icmp) }
  const nodes = { ...phone('192.168.1.10/24', box), [box]: nat }
  if (!twice) return { nodes, links: [home, access] }
  const carrier = `carrier-${name}`
  const outer = {
    ...{ kind: 'nat', inside: `100.64.${index}.1/24`, outside: `198.51.100.${4 * index + 1}/30` },
    preset: 'carrier grade',
    ...limited(icmp),
  }
  return {
    nodes: { ...nodes, [carrier]: outer },
    links: [home, { between: [box, carrier], delay: '5 ms' }, { between: [carrier, 'internet'], ...link }],
  }
}
