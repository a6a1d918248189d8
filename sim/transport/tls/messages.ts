// What the messages of a handshake carry, but for their hellos and certificates; and how a stream of records is cut into messages.

import type { RandomStream } from '../../../platform/random.ts'
import type { TlsVersion } from '../../../platform/tls.ts'
import { certificateMessage } from './certificate.ts'
import { BODY_BYTES, type TlsAction } from './handshake.ts'
import { type ClientHello, randomBytes, writeClientHello, writeEncryptedExtensions, writeServerHello } from './hello.ts'
import type { Choice, TlsOwner } from './owner.ts'
import { joined, number, VectorReader, vector } from './vector.ts'

/** A message's type, and the length of what follows. */
const HEADER_BYTES = 4
/** What a session ticket costs on the wire. */
const TICKET_BYTES = 192
/** How long a ticket is good, s. */
const LIFETIME_S = 7200

/** Messages whose contents follow from what was agreed. */
export type PlainMessage = Exclude<TlsAction, 'ChangeCipherSpec' | 'NewSessionTicket' | 'verify' | 'secured'>

/** What a side knows when it speaks. */
export interface Agreed {
  readonly offer: ClientHello | undefined
  readonly choice: Choice
  /** What the client said, to be said again (RFC 8446 §4.1.3). */
  readonly sessionId: Uint8Array
}

/** The body of a message; keys and signatures have their real lengths, and say nothing. */
export function bodyOf(message: PlainMessage, { offer, choice, sessionId }: Agreed, owner: TlsOwner): Uint8Array {
  switch (message) {
    case 'ClientHello':
      return writeClientHello(offer!, owner.random)
    case 'ServerHello':
      return writeServerHello(choice, sessionId, owner.random)
    case 'EncryptedExtensions':
      return writeEncryptedExtensions(choice.alpn)
    case 'Certificate':
      return certificateMessage(owner.certificate!, choice.version === '1.3')
    case 'ServerKeyExchange':
      return joined(
        Uint8Array.of(3, 0, 0x1d),
        vector(1, randomBytes(owner.random, 32)),
        number(0x0804, 2),
        vector(2, new Uint8Array(256).fill(0x5a)),
      )
    case 'ClientKeyExchange':
      return vector(1, randomBytes(owner.random, 32))
    case 'CertificateVerify':
    case 'ServerHelloDone':
      return new Uint8Array(BODY_BYTES[message])
    case 'Finished':
      return new Uint8Array(BODY_BYTES.Finished[choice.version])
  }
}

/** The bytes of a new session ticket. */
export function newTicket(random: RandomStream): Uint8Array {
  return randomBytes(random, TICKET_BYTES)
}

/** A NewSessionTicket's body (RFC 8446 §4.6.1, RFC 5077 §3.3). */
export function writeTicket(version: TlsVersion, ticket: Uint8Array): Uint8Array {
  return version === '1.3'
    ? joined(number(LIFETIME_S, 4), number(0, 4), vector(1, Uint8Array.of(0)), vector(2, ticket), number(0, 2))
    : joined(number(LIFETIME_S, 4), vector(2, ticket))
}

/** The ticket in a NewSessionTicket's body. */
export function readTicket(version: TlsVersion, body: Uint8Array): Uint8Array {
  const reader = new VectorReader(body)
  reader.bytes(version === '1.3' ? 8 : 4)
  if (version === '1.3') reader.vector(1)
  return reader.vector(2).rest()
}

/** Cuts what handshake records carry into messages (RFC 8446 §5.1): one may have several, and a message may take several. */
export class MessageReader {
  #bytes: Uint8Array = new Uint8Array(0)

  add(body: Uint8Array): void {
    this.#bytes = joined(this.#bytes, body)
  }

  /** The next whole message; undefined while it is not there. */
  next(): { readonly type: number; readonly body: Uint8Array } | undefined {
    const bytes = this.#bytes
    if (bytes.length < HEADER_BYTES) return undefined
    const end = HEADER_BYTES + ((bytes[1]! << 16) | (bytes[2]! << 8) | bytes[3]!)
    if (bytes.length < end) return undefined
    this.#bytes = bytes.slice(end)
    return { type: bytes[0]!, body: bytes.slice(HEADER_BYTES, end) }
  }
}
