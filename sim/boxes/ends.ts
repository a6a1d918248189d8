// Where packets end at a box: their TTL is used up, or they are for the box itself, which has no program.

import type { DirectionId } from '../network/direction.ts'
import { answerEcho } from '../network/echo.ts'
import { unreachable } from '../network/icmp.ts'
import { LOOPBACK, type Node, type World } from '../network/node.ts'
import type { Packet } from '../network/packet.ts'
import { FRAGMENT, ICMP, TCP } from '../network/protocol.ts'
import { Reassembly } from '../network/reassembly.ts'
import { NO_LINK } from '../trace/recorder.ts'
import { refuseSegment } from '../transport/tcp/wire.ts'

/** Gives up a packet whose TTL is used up (RFC 1812 §5.3.1). */
export function expire(world: World, node: Node, packet: Packet): void {
  const { pool, recorder } = world
  const cause = recorder.lost(node.rank, NO_LINK, packet, pool.length(packet), 'TTL exceeded')
  unreachable(world, node, packet, 'time exceeded', cause)
  pool.free(packet)
}

function reassemblyOf(world: World, node: Node): Reassembly {
  const known = world.gathered.get(node.rank)
  if (known !== undefined) return known
  const made = new Reassembly(world, node, {}, (whole, way) => receiveOwn(world, node, whole, way))
  world.gathered.set(node.rank, made)
  return made
}

/** A reboot: of datagrams for the box itself, what was kept is gone. */
export function forgetOwn({ gathered }: World, { rank }: Node): void {
  gathered.get(rank)?.forget()
}

/** Takes a packet for the box itself: ICMP is heard, all else finds its port closed. Fragments are put together first (RFC 1812 §4.2.2.8). */
export function receiveOwn(world: World, node: Node, packet: Packet, direction: DirectionId): void {
  const { pool, recorder, links, loopbackNumber } = world
  if (pool.protocol(packet) === FRAGMENT) {
    reassemblyOf(world, node).take(packet, direction)
    return
  }
  const length = pool.length(packet)
  if (pool.protocol(packet) === ICMP) {
    const number = direction === LOOPBACK ? loopbackNumber : links.numberOf(direction)
    recorder.delivered(node.rank, number, packet, length, pool.ttl(packet))
    if (!pool.isCorrupted(packet)) answerEcho(world, node, packet)
  } else {
    const cause = recorder.lost(node.rank, NO_LINK, packet, length, 'port closed')
    if (pool.protocol(packet) === TCP) refuseSegment(world, node, packet, cause)
    else unreachable(world, node, packet, 'port unreachable', cause)
  }
  pool.free(packet)
}
