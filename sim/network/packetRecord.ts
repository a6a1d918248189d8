// What stands where in a packet's record. A packet is a record of the kernel's, which is its event as long as it is under way: what a hop needs
// stands in one line of the cache. Source and destination stand where other events have their numbers, the rest in the record's cargo. Who
// asks for several of these at every hop reads them from the record himself: asked of the pool one after the other they cost twice as much.

import { I_A, I_B, I_CARGO } from '../kernel/event.ts'

/** The number of the destination's endpoint. */
export const P_DESTINATION = I_A
/** The number of the source's endpoint. */
export const P_SOURCE = I_B
/** The link direction that the packet is on, plus 1; 0: none. */
export const P_LINK = I_CARGO
/** Bytes of the IP packet, headers included. */
export const P_LENGTH = I_CARGO + 1
/** The hash of that direction's name, which whoever ends the packet's journey needs: there it costs nothing, in the direction's row a line of the cache. */
export const P_WORD = I_CARGO + 2
/** Of the bits: DSCP, from bit 6 the protocol, the two flags below, bytes of headers and of the head, and the TTL as the shifts say. */
export const P_KIND = I_CARGO + 3

/** Time to live at first. */
export const FIRST_TTL = 64
/** Bits were changed on the way. */
export const CORRUPTED = 256
/** It must not be cut up. */
export const WHOLE = 512
/** What is set in none but sound UDP: another protocol, or {@link CORRUPTED}. */
export const SUSPECT = CORRUPTED | (3 << 6)
export const OVERHEAD_SHIFT = 10
export const OVERHEAD_MASK = 127
export const HEAD_SHIFT = 17
export const HEAD_MASK = 63
/** The highest eight bits but the sign. */
export const TTL_SHIFT = 23
