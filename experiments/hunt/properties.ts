// All that a hunt can find broken: the oracles on the wire, and what only a run from inside can show.

import type { OracleVerdict, Violation } from '../oracles/oracle.ts'
import { ORACLES } from '../oracles/table.ts'

/** A property's name, where it is asked for, and what it says. */
export interface Property {
  readonly name: string
  readonly section: string
  readonly says: string
}

export const QUIESCENCE: Property = {
  name: 'quiescence',
  section: 'RFC 3261 §15, §17',
  says: 'in the end no transaction is left, and no call whose other end has said that it is over',
}

export const AGREEMENT: Property = {
  name: 'dialog agreement',
  section: 'RFC 3261 §12.1, §12.2, §15',
  says: 'both ends of an answered call remember the same dialog: tags crossed, CSeq numbers, targets, route set reversed; and both know whether it is up',
}

export const LEAKS: Property = {
  name: 'no leak',
  section: 'RFC 3261 §12.3, §15, §17',
  says: 'what is over is let go: calls, dialogs, transactions, response contexts, ports of media, timers',
}

export const PROMISE: Property = {
  name: 'promise',
  section: 'siptwin',
  says: 'what the campaign promises comes true, once all faults have ended',
}

export const ASSERTIONS: Property = {
  name: 'assertions',
  section: 'siptwin',
  says: 'no assertion fails, and nothing is thrown',
}

/** In the order in which they are reported. */
export const PROPERTIES: readonly Property[] = [
  ...ORACLES.map(({ name, section, says }) => ({ name, section, says })),
  ...[QUIESCENCE, AGREEMENT, LEAKS, PROMISE, ASSERTIONS],
]

/** How a property stands: with so many occasions to judge, and these violations. */
export function verdictOf(property: Property, exercised: number, violations: readonly Violation[]): OracleVerdict {
  const state = violations.length > 0 ? 'violated' : exercised > 0 ? 'holds' : 'not exercised'
  return { ...property, state, exercised, count: violations.length, violations }
}
