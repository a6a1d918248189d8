// A certificate on the wire, and the verdict on it. The bytes are a well-formed X.509 certificate (RFC 5280) without a real key or
// signature, made as long as the chain that it stands for.

import { canonicalAddress } from '../../../platform/address.ts'
import { utf8Decode, utf8Encode } from '../../../platform/text.ts'
import type { CertificateVerdict } from '../../../platform/tls.ts'
import { type Certificate, PUBLIC_AUTHORITY } from './settings.ts'
import { joined, number, vector } from './vector.ts'

const SEQUENCE = 0x30
const SET = 0x31
const INTEGER = 0x02
const BITS = 0x03
const OCTETS = 0x04
const NULL = Uint8Array.of(0x05, 0)
const OID = 0x06
const TEXT = 0x0c
const TIME = 0x18
const VERSION = 0xa0
const EXTENSIONS = 0xa3

/** sha256WithRSAEncryption, rsaEncryption, commonName. */
const SIGNED_BY = Uint8Array.of(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b)
const KEY_OF = Uint8Array.of(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01)
const COMMON_NAME = Uint8Array.of(0x55, 0x04, 0x03)
/** A private extension under the arc of examples: what the model says of itself. */
const MODEL = Uint8Array.of(0x2b, 0x06, 0x01, 0x04, 0x01, 0x8f, 0x65, 0x01)
const MARK = utf8Encode('siptwin certificate ')
const DEFAULT_CHAIN_BYTES = 3000
const LEAST_FILL = 16

/** The body of a Certificate message of TLS 1.2 (`contextBytes` 0) or 1.3 (1), RFC 5246 §7.4.2 and RFC 8446 §4.4.2. */
export function certificateMessage(certificate: Certificate, isNewest: boolean): Uint8Array {
  const wanted = certificate.chainBytes ?? DEFAULT_CHAIN_BYTES
  const short = encode(certificate, LEAST_FILL)
  const whole = encode(certificate, Math.max(LEAST_FILL, wanted - short.length + LEAST_FILL))
  if (!isNewest) return vector(3, vector(3, whole))
  return joined(Uint8Array.of(0), vector(3, vector(3, whole), Uint8Array.of(0, 0)))
}

/** What a Certificate message shows; undefined for one that is not of this model. */
export function readCertificate(message: Uint8Array): Certificate | undefined {
  const at = indexOf(message, MARK)
  if (at < 0) return undefined
  const from = at + MARK.length
  const end = message.indexOf(10, from)
  try {
    return JSON.parse(utf8Decode(message.slice(from, end))) as Certificate
  } catch {
    return undefined
  }
}

/** Is the certificate good for `name`, at `nowMs` of the host's clock, to one who trusts these authorities? */
export function judge(
  {
    names,
    authority = PUBLIC_AUTHORITY,
    fromMs = Number.NEGATIVE_INFINITY,
    untilMs = Number.POSITIVE_INFINITY,
  }: Certificate,
  name: string,
  nowMs: number,
  trusts: readonly string[],
): CertificateVerdict {
  if (!trusts.includes(authority)) return 'untrusted'
  if (nowMs < fromMs) return 'not yet valid'
  if (nowMs > untilMs) return 'expired'
  return names.some((one) => matches(one, name)) ? 'trusted' : 'wrong name'
}

/** RFC 6125 §6.4: the same name, or one label for the star in front. */
function matches(pattern: string, name: string): boolean {
  const [wanted, shown] = [name.toLowerCase(), pattern.toLowerCase()]
  if (wanted === shown) return true
  const address = canonicalAddress(name)
  if (address !== undefined) return canonicalAddress(pattern) === address
  const dot = wanted.indexOf('.')
  return shown.startsWith('*.') && dot > 0 && wanted.slice(dot) === shown.slice(1)
}

function encode(certificate: Certificate, fill: number): Uint8Array {
  const signature = der(SEQUENCE, der(OID, SIGNED_BY), NULL)
  const said = joined(MARK, utf8Encode(JSON.stringify(certificate)), Uint8Array.of(10), new Uint8Array(fill).fill(0x20))
  const validity = der(SEQUENCE, der(TIME, utf8Encode('20000101000000Z')), der(TIME, utf8Encode('20991231235959Z')))
  const key = der(
    SEQUENCE,
    der(INTEGER, joined(Uint8Array.of(0), new Uint8Array(256).fill(0xa5))),
    der(INTEGER, number(65_537, 3)),
  )
  const body = der(
    SEQUENCE,
    ...[der(VERSION, der(INTEGER, Uint8Array.of(2))), der(INTEGER, Uint8Array.of(1)), signature],
    ...[name(certificate.authority ?? PUBLIC_AUTHORITY), validity, name(certificate.names[0] ?? '')],
    der(SEQUENCE, der(SEQUENCE, der(OID, KEY_OF), NULL), der(BITS, joined(Uint8Array.of(0), key))),
    der(EXTENSIONS, der(SEQUENCE, der(SEQUENCE, der(OID, MODEL), der(OCTETS, der(TEXT, said))))),
  )
  return der(SEQUENCE, body, signature, der(BITS, joined(Uint8Array.of(0), new Uint8Array(256).fill(0x5a))))
}

function name(text: string): Uint8Array {
  return der(SEQUENCE, der(SET, der(SEQUENCE, der(OID, COMMON_NAME), der(TEXT, utf8Encode(text)))))
}

/** A value of the Distinguished Encoding Rules: tag, length, contents. */
function der(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const body = joined(...parts)
  const { length } = body
  const head =
    length < 128
      ? Uint8Array.of(tag, length)
      : length < 256
        ? Uint8Array.of(tag, 0x81, length)
        : Uint8Array.of(tag, 0x82, length >> 8, length & 255)
  return joined(head, body)
}

function indexOf(bytes: Uint8Array, wanted: Uint8Array): number {
  for (let at = 0; at + wanted.length <= bytes.length; at++) {
    let same = 0
    while (same < wanted.length && bytes[at + same] === wanted[same]) same++
    if (same === wanted.length) return at
  }
  return -1
}
