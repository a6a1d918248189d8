// What a STUN server answers to a Binding request: RFC 8489 §6.3.1, with the behaviour discovery of RFC 5780 §6. It has no state.

import { type Attribute, type TransportAddress, typeOf } from './attributes.ts'
import { parseStun, printStun } from './codec.ts'
import type { StunGatekeeper } from './gatekeeper.ts'
import type { Integrity } from './integrity.ts'
import { attributeOf, BINDING, notUnderstood, type StunMessage } from './message.ts'

/** Where a server is. */
export interface StunPlace {
  /** Where the request came in: Da:Dp of RFC 5780 §6.1. */
  readonly here: TransportAddress
  /** The other address and the other port, Ca:Cp; undefined where there are none. */
  readonly other: TransportAddress | undefined
}

/** A datagram to send. */
export interface StunReply {
  readonly bytes: Uint8Array
  /** From which of the server's addresses and ports. */
  readonly from: TransportAddress
  readonly to: TransportAddress
}

/** Who must say who they are. */
export interface StunPolicy {
  readonly software: string
  /** Absent: everybody is answered. */
  readonly gatekeeper?: StunGatekeeper | undefined
}

const REASONS = {
  400: 'Bad Request',
  401: 'Unauthenticated',
  420: 'Unknown Attribute',
  438: 'Stale Nonce',
} as const

/** The answer to a datagram from `source` at `nowMs`; undefined for one that is no Binding request: nothing is said to it. */
export function stunReply(
  bytes: Uint8Array,
  source: TransportAddress,
  { here, other }: StunPlace,
  { software, gatekeeper }: StunPolicy,
  nowMs: number,
): StunReply | undefined {
  const parsed = parseStun(bytes)
  if (!parsed.ok || parsed.value.class !== 'request' || parsed.value.method !== BINDING) return undefined
  const request = parsed.value
  const judged = gatekeeper?.judge(bytes, request, source, nowMs)
  const integrity = judged?.ok ? judged.integrity : undefined
  const refuse = (code: keyof typeof REASONS, more: readonly Attribute[] = []): StunReply => {
    const error: Attribute = { name: 'ERROR-CODE', value: { code, reason: REASONS[code] } }
    return { bytes: written(request, 'error', [error, ...more], software, integrity), from: here, to: source }
  }
  if (judged?.ok === false) return refuse(judged.code, judged.attributes)
  const change = attributeOf(request, 'CHANGE-REQUEST')
  const unknown = [...notUnderstood(request), ...(change !== undefined && other === undefined ? [CHANGE_REQUEST] : [])]
  if (unknown.length > 0) return refuse(420, [{ name: 'UNKNOWN-ATTRIBUTES', value: unknown }])
  const port = attributeOf(request, 'RESPONSE-PORT')
  const padding = attributeOf(request, 'PADDING')
  if (port === 0 || (port !== undefined && padding !== undefined)) return refuse(400) // RFC 5780 §6.1, §7.5
  const from = {
    address: change?.address ? other!.address : here.address,
    port: change?.port ? other!.port : here.port,
  }
  const attributes: readonly Attribute[] = [
    { name: 'XOR-MAPPED-ADDRESS', value: source },
    { name: 'MAPPED-ADDRESS', value: source },
    { name: 'RESPONSE-ORIGIN', value: from },
    ...(other === undefined ? [] : [{ name: 'OTHER-ADDRESS', value: other } as const]),
    ...(padding === undefined ? [] : [{ name: 'PADDING', value: MTU_BYTES } as const]),
  ]
  const to = port === undefined ? source : { address: source.address, port }
  return { bytes: written(request, 'success', attributes, software, integrity), from, to }
}

const CHANGE_REQUEST = typeOf('CHANGE-REQUEST')
/** §6.1: as long as the outgoing interface's MTU. */
const MTU_BYTES = 1500

/** A FINGERPRINT where the request has one (RFC 8489 §7). */
function written(
  request: StunMessage,
  kind: 'success' | 'error',
  attributes: readonly Attribute[],
  software: string,
  integrity: Integrity | undefined,
): Uint8Array {
  const { method, transaction } = request
  const message: StunMessage = {
    ...{ class: kind, method, transaction },
    attributes: [...attributes, { name: 'SOFTWARE', value: software }],
  }
  const fingerprint = attributeOf(request, 'FINGERPRINT') !== undefined
  return printStun(message, { integrity, fingerprint })
}
