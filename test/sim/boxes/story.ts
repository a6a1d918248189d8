// Stories of boxes between an inside and an outside, in lines such as
// `1 s  10.0.0.2:5060 → 198.51.100.7:80  203.0.113.9:5060 → 198.51.100.7:80`: when, who sends to whom, and what arrives, or why nothing does.

import { Auditor } from '../../../experiments/auditor/auditor.ts'
import type { LinkFacts } from '../../../experiments/auditor/law.ts'
import type { UdpSocket } from '../../../platform/host.ts'
import type { TraceRecord } from '../../../platform/trace.ts'
import { parseQuantity, printDuration } from '../../../platform/units.ts'
import type { FirewallOptions } from '../../../sim/boxes/firewall/options.ts'
import type { NatOptions } from '../../../sim/boxes/nat/options.ts'
import { Network } from '../../../sim/network/network.ts'

/** The hosts by their addresses. */
export const INSIDE = ['10.0.0.2', '10.0.0.3', '10.0.0.4']
export const OUTSIDE = ['198.51.100.7', '198.51.100.8']
const DELAY_NS = 1000

/** What a story may need besides. */
export interface StoryOptions {
  readonly nat?: Partial<NatOptions>
  /** In place of the NAT: a firewall, `box` at 10.0.0.1. */
  readonly firewall?: Partial<FirewallOptions>
  /** When the box reboots, ns. */
  readonly reboots?: readonly number[]
  readonly seed?: string
  /** Endpoints at which nobody listens, outside; inside nobody does who does not send, but these. */
  readonly closed?: readonly string[]
  readonly listening?: readonly string[]
}

/** Inside hosts `in…`, the NAT `box` at 10.0.0.1 and 203.0.113.9, the router `internet`, outside hosts `out…`. */
export function boxWorld({ nat = {}, firewall, seed = '1' }: StoryOptions) {
  const records: TraceRecord[] = []
  const links: LinkFacts[] = []
  const auditor = (): Auditor => {
    const made = new Auditor({ links, complete: true })
    for (const record of records) made.record(record)
    return made
  }
  const network = new Network({
    ...{ seed, level: 'everything', classify: (protocol) => ({ name: protocol, media: false }) },
    sinks: [(record) => records.push(record)],
  })
  const direction = { delayNs: DELAY_NS }
  if (firewall !== undefined) network.firewall('box', { inside: '10.0.0.1/24', ...firewall })
  else network.nat('box', { inside: '10.0.0.1/24', outside: '203.0.113.9/24', ...nat })
  network.router('internet')
  const link = (a: string, b: string): void => {
    network.link({ between: [a, b], up: direction, down: direction })
    const facts = { delayNs: DELAY_NS, queueKeepsOrder: true, arriveInOrder: true }
    links.push({ ...facts, name: `${a}--${b} from ${a}`, from: a, to: b })
    links.push({ ...facts, name: `${a}--${b} from ${b}`, from: b, to: a })
  }
  link('box', 'internet')
  const hosts = new Map<string, string>()
  const add = (address: string, name: string, next: string): void => {
    network.host(name, { interfaces: [{ address: `${address}/24` }], gateway: next })
    link(name, next)
    hosts.set(address, name)
  }
  INSIDE.forEach((address, n) => {
    add(address, `in${n}`, 'box')
  })
  OUTSIDE.forEach((address, n) => {
    add(address, `out${n}`, 'internet')
  })
  network.seal()
  return { network, records, auditor, hosts }
}

/** Plays the lines and gives them back with what really happened: equal to what was given if the story is true. */
export function tell(text: string, options: StoryOptions = {}): { readonly told: string; readonly happened: string } {
  const { network, records, auditor, hosts } = boxWorld(options)
  const sockets = new Map<string, UdpSocket>()
  const lines = text.trim().split('\n').map(readLine)
  const verdicts = lines.map(() => [] as string[])
  const open = (endpoint: string): UdpSocket => {
    const [address = '', port] = endpoint.split(':')
    const known = sockets.get(endpoint)
    if (known !== undefined) return known
    const opened = network.hostOf(hosts.get(address)!).udp(
      { port: Number(port) },
      {
        received: ({ from, to, body }) =>
          verdicts[body[0]!]!.push(`${from.address}:${from.port} → ${to.address}:${to.port}`),
        failed: (to, why) => {
          const line = lines.findLastIndex((one) => one.from === endpoint && one.at <= network.kernel.now)
          verdicts[line]!.push(`${why} (${to.address}:${to.port})`)
        },
      },
    )
    if (!opened.ok) throw new Error(opened.issue.expected)
    sockets.set(endpoint, opened.value)
    return opened.value
  }
  for (const { from, to } of lines) {
    open(from)
    if (OUTSIDE.includes(to.split(':')[0]!) && options.closed?.includes(to) !== true) open(to)
  }
  for (const endpoint of options.listening ?? []) open(endpoint)
  for (const at of options.reboots ?? []) network.strike(at, { kind: 'reboot', node: 'box' })
  lines.forEach(({ at, from, to }, n) => {
    const [address = '', port] = to.split(':')
    const host = network.hostOf(hosts.get(from.split(':')[0]!)!)
    network.ask(at, host.name, () =>
      open(from).send(host.endpoint(address, Number(port)), new Uint8Array(0), Uint8Array.of(n)),
    )
  })
  const losses = new Map<number, string>()
  network.run()
  for (const record of records) if (record.kind === 'lost') losses.set(record.packet.payload[0]!, record.why)
  const { violations } = auditor().end(network.inFlight)
  if (violations.length > 0) throw new Error(violations.map(({ sentence }) => sentence).join('; '))
  const written = (verdict: (n: number) => string): string =>
    lines.map(({ at, from, to }, n) => `${printDuration(at)}  ${from} → ${to}  ${verdict(n)}`).join('\n')
  return {
    told: written((n) => lines[n]!.expected),
    happened: written((n) => [losses.get(n) ?? [], verdicts[n]!].flat().join(', ')),
  }
}

function readLine(line: string) {
  const [, when = '', from = '', to = '', expected = ''] = /^\s*(\S+ \S+)\s+(\S+) → (\S+)\s+(.*?)\s*$/.exec(line) ?? []
  const at = parseQuantity('duration', when)
  if (!at.ok || expected === '') throw new Error(`"${line.trim()}" is no line of a story`)
  return { at: at.value, from, to, expected }
}
