// What a ladder shows, row by row, before it is drawn.

/** A message from one node to another. Mutable while its fate is unknown. */
export interface Arrow {
  readonly kind: 'arrow'
  /** When it was sent, ns. */
  readonly at: number
  readonly from: string
  readonly to: string
  /** `INVITE (SDP)`. */
  readonly text: string
  readonly tone: Tone
  /** `Timer A`, `2xx core`: by what it was sent again. */
  readonly again: string | undefined
  /** Why it got no further, and where. */
  lost: Loss | undefined
  /** Where its fragments begin, in their order; empty where it travels whole. */
  fragments: readonly number[]
  /** How many of it were delivered: 2 where the network made a copy. */
  arrived: number
  /** How many more like it followed, that have no row of their own. */
  more: number
}

export interface Loss {
  readonly why: string
  /** The node that gave it up, or that sends on the link where it was lost. */
  readonly node: string
  /** How far it came: at once, on the way, or to its destination. */
  readonly place: 'start' | 'way' | 'end'
}

/** Something that a node did by itself. */
export interface Note {
  readonly kind: 'note'
  readonly at: number
  readonly node: string
  readonly text: string
  readonly tone: Tone
  /** How many more like it followed, that have no row of their own. */
  more: number
}

/** All media between two nodes, from the first packet to the first pause of two seconds. */
export interface Media {
  readonly kind: 'media'
  readonly what: 'RTP' | 'TCP'
  readonly at: number
  readonly left: string
  readonly right: string
  lastAt: number
  /** Each: from left to right, then from right to left. */
  readonly sent: [number, number]
  readonly delivered: [number, number]
  readonly lost: [number, number]
}

/** A fault of a link or node: a line across all columns. */
export interface Across {
  readonly kind: 'across'
  readonly at: number
  readonly text: string
  readonly tone: Tone
}

export type Row = Arrow | Note | Media | Across

/** What colour says: nothing is said by colour alone. */
export type Tone = 'request' | 'progress' | 'success' | 'redirect' | 'failure' | 'plain'
