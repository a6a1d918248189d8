// From what programs wrote to connections and read from them to observations: SIP over TCP and TLS, at the program's own times. A segment
// says neither: TCP sends it when it thinks fit, and a lost one keeps those behind it waiting.

import { printRecordId, type TraceRecord, type Transition } from '../../platform/trace.ts'
import { MessageStream } from '../captures/messages.ts'
import type { Observation, Place, UnreachableObservation } from './observation.ts'
import { sipIn } from './payload.ts'

/** The machine whose steps open and close connections. */
export const TCP_MACHINE = 'tcp'

type Piece = TraceRecord & { readonly kind: 'written' | 'read' }

/** The events by which a connection ends before all was said. */
const FAILURES: ReadonlySet<string> = new Set(['RST', 'give up', 'unreachable'])

interface Way {
  readonly stream: MessageStream
  /** What the piece that is read now has brought. */
  readonly found: Observation[]
  piece: Piece
}

/** Listens to the streams of all nodes. Memory goes with the connections that are open. */
export class Listener {
  /** By node and connection: both ways. */
  readonly #ways = new Map<string, { written?: Way; read?: Way }>()

  /** The messages that end in this piece. */
  hear(piece: Piece): readonly Observation[] {
    const { id, kind, local, remote } = piece
    const key = keyOf(id.node, `${local.address}:${local.port} ${remote.address}:${remote.port}`)
    let both = this.#ways.get(key)
    if (both === undefined) {
      both = {}
      this.#ways.set(key, both)
    }
    const way = both[kind] ?? wayFrom(piece)
    both[kind] = way
    way.piece = piece
    way.found.length = 0
    way.stream.take(piece.bytes)
    return way.found
  }

  /** A connection's step: when it is closed it is forgotten; one that did not end in order gives the word that its far end cannot be reached. */
  step({ id, at, instance, event, to }: Transition): UnreachableObservation | undefined {
    if (to !== 'CLOSED') return undefined
    this.#ways.delete(keyOf(id.node, instance))
    if (!FAILURES.has(event)) return undefined
    const [from, about] = instance.split(' ').map(placeIn) as [Place, Place]
    const where = { at, where: id.node, side: 'received' as const, proof: printRecordId(id), transport: 'tcp' as const }
    return { kind: 'unreachable', ...where, from: about, to: from, about }
  }

  /** A node has lost its power, and with it its connections. */
  forget(node: string): void {
    for (const key of this.#ways.keys()) if (key.startsWith(keyOf(node, ''))) this.#ways.delete(key)
  }
}

function wayFrom(first: Piece): Way {
  const way: Way = {
    piece: first,
    found: [],
    stream: new MessageStream((bytes, transport) => {
      const { id, at, kind, local, remote } = way.piece
      const content = sipIn(bytes)
      if (content.kind !== 'sip' && content.kind !== 'malformed') return
      const [side, from, to] =
        kind === 'written' ? (['sent', local, remote] as const) : (['received', remote, local] as const)
      way.found.push({ ...content, at, where: id.node, side, proof: printRecordId(id), transport, from, to })
    }),
  }
  return way
}

function keyOf(node: string, instance: string): string {
  return `${node}|${instance}`
}

/** Reads `10.0.0.1:5060`; an IPv6 address stands there without brackets. */
function placeIn(text: string): Place {
  const colon = text.lastIndexOf(':')
  return { address: text.slice(0, colon), port: Number(text.slice(colon + 1)) }
}
