// A topology and an experiment in which every key that there is stands at least once, and what of them a value of a file is.

/** Sound, and large. A key that is new to topologies wants its place in it. */
export const NETWORK = `title: All that can be said
nodes:
  core: { kind: router, addresses: [198.51.100.254/24, 203.0.113.254/24], fragments: pass, unreachable: [{ to: 10.99.0.0/16, why: host unreachable }], icmp: [{ every: 500 ms, burst: 2, per: destination, of: [host unreachable], version: 4 }] }
  alice:
    kind: host
    address: 192.168.1.10/24
    gateway: home
    power: on
    clock: { drift: 20 ppm, offset: 5 s }
    pathMtu: { discovery: on, hearsIcmp: true, lifetime: 60 s }
    reassembly: { timeout: 30 s, limit: 64 kB }
    tcp: { delayedAck: 40 ms, giveUp: 100 s, giveUpOpening: 60 s, initialWindow: 4, keepAlive: true, keepAliveAfter: 10 s, keepAliveEvery: 5 s, keepAliveProbes: 3, minimumRto: 200 ms, msl: 30 s, mss: 1200, nagle: false, receiveBuffer: 64 kB, sack: false, sendBuffer: 64 kB, timestamps: false, windowScale: false }
    resolver: { servers: [203.0.113.53], timeout: 2 s, attempts: 2, cache: true, edns: 1232 }
    tls: { certificates: { own: { names: [alice.example.com], authority: ours, from: 0 s, until: 1 d, chain: 2 kB } }, trusts: [ours], versions: ['1.3'], resumption: true, session: 1 h, plain: true }
    icmp: { every: 1 s, burst: 6, per: node, of: [port unreachable], version: 4 }
    runs:
      program: phone
      aor: sip:alice@example.com
      proxy: proxy.example.com
      port: 5062
      transport: udp
      rtpPorts: 20000-20100
      codecs: [PCMA]
      timers: { t1: 250 ms, t2: 2 s, t4: 3 s }
      lines: 2
      redirects: follow
      redirectLimit: 3
      talk: true
      dscp: AF41
      keepAlive: { by: stun, every: 5 s }
      stun: 203.0.113.78
      register: true
      registrar: sip:example.com
      expires: 120 s
      inviteHeaders: { User-Agent: Desk phone 7 }
      password: secret
  home:
    kind: nat
    inside: 192.168.1.1/24
    outside: 198.51.100.1/24
    preset: by the book
    mapping: endpoint-independent
    filtering: address-dependent
    idle: 60 s
    tcpEstablished: 1 h
    tcpTransitory: 1 min
    icmpIdle: 30 s
    refresh: both
    fragments: in-order
    hairpin: internal
    ports: { assignment: sequential, parity: true, contiguity: true, overload: false, range: 1024-9000 }
    pooling: arbitrary
    blocks: { ports: 512, most: 2 }
    pool: [198.51.100.2]
    forwards: [{ port: 5062, protocol: udp, to: 192.168.1.10, toPort: 5062, from: 203.0.113.5 }]
    alg: contact only
    icmp: linux
  bob: { kind: host, addresses: [192.0.2.10/28, 2001:db8::10/64], gateway: wall, resolver: 203.0.113.53, icmp: rfc4443, runs: [{ program: phone, aor: sip:bob@example.com, proxy: 203.0.113.5, answerAfter: 100 ms, keepAlive: 2 s }, { program: sink, port: 9 }, { program: bulk-receiver, port: 5001 }] }
  carol: { kind: host, address: 192.0.2.11/28, gateway: wall, runs: { program: phone, aor: sip:carol@example.com, proxy: 203.0.113.5, reject: 302, forwardTo: [sip:bob@example.com] } }
  wall:
    kind: firewall
    inside: 192.0.2.1/28
    outside: 198.51.100.7/24
    rules: [{ allow: { direction: in, protocol: icmp, types: [echo] } }, { allow: { direction: in, protocol: udp, from: 203.0.113.0/24, to: 192.0.2.0/28, ports: 5060 } }, { drop: { direction: in, protocol: tcp, from: 10.0.0.0/8, to: 192.0.2.0/28, ports: 1-1023 } }, { reject: { direction: out, protocol: udp, from: 192.0.2.0/28, to: 10.0.0.0/8, ports: 53 } }]
    stateful: true
    idle: 20 s
    tcpIdle: 1 h
    fragments: out-of-order
    limits: [{ direction: in, protocol: icmp, types: [echo], packetsPerSecond: 5 }, { direction: in, protocol: udp, from: 203.0.113.0/24, to: 192.0.2.0/28, ports: 5060, packetsPerSecond: 500, burst: 20 }]
    icmp: cisco
  proxy:
    kind: host
    address: 203.0.113.5/24
    gateway: core
    runs: { program: proxy, domain: example.com, users: { bob: sip:bob@192.0.2.10, carol: [sip:carol@192.0.2.11] }, recordRoute: true, recurse: true, redirectLimit: 2, redirect: false, registrar: { default: 60 s, minimum: 10 s, maximum: 1 h, match: contact }, anyone: false, passwords: { alice: secret }, algorithms: [MD5], challengeRequests: false, symmetric: true, port: 5060, transport: tcp, timers: { t1: 500 ms, t2: 4 s, t4: 5 s }, timerC: 200 s }
  town: { kind: host, address: 203.0.113.6/24, gateway: core, runs: { program: phones, count: 3, aor: sip:phone*@example.com, proxy: 203.0.113.5, firstPort: 10000, registerWithin: 500 ms, registrar: sip:example.com, transport: udp, keepAlive: { by: crlf, every: 5 s }, expires: 60 s, password: x, timers: { t1: 500 ms } } }
  raw: { kind: host, address: 203.0.113.7/24, gateway: core, runs: { program: sender, port: 5061 } }
  stun: { kind: host, addresses: [203.0.113.78/24, 203.0.113.79/24], gateway: core, runs: { program: stun-server, port: 3478, alternatePort: 3479, realm: here, passwords: { u: p }, nonce: 30 s } }
  probe: { kind: host, address: 192.168.1.11/24, gateway: home, runs: { program: nat-probe, server: 203.0.113.78, lifetime: 30 s, username: u, password: p, timers: { rto: 100 ms, rc: 3, rm: 4 } } }
  bulk: { kind: host, address: 203.0.113.9/24, gateway: core, runs: { program: bulk-sender, to: 192.0.2.10, dscp: CS1 } }
  noise: { kind: host, address: 203.0.113.10/24, gateway: core, runs: { program: load, to: 192.0.2.10, rate: 200 kbps, packet: 500 B, pattern: on-off, on: 100 ms, off: 200 ms, dscp: EF, active: true } }
  names:
    kind: host
    address: 203.0.113.53/24
    gateway: core
    runs: { program: dns, zones: { example.com: { ttl: 60 s, negative: 10 s, records: ["proxy A 203.0.113.5", "@ NAPTR 10 10 s SIP+D2U \\"\\" _sip._udp", "_sip._udp SRV 10 60 5060 proxy"] } }, delay: 5 ms, fails: SERVFAIL, port: 53, udp: 512 }
links:
  - { between: [alice, home], profile: wifi, rate: 20 Mbps, delay: 2 ms, jitter: { most: 3 ms, reorders: true }, loss: 0.1 %, duplication: 0.1 %, corruption: 1 ppm, reordering: { ratio: 0.1 %, by: 2 ms, correlation: 10 %, gap: 2 }, queue: 64 kB, policer: { rate: 10 Mbps, burst: 20 kB }, shaper: { rate: 15 Mbps, burst: 5 kB }, netem: delay 1ms loss 0.1%, framing: 38 B, mtu: 1500, changes: [{ at: 100 ms, rate: 10 Mbps, delay: 3 ms, jitter: 1 ms, loss: 1 %, duplication: 1 %, corruption: 1 ppm, reordering: { ratio: 1 %, by: 1 ms } }] }
  - between: [home, core]
    up: { rate: 2 Mbps, delay: 10 ms, jitter: { law: uniform, spread: 2 ms, correlation: 20 %, reorders: false }, loss: { random: 1 %, correlation: 25 % }, duplication: { ratio: 1 %, after: 3 ms }, corruption: 0.1 %, reordering: { ratio: 1 %, by: 5 ms }, queue: { discipline: priority, bands: [EF, [AF41, 26]], limit: 20 packets }, policer: { rate: 1 Mbps, burst: 10 kB }, shaper: { rate: 1 Mbps, burst: 3 kB }, netem: rate 1mbit, framing: 18 B, mtu: 1492, changes: [{ at: 200 ms, delay: 20 ms }] }
    down: { opportunities: 1 2 2 3 7, delay: 10 ms, trace: "t_rel_s,seq,rtp_ts\\n0,1,0\\n0.02,2,160" }
  - { between: [wall, core], rate: 5 Mbps, jitter: { law: normal, deviation: 1 ms, correlation: 10 %, reorders: true }, loss: { gilbert-elliott: { mean: 1 %, burst: 3 } }, queue: { discipline: weighted, classes: [{ dscp: EF, weight: 3 }], rest: 1, limit: 32 kB } }
  - { between: [bob, wall], rate: 5 Mbps, jitter: { law: pareto, deviation: 1 ms, correlation: 10 %, reorders: true }, loss: { gemodel: { p: 1 %, r: 20 %, 1-h: 60 %, 1-k: 0.1 % } }, queue: { discipline: codel, target: 5 ms, interval: 100 ms, limit: 64 kB } }
  - { between: [carol, wall], rate: 5 Mbps, jitter: { law: pareto-normal, deviation: 1 ms, correlation: 10 %, reorders: true }, loss: { four-states: { p13: 1 %, p31: 90 %, p32: 5 %, p23: 50 %, p14: 1 % } }, queue: { discipline: fq-codel, target: 5 ms, interval: 100 ms, flows: 64, quantum: 300 B, limit: 500 packets } }
  - { between: [proxy, core], rate: 5 Mbps, jitter: { law: right-skewed, mean: 1 ms, deviation: 1 ms, correlation: 10 %, reorders: true }, loss: { windows: [{ from: 50 ms, until: 80 ms, loss: 20 % }] }, queue: { discipline: red, min: 5 kB, max: 15 kB, chance: 10 %, weight: 0.02, gentle: true, limit: 64 kB } }
  - { between: [town, core], jitter: { law: measured, values: [1 ms, 2 ms], correlation: 10 %, reorders: true } }
  - { between: [raw, core], up: { trace: "t_rel_s,seq,rtp_ts\\n0,1,0\\n0.02,2,160", opportunities: 1 2 } }
  - { between: [stun, core], opportunities: 1 2 3 4, trace: "t_rel_s,seq,rtp_ts\\n0,1,0\\n0.02,2,160" }
  - { between: [probe, home] }
  - { between: [bulk, core] }
  - { between: [noise, core] }
  - { between: [names, core] }
names: { sip.example.org: 203.0.113.5, exchange: proxy }
`

/** Sound, over {@link NETWORK} by the name of \`everything\`. */
export const QUESTION = `question: What becomes of all that can be asked?
topology: everything
set: { links.0.delay: 3 ms }
scenario:
  - { at: 10 ms, who: alice, do: call, to: sip:bob@example.com }
  - { when: bob is ringing, after: 20 ms, who: alice, do: hang up }
  - { at: 20 ms, who: bob, do: answer }
  - { at: 30 ms, who: bob, do: reject, status: 302, to: sip:carol@example.com }
  - { at: 40 ms, who: alice, do: cancel }
  - { at: 50 ms, who: alice, do: options, to: sip:carol@example.com }
  - { at: 60 ms, who: alice, do: register }
  - { at: 70 ms, who: alice, do: unregister }
  - { at: 80 ms, who: town, do: register }
  - { at: 90 ms, who: raw, do: send, to: 203.0.113.5, message: "OPTIONS sip:a@example.com SIP/2.0" }
  - { at: 100 ms, who: probe, do: discover }
  - { at: 110 ms, who: bulk, do: upload, size: 20 kB }
  - { at: 115 ms, who: bulk, do: end upload }
  - { at: 120 ms, who: noise, do: end load }
  - { at: 130 ms, who: noise, do: begin load }
  - { at: 140 ms, who: names, do: fail, with: NXDOMAIN }
  - { at: 150 ms, who: names, do: recover }
  - { at: 160 ms, who: names, do: change, records: ["www.example.com. 60 A 192.0.2.77"] }
  - { at: 170 ms, who: alice, do: ping, to: 203.0.113.5, count: 2, every: 10 ms, bytes: 100, timeout: 50 ms, ttl: 5 }
  - { at: 180 ms, who: home, do: reboot }
faults:
  - { drop: { on: proxy -> core, of: 200 INVITE, nth: 1, call: 1, since: 0 s, before: 10 s, stage: medium } }
  - { drop: { on: core -> proxy, of: INVITE, nth: 1, call: 1, stream: 7, sequence: 8, packet: 3, since: 1 ms, before: 10 s, stage: ingress } }
  - { ahead: { on: alice -> home, of: RTP, nth: 1, call: 1, stream: 7, sequence: 8, packet: 3, since: 1 ms, before: 10 s, stage: netem } }
  - { delay: { on: core -> proxy, of: INVITE, nth: 2, call: 1, stream: 7, sequence: 8, packet: 3, since: 1 ms, before: 10 s, stage: medium, by: 5 ms } }
  - { jitter: { on: core -> proxy, of: INVITE, nth: 2, call: 1, stream: 7, sequence: 8, packet: 3, since: 1 ms, before: 10 s, stage: medium, by: -1 ms } }
  - { duplicate: { on: core -> proxy, of: INVITE, nth: 2, call: 1, stream: 7, sequence: 8, packet: 3, since: 1 ms, before: 10 s, stage: medium, after: 1 ms } }
  - { corrupt: { on: core -> proxy, of: INVITE, nth: 2, call: 1, stream: 7, sequence: 8, packet: 3, since: 1 ms, before: 10 s, stage: medium, bit: 8 } }
  - { corrupt: { on: core -> proxy, header: IP } }
  - { hold: { on: core -> proxy, of: INVITE, nth: 2, call: 1, stream: 7, sequence: 8, packet: 3, since: 1 ms, before: 10 s, stage: medium, until: 90 ms } }
  - { swap: { on: core -> proxy, nth: 5 } }
  - { at: 100 ms, cut: { on: wall--core, for: 20 ms } }
  - { when: call is established, after: 1 ms, heal: { on: wall -> core } }
  - { at: 110 ms, flap: { on: noise--core, down: 5 ms, up: 5 ms, times: 2 } }
  - { at: 120 ms, partition: { nodes: [names], for: 10 ms } }
  - { at: 130 ms, reboot: { node: wall, for: 10 ms } }
  - { at: 140 ms, crash: { node: carol, for: 10 ms } }
  - { at: 150 ms, kill: { node: stun, for: 10 ms } }
  - { at: 160 ms, restart: { node: stun } }
  - { at: 170 ms, freeze: { node: bob, for: 10 ms, buffer: 64 kB } }
  - { at: 175 ms, thaw: { node: bob } }
  - { at: 180 ms, slow: { node: proxy, packet: 1 ms, timer: 1 ms, for: 50 ms, buffer: 10 packets } }
  - { at: 190 ms, dns: { node: names, with: SERVFAIL, delay: 10 ms, name: "*.example.com", type: A, for: 50 ms } }
  - { at: 200 ms, clock: { node: alice, step: 1 s, drift: 1 % } }
  - { at: 210 ms, degrade: { on: core--proxy, rate: 64 kbps, delay: 30 ms, jitter: 5 ms, loss: 10 %, duplication: 1 %, corruption: 1 ppm, reordering: { ratio: 1 %, by: 3 ms }, for: 50 ms } }
  - { at: 220 ms, restore: { on: core--proxy } }
expect: [INVITE is sent by alice]
matrix:
  rows: { title: delay, values: { short: { links.0.delay: 1 ms }, long: { links.0.delay: 50 ms } } }
  columns: { title: rate, values: { slow: { links.2.rate: 1 Mbps } } }
  marks: [{ mark: rings, when: [bob is ringing] }, { mark: silent }]
  answer: { short: silent, long: silent }
hunt: { faults: 3, late: 2 s, kinds: [drop, delay], labels: [INVITE], expect: [INVITE is sent by alice] }
measure: [loss, jitter]
until: 1 s
seed: 7
calm: false
field: { symptom: It is silent, mechanism: Nobody knows, ask: INVITE is sent by alice, cure: { says: Ask again, set: { seed: 8 }, expect: [INVITE is sent by alice] } }
mutant: via-reversed
`

/** JSON Schema, as far as it is needed to know what a value is by. */
export interface Schema {
  readonly type?: string | readonly string[]
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: Schema | boolean
  readonly items?: Schema
  readonly prefixItems?: readonly Schema[]
  readonly anyOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
  readonly allOf?: readonly Schema[]
}

export type Path = readonly (string | number)[]

/** A value in a document, and the keys of the schema that it is by: `policer{burst,rate}.rate`. */
export interface Leaf {
  readonly path: Path
  readonly key: string
}

/** All keys that a schema has; those of one map are one, wherever it may stand. */
export function keysOf(schema: Schema, found: Set<string> = new Set()): Set<string> {
  for (const [key, value] of Object.entries(schema.properties ?? {})) {
    found.add(nameOf(schema, key))
    keysOf(value, found)
  }
  for (const one of below(schema)) keysOf(one, found)
  return found
}

/** Every value in a document that stands at a key, with the key. */
export function leavesOf(schema: Schema, value: unknown, path: Path = []): readonly Leaf[] {
  const own = alternatives(schema).find((one) => suits(one, value))
  if (own === undefined) return []
  if (Array.isArray(value))
    return value.flatMap((one, i) => leavesOf(own.prefixItems?.[i] ?? own.items ?? {}, one, [...path, i]))
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, one]) => {
    const schemaThere = own.properties?.[key]
    const rest = typeof own.additionalProperties === 'object' ? own.additionalProperties : {}
    const inner = leavesOf(schemaThere ?? rest, one, [...path, key])
    return schemaThere === undefined ? inner : [{ path: [...path, key], key: nameOf(own, key) }, ...inner]
  })
}

function nameOf({ properties = {} }: Schema, key: string): string {
  const tags = Object.values(properties).flatMap((one) => (one.const === undefined ? [] : [String(one.const)]))
  return `${tags.join()}{${Object.keys(properties).join()}}.${key}`
}

function below({ additionalProperties, items, prefixItems = [], ...rest }: Schema): readonly Schema[] {
  const more = typeof additionalProperties === 'object' ? [additionalProperties] : []
  return [...more, ...(items === undefined ? [] : [items]), ...prefixItems, ...unions(rest)]
}

function unions({ anyOf = [], oneOf = [], allOf = [] }: Schema): readonly Schema[] {
  return [...anyOf, ...oneOf, ...allOf]
}

function alternatives(schema: Schema): readonly Schema[] {
  const inner = unions(schema)
  return inner.length === 0 ? [schema] : inner.flatMap(alternatives)
}

/** Whether a value has the form that a schema wants, at its first level. */
function suits(
  { type, const: only, properties, required = [], additionalProperties }: Schema,
  value: unknown,
): boolean {
  if (only !== undefined) return only === value
  if (Array.isArray(value)) return type === 'array'
  if (typeof value !== 'object' || value === null) return type !== 'array' && type !== 'object'
  if (type !== 'object') return type === undefined
  const keys = Object.keys(value)
  if (!required.every((key) => keys.includes(key))) return false
  const known = Object.entries(properties ?? {})
  if (additionalProperties === false && !keys.every((key) => known.some(([name]) => name === key))) return false
  return known.every(([key, one]) => one.const === undefined || (value as Record<string, unknown>)[key] === one.const)
}
