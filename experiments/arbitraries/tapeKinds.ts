// What a fault tape may do to a packet; apart from the arbitraries, for files that only name them.

export const TAPE_KINDS = ['drop', 'swap', 'delay', 'duplicate'] as const
export type TapeKind = (typeof TAPE_KINDS)[number]
