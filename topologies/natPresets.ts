// Real kinds of NATs by what they do, not by who sells them.

import type { NatBehaviour } from './nat.ts'

export interface NatPreset {
  /** What it is, and where its behaviour is documented. */
  readonly says: string
  readonly behaviour: NatBehaviour
}

/** By the name that a topology gives as `preset`. */
export const NAT_PRESETS = {
  'full cone': {
    says: 'RFC 3489 §5: one outside port for all, open to all',
    behaviour: { mapping: 'endpoint-independent', filtering: 'endpoint-independent' },
  },
  'restricted cone': {
    says: 'RFC 3489 §5: one outside port for all, open to addresses that were spoken to',
    behaviour: { mapping: 'endpoint-independent', filtering: 'address-dependent' },
  },
  'port restricted cone': {
    says: 'RFC 3489 §5: one outside port for all, open to endpoints that were spoken to',
    behaviour: { mapping: 'endpoint-independent', filtering: 'address-and-port-dependent' },
  },
  symmetric: {
    says: 'RFC 3489 §5: another outside port for each remote endpoint, open to that one only; its ports are no guess',
    behaviour: {
      ...{ mapping: 'address-and-port-dependent', filtering: 'address-and-port-dependent' },
      ports: { assignment: 'random', parity: false },
    },
  },
  'by the book': {
    says: 'All that RFC 4787 recommends: 5 min, paired pooling, hairpinning with the outside address, parity',
    behaviour: {
      ...{ mapping: 'endpoint-independent', filtering: 'address-dependent', idle: '300 s', refresh: 'outbound' },
      ...{ hairpin: 'external', pooling: 'paired', ports: { assignment: 'preserve', parity: true } },
    },
  },
  'linux masquerade': {
    says: 'Linux netfilter: a flow each, the inside port kept and shared between remotes; 120 s for a two-way UDP flow (nf_conntrack_udp_timeout_stream)',
    behaviour: {
      ...{ mapping: 'address-and-port-dependent', filtering: 'address-and-port-dependent', idle: '120 s' },
      ...{ refresh: 'both', hairpin: 'off', tcpEstablished: '432000 s' },
      ports: { assignment: 'preserve', parity: false, overload: 'by remote' },
    },
  },
  'bsd pf': {
    says: 'OpenBSD pf: a state each with a random port of 50001-65535; 60 s for a two-way UDP state (pf.conf: udp.multiple)',
    behaviour: {
      ...{ mapping: 'address-and-port-dependent', filtering: 'address-and-port-dependent', idle: '60 s' },
      ...{ refresh: 'both', hairpin: 'off', tcpEstablished: '86400 s' },
      ports: { assignment: 'random', parity: false, range: '50001-65535' },
    },
  },
  'cheap home router': {
    says: 'One outside port for all, 30 s for UDP, no hairpinning: a common timer of consumer boxes, far below RFC 4787 REQ-5',
    behaviour: {
      ...{ mapping: 'endpoint-independent', filtering: 'address-and-port-dependent', idle: '30 s', hairpin: 'off' },
    },
  },
  'carrier grade': {
    says: 'RFC 6888: many hosts behind few addresses, paired, a block of 512 ports for each (RFC 7422)',
    behaviour: {
      ...{ mapping: 'endpoint-independent', filtering: 'endpoint-independent', idle: '300 s', pooling: 'paired' },
      ...{ hairpin: 'external', blocks: { ports: 512, most: 1 } },
    },
  },
} as const satisfies Readonly<Record<string, NatPreset>>

export type NatPresetName = keyof typeof NAT_PRESETS
