// The TCP connections through a NAT or firewall, followed by their flags: a mapping lives as long as the most established of its connections
// needs (RFC 5382 §5, RFC 7857 §2).

import type { Ticks } from '../kernel/event.ts'
import type { EndpointId } from '../network/endpoint.ts'
import { ACK, FIN, RST, SYN } from '../transport/tcp/header.ts'
import { type Row, TimedTable } from './table.ts'

/** The phases of a connection, in the order of a box's lives. */
const OPENING = 0
const ESTABLISHED = 1
const CLOSING = 2

// Bits of a connection's state: what either side has said.
const OUT_ACK = 1
const IN_ACK = 2
const OUT_FIN = 4
const IN_FIN = 8
const BROKEN = 16

/** The established connections of a mapping; its row may be used again by another mapping, with another life. */
interface Held {
  readonly life: number
  /** Dead ones that nobody has met among them. */
  readonly established: Set<Row>
}

/** All connections of one box. */
export class Sessions {
  readonly #lives: readonly Ticks[]
  readonly #rows: TimedTable
  readonly #held = new Map<Row, Held>()

  /** `lives`: ticks, by phase. */
  constructor(lives: readonly Ticks[]) {
    this.#lives = lives
    this.#rows = new TimedTable((row) => this.#leave(row))
  }

  /** A segment has passed, of the mapping in `row` with this `life`; gives the phase that the mapping is in now. */
  note(
    inside: EndpointId,
    remote: EndpointId,
    row: Row,
    life: number,
    isOut: boolean,
    flags: number,
    now: Ticks,
  ): number {
    const rows = this.#rows
    let session = rows.find(inside, remote, now)
    if (session < 0) session = rows.add(inside, remote, row, now + this.#lives[OPENING]!, now)
    const before = rows.state(session)
    if (rows.value(session) !== row) this.#leave(session)
    const isNew = (flags & (SYN | ACK | RST)) === SYN && phaseOf(before) === CLOSING
    const after = (isNew ? 0 : before) | bitsOf(flags, isOut)
    if (phaseOf(before) === ESTABLISHED && phaseOf(after) !== ESTABLISHED) this.#leave(session)
    rows.setState(session, after)
    const phase = phaseOf(after)
    const held = this.#heldBy(row, life)
    if (phase === ESTABLISHED) held.established.add(session)
    rows.setValue(session, row)
    rows.live(session, now + this.#lives[phase]!)
    return phase === ESTABLISHED || this.#isHeld(held, now) ? ESTABLISHED : phase
  }

  /** A reboot. */
  forget(): void {
    this.#rows.clear()
    this.#held.clear()
  }

  /** A connection is established no more, or forgotten. */
  #leave(session: Row): void {
    if (phaseOf(this.#rows.state(session)) !== ESTABLISHED) return
    this.#held.get(this.#rows.value(session))?.established.delete(session)
  }

  #heldBy(row: Row, life: number): Held {
    const known = this.#held.get(row)
    if (known?.life === life) return known
    const held = { life, established: new Set<Row>() }
    this.#held.set(row, held)
    return held
  }

  /** Whether one of them is alive: exactly until its time, whoever looks. Each dead one is met once. */
  #isHeld({ established }: Held, now: Ticks): boolean {
    for (const session of established) {
      if (this.#rows.isAlive(session, now)) return true
      established.delete(session)
    }
    return false
  }
}

function bitsOf(flags: number, isOut: boolean): number {
  const acknowledges = (flags & ACK) === 0 ? 0 : isOut ? OUT_ACK : IN_ACK
  const ends = (flags & FIN) === 0 ? 0 : isOut ? OUT_FIN : IN_FIN
  return acknowledges | ends | ((flags & RST) === 0 ? 0 : BROKEN)
}

/** Established: both sides have acknowledged something. Closing: both have said FIN, or one RST. */
function phaseOf(state: number): number {
  const ends = OUT_FIN | IN_FIN
  if ((state & BROKEN) !== 0 || (state & ends) === ends) return CLOSING
  const both = OUT_ACK | IN_ACK
  return (state & both) === both ? ESTABLISHED : OPENING
}
