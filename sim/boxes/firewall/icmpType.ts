// What kind of ICMP message a packet is, as filters name it.

/** `echo`: questions and answers; `too big`: fragmentation needed, in IPv6 packet too big; `unreachable`: all other reasons why there is no way. */
export type IcmpType = 'echo' | 'unreachable' | 'time exceeded' | 'too big'

/** As filters name them. */
export const ICMP_TYPES = ['echo', 'unreachable', 'time exceeded', 'too big'] as const satisfies readonly IcmpType[]

const UNREACHABLE = 3
const FRAGMENTATION_NEEDED = 4
/** By type: RFC 792. */
const V4: Readonly<Record<number, IcmpType>> = { 0: 'echo', 3: 'unreachable', 8: 'echo', 11: 'time exceeded' }
/** By type: RFC 4443 §2.1. */
const V6: Readonly<Record<number, IcmpType>> = {
  ...{ 1: 'unreachable', 2: 'too big', 3: 'time exceeded' },
  ...{ 128: 'echo', 129: 'echo' },
}

/** The kind of a message; undefined for one that has no name here. */
export function icmpTypeOf(bytes: Uint8Array, ipv6: boolean): IcmpType | undefined {
  const [type = -1, code] = bytes
  if (!ipv6 && type === UNREACHABLE && code === FRAGMENTATION_NEEDED) return 'too big'
  return (ipv6 ? V6 : V4)[type]
}
