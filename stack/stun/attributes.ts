// STUN's attributes, one row each: their numbers, and how their values are written (RFC 8489 §14 and §18.3, RFC 5780 §7).

import {
  address,
  bytesOf,
  changeFlags,
  errorCode,
  type Form,
  half,
  passwordAlgorithm,
  passwordAlgorithms,
  size,
  text,
  types,
  word,
  xorAddress,
} from './forms.ts'

/** An address of either version in its canonical text, and a port, 0–65535. */
export interface TransportAddress {
  readonly address: string
  readonly port: number
}

/** How a key is made of a password (RFC 8489 §18.5): 1 is MD5, 2 is SHA-256. Parameters are bytes that neither has. */
export interface PasswordAlgorithm {
  readonly number: number
  readonly parameters: Uint8Array
}

/** What each attribute says. */
export interface AttributeValues {
  readonly 'MAPPED-ADDRESS': TransportAddress
  /** From where the server is to answer instead (RFC 5780 §7.2). */
  readonly 'CHANGE-REQUEST': { readonly address: boolean; readonly port: boolean }
  readonly USERNAME: string
  readonly 'MESSAGE-INTEGRITY': Uint8Array
  /** 300–699. */
  readonly 'ERROR-CODE': { readonly code: number; readonly reason: string }
  readonly 'UNKNOWN-ATTRIBUTES': readonly number[]
  readonly REALM: string
  readonly NONCE: string
  readonly 'MESSAGE-INTEGRITY-SHA256': Uint8Array
  readonly 'PASSWORD-ALGORITHM': PasswordAlgorithm
  /** SHA-256 of `username:realm`. */
  readonly USERHASH: Uint8Array
  readonly 'XOR-MAPPED-ADDRESS': TransportAddress
  /** So many bytes that mean nothing, and that may make fragments of the datagram (RFC 5780 §7.6). */
  readonly PADDING: number
  /** To which port the answer is to go (RFC 5780 §7.5). */
  readonly 'RESPONSE-PORT': number
  readonly 'PASSWORD-ALGORITHMS': readonly PasswordAlgorithm[]
  readonly 'ALTERNATE-DOMAIN': string
  readonly SOFTWARE: string
  readonly 'ALTERNATE-SERVER': TransportAddress
  readonly FINGERPRINT: number
  /** Whence the answer came (RFC 5780 §7.3). */
  readonly 'RESPONSE-ORIGIN': TransportAddress
  /** Whence it would have come with both flags of CHANGE-REQUEST (RFC 5780 §7.4). */
  readonly 'OTHER-ADDRESS': TransportAddress
}

export type AttributeName = keyof AttributeValues

export type KnownAttribute = {
  readonly [Name in AttributeName]: { readonly name: Name; readonly value: AttributeValues[Name] }
}[AttributeName]

/** One that we have no row for, as it stands. */
export interface UnknownAttribute {
  readonly name: 'unknown'
  readonly type: number
  readonly value: Uint8Array
}

export type Attribute = KnownAttribute | UnknownAttribute

interface Row<Value> {
  readonly type: number
  readonly form: Form<Value>
}

// biome-ignore format: a table
const ATTRIBUTES: { readonly [Name in AttributeName]: Row<AttributeValues[Name]> } = {
  'MAPPED-ADDRESS':           { type: 0x0001, form: address },            // §14.1
  'CHANGE-REQUEST':           { type: 0x0003, form: changeFlags },        // RFC 5780 §7.2
  'USERNAME':                 { type: 0x0006, form: text(508) },          // §14.3
  'MESSAGE-INTEGRITY':        { type: 0x0008, form: bytesOf(20, 20) },    // §14.5
  'ERROR-CODE':               { type: 0x0009, form: errorCode },          // §14.8
  'UNKNOWN-ATTRIBUTES':       { type: 0x000a, form: types },              // §14.13
  'REALM':                    { type: 0x0014, form: text(763) },          // §14.9
  'NONCE':                    { type: 0x0015, form: text(763) },          // §14.10
  'MESSAGE-INTEGRITY-SHA256': { type: 0x001c, form: bytesOf(16, 32) },    // §14.6
  'PASSWORD-ALGORITHM':       { type: 0x001d, form: passwordAlgorithm },  // §14.12
  'USERHASH':                 { type: 0x001e, form: bytesOf(32, 32) },    // §14.4
  'XOR-MAPPED-ADDRESS':       { type: 0x0020, form: xorAddress },         // §14.2
  'PADDING':                  { type: 0x0026, form: size },               // RFC 5780 §7.6
  'RESPONSE-PORT':            { type: 0x0027, form: half },               // RFC 5780 §7.5
  'PASSWORD-ALGORITHMS':      { type: 0x8002, form: passwordAlgorithms }, // §14.11
  'ALTERNATE-DOMAIN':         { type: 0x8003, form: text(255) },          // §14.16
  'SOFTWARE':                 { type: 0x8022, form: text(763) },          // §14.14
  'ALTERNATE-SERVER':         { type: 0x8023, form: address },            // §14.15
  'FINGERPRINT':              { type: 0x8028, form: word },               // §14.7
  'RESPONSE-ORIGIN':          { type: 0x802b, form: address },            // RFC 5780 §7.3
  'OTHER-ADDRESS':            { type: 0x802c, form: address },            // RFC 5780 §7.4
}

const NAMES: ReadonlyMap<number, AttributeName> = new Map(
  Object.entries(ATTRIBUTES).map(([name, { type }]) => [type, name as AttributeName]),
)

/** The attribute of this number and these bytes, `unknown` if there is no row for it; its name alone if the bytes are none of its values. */
export function readAttribute(type: number, bytes: Uint8Array, transaction: Uint8Array): Attribute | AttributeName {
  const name = NAMES.get(type)
  if (name === undefined) return { name: 'unknown', type, value: bytes.slice() }
  const value = ATTRIBUTES[name].form.read(bytes, transaction)
  return value === undefined ? name : ({ name, value } as Attribute)
}

/** The number and the bytes of an attribute. */
export function writeAttribute(attribute: Attribute, transaction: Uint8Array): { type: number; bytes: Uint8Array } {
  if (attribute.name === 'unknown') return { type: attribute.type, bytes: attribute.value }
  const { type, form } = ATTRIBUTES[attribute.name] as Row<KnownAttribute['value']>
  return { type, bytes: form.write(attribute.value, transaction) }
}

/** The number of a known attribute. */
export function typeOf(name: AttributeName): number {
  return ATTRIBUTES[name].type
}
