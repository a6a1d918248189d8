// What a NAT does, in the words of RFC 4787 and its companions: each behaviour chosen by itself.

import type { AddressRewriter } from '../../../platform/rewriter.ts'
import type { ErrorLimit } from '../../network/errorLimits.ts'
import type { FragmentPolicy } from '../fragments.ts'

/** On how much of the remote side something depends (RFC 4787 §4.1 and §5). */
export type Dependence = 'endpoint-independent' | 'address-dependent' | 'address-and-port-dependent'

/** In the order of how much they tell apart. */
export const DEPENDENCES = [
  'endpoint-independent',
  'address-dependent',
  'address-and-port-dependent',
] as const satisfies readonly Dependence[]

/** How outside ports are chosen (RFC 4787 §4.2). */
export interface PortOptions {
  /** `preserve`: the inside port where it is free, else the next in order; `sequential`: always the next; `random`. Default `preserve`. */
  readonly assignment?: 'preserve' | 'sequential' | 'random'
  /** Even stays even, odd stays odd, as long as such a port is free (RFC 4787 §4.2.2). Default true. */
  readonly parity?: boolean
  /** Where n maps to m and n is even, n + 1 maps to m + 1 if that is free (§4.2.3). Default false. */
  readonly contiguity?: boolean
  /**
   * Two hosts may share an outside port, told apart by whom they talk to (§4.2.1 forbids it). `by remote`: but never towards the same
   * remote endpoint; who comes second gets another port, as with Linux. It needs a mapping for each remote endpoint. Default false.
   */
  readonly overload?: boolean | 'by remote'
  /** 1–65535, default 1024. Where a range is given, preserved ports stay in it as well; else those below 1024 may be preserved. */
  readonly first?: number
  /** 1–65535, default 65535. */
  readonly last?: number
}

/** A way in that is always open: a static forward, or a pinhole for one remote address. */
export interface Forward {
  /** 1–65535. */
  readonly port: number
  /** Default udp. */
  readonly protocol?: 'udp' | 'tcp'
  /** The inside host's address. */
  readonly to: string
  /** Its port; default `port`. */
  readonly toPort?: number
  /** Only from this outside address. Default: from all. */
  readonly from?: string
}

/** How long a mapping lives without traffic that refreshes it, ns. */
export interface NatTimers {
  /** Default 300 s; RFC 4787 REQ-5 wants 2 min at least. */
  readonly udpNs?: number
  /** An established connection; default 2 h 4 min (RFC 5382 REQ-5). */
  readonly tcpEstablishedNs?: number
  /** One that opens or closes; default 4 min (RFC 5382 REQ-5). */
  readonly tcpTransitoryNs?: number
  /** An ICMP query; default 60 s (RFC 5508 REQ-2). */
  readonly icmpNs?: number
}

export interface NatOptions {
  /** Its inside address with the prefix that it hides, such as `192.168.1.1/24`. */
  readonly inside: string
  /** Its outside address with its prefix. */
  readonly outside: string
  /** Default endpoint-independent. */
  readonly mapping?: Dependence
  /** Default address-and-port-dependent. */
  readonly filtering?: Dependence
  readonly timers?: NatTimers
  /** Which packets keep a mapping alive (RFC 4787 REQ-6 wants outbound ones to). Default outbound. */
  readonly refresh?: 'outbound' | 'inbound' | 'both'
  /** What an inside host sees that is reached from inside by its outside address: the sender's outside or inside address; or nothing. Default external. */
  readonly hairpin?: 'external' | 'internal' | 'off'
  readonly ports?: PortOptions
  /** Further outside addresses. Default none. */
  readonly pool?: readonly string[]
  /** `paired`: an inside host always has the same outside address (RFC 4787 REQ-2); `arbitrary`: each mapping the next one. Default paired. */
  readonly pooling?: 'paired' | 'arbitrary'
  /** Carrier-grade: each inside host gets at most `most` (default 1) blocks of `ports` ports, and nothing else (RFC 6888 §4, RFC 7422). */
  readonly blocks?: { readonly ports: number; readonly most?: number }
  readonly forwards?: readonly Forward[]
  /** What becomes of fragments; default out-of-order. */
  readonly fragments?: FragmentPolicy
  /** Rewrites what UDP carries on some ports. Default: nothing does. */
  readonly alg?: AddressRewriter
  /** How often it sends ICMP errors; all of these must allow one. Default: always. */
  readonly icmp?: readonly ErrorLimit[]
}
