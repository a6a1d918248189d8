// A STUN message in fields (RFC 8489 §5): what it is, which transaction it belongs to, and its attributes in their order.

import type { Attribute, AttributeName, AttributeValues } from './attributes.ts'

export type StunClass = 'request' | 'indication' | 'success' | 'error'

/** The only method of RFC 8489 itself; TURN has others. */
export const BINDING = 1

export interface StunMessage {
  readonly class: StunClass
  /** 0–4095; {@link BINDING} is 1. */
  readonly method: number
  /** The transaction id: 96 bits as 24 lower-case hexadecimal digits. */
  readonly transaction: string
  readonly attributes: readonly Attribute[]
}

/** The value of the first attribute of this name; further ones do not count (§14). Undefined: there is none. */
export function attributeOf<Name extends AttributeName>(
  { attributes }: StunMessage,
  name: Name,
): AttributeValues[Name] | undefined {
  const found = attributes.find((attribute) => attribute.name === name)
  return found?.value as AttributeValues[Name] | undefined
}

/** Types below this must be understood by whoever takes the message (§14). */
const OPTIONAL = 0x8000

/** The types of the attributes that must be understood and are not: an answer to them is 420 (§6.3.1). */
export function notUnderstood({ attributes }: StunMessage): readonly number[] {
  const types = attributes.flatMap((one) => (one.name === 'unknown' && one.type < OPTIONAL ? [one.type] : []))
  return [...new Set(types)]
}
