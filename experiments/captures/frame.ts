// A traced packet as an Ethernet frame: the bytes that a capture would have seen, headers and checksums included.

import { type AddressBytes, parseAddress } from '../../platform/address.ts'
import { bug } from '../../platform/assert.ts'
import type { TracedPacket, TransportProtocol } from '../../platform/trace.ts'
import { ipHeader, PROTOCOL_ICMPV6, PROTOCOL_TCP, PROTOCOL_UDP, tcpHeader, udpHeader } from '../../sim/network/ip.ts'

const ETHERNET_HEADER = 14
const PROTOCOL_ICMP = 1
const TCP_CHECKSUM = 16
const PROTOCOLS: Readonly<Record<TransportProtocol, (v6: boolean) => number>> = {
  udp: () => PROTOCOL_UDP,
  tcp: () => PROTOCOL_TCP,
  icmp: (v6) => (v6 ? PROTOCOL_ICMPV6 : PROTOCOL_ICMP),
}

/**
 * The frame of `packet` with this TTL, between two MAC addresses (6 bytes each). `addressOf` reads addresses (see {@link Addresses}). `checked` is the packet that the transport's checksum was
 * made for: where bits were changed on the way, the one before, so that the checksum is as wrong as on a real wire.
 */
export function ethernetFrame(
  packet: TracedPacket,
  ttl: number,
  from: Uint8Array,
  to: Uint8Array,
  addressOf: (text: string) => AddressBytes,
  checked: TracedPacket = packet,
): Uint8Array {
  const source = addressOf(packet.source)
  const destination = addressOf(packet.destination)
  const v6 = source.length === 16
  const protocol = PROTOCOLS[packet.protocol](v6)
  const { fragment, dontFragment = false } = packet
  const ip = ipHeader({
    ...{ source, destination, protocol, length: packet.length, ttl, dscp: packet.dscp, dontFragment },
    ...(dontFragment ? {} : { identification: packet.id.sequence }),
    ...(fragment && { fragment }),
  })
  const transport =
    packet.protocol === 'udp' && fragment === undefined
      ? udpHeader(source, destination, packet.sourcePort, packet.destinationPort, checked.payload)
      : new Uint8Array(0)
  const frame = new Uint8Array(ETHERNET_HEADER + ip.length + transport.length + packet.payload.length)
  frame.set(to, 0)
  frame.set(from, 6)
  frame.set(v6 ? [0x86, 0xdd] : [0x08, 0x00], 12)
  frame.set(ip, ETHERNET_HEADER)
  frame.set(transport, ETHERNET_HEADER + ip.length)
  const at = ETHERNET_HEADER + ip.length + transport.length
  frame.set(packet.payload, at)
  if (packet.protocol === 'tcp' && fragment === undefined)
    sumTcp(frame, at, tcpHeader(source, destination, checked.payload))
  return frame
}

/** Segments travel with a checksum of zero; a bit of it that was changed on the way stays so. */
function sumTcp(frame: Uint8Array, at: number, summed: Uint8Array): void {
  for (let byte = TCP_CHECKSUM; byte < TCP_CHECKSUM + 2; byte++) frame[at + byte] = frame[at + byte]! ^ summed[byte]!
}

/** Reads addresses, each once. */
export class Addresses {
  readonly #known = new Map<string, AddressBytes>()

  readonly read = (text: string): AddressBytes => {
    const known = this.#known.get(text)
    if (known !== undefined) return known
    const parsed = parseAddress(text)
    if (!parsed.ok) bug(`a packet's address is "${text}"`)
    this.#known.set(text, parsed.value)
    return parsed.value
  }
}
