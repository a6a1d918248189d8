// What a fault tape may do to a packet, and what a hunt may do besides; apart from the arbitraries, for files that only name them.

export const TAPE_KINDS = ['drop', 'swap', 'delay', 'duplicate'] as const
export type TapeKind = (typeof TAPE_KINDS)[number]

/** `dns`: its servers fail for a while, where there are any. */
export const HUNT_KINDS = [...TAPE_KINDS, 'dns'] as const
