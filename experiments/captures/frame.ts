// A traced packet as an Ethernet frame: the bytes that a capture would have seen, headers and checksums included.

import { type AddressBytes, parseAddress } from '../../platform/address.ts'
import { bug } from '../../platform/assert.ts'
import type { TracedPacket } from '../../platform/trace.ts'
import { ipHeader, PROTOCOL_ICMPV6, PROTOCOL_UDP, udpHeader } from '../../sim/network/ip.ts'

const ETHERNET_HEADER = 14
const PROTOCOL_ICMP = 1

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
  const protocol = packet.protocol === 'udp' ? PROTOCOL_UDP : v6 ? PROTOCOL_ICMPV6 : PROTOCOL_ICMP
  if (packet.protocol === 'tcp') bug('a capture of TCP')
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
  frame.set(packet.payload, ETHERNET_HEADER + ip.length + transport.length)
  return frame
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
