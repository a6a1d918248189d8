// All that a hunt can find broken: the oracles on the wire, and what only a run from inside can show.

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
  ...[QUIESCENCE, PROMISE, ASSERTIONS],
]
