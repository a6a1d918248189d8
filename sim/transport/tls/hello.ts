// ClientHello and ServerHello (RFC 5246 §7.4.1, RFC 8446 §4.1): real messages, whose keys are random bytes.

import type { RandomStream } from '../../../platform/random.ts'
import { utf8Decode, utf8Encode } from '../../../platform/text.ts'
import type { TlsVersion } from '../../../platform/tls.ts'
import { joined, number, VectorReader, vector } from './vector.ts'

const NUMBERS: Readonly<Record<TlsVersion, number>> = { '1.2': 0x0303, '1.3': 0x0304 }
/** TLS_AES_128_GCM_SHA256 and TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256. */
const SUITES: Readonly<Record<TlsVersion, number>> = { '1.3': 0x1301, '1.2': 0xc02f }
const RENEGOTIATION_SCSV = 0x00ff
const X25519 = 0x001d
const RSA_PSS_SHA256 = 0x0804
const RSA_PKCS1_SHA256 = 0x0401

const SERVER_NAME = 0
const GROUPS = 10
const SIGNATURES = 13
const ALPN = 16
const TICKET = 35
const PRE_SHARED_KEY = 41
const VERSIONS = 43
const PSK_MODES = 45
const KEY_SHARE = 51
const BINDER_BYTES = 32
/** Whatever has one. */
const IS_ADDRESS = /^[\d.]+$|:/

/** What a client offers. */
export interface ClientHello {
  readonly serverName: string
  readonly versions: readonly TlsVersion[]
  readonly alpn: readonly string[]
  /** Of the session that it wants to take up again, which was of this version. */
  readonly ticket: { readonly bytes: Uint8Array; readonly version: TlsVersion } | undefined
}

/** What a server chooses. */
export interface ServerHello {
  readonly version: TlsVersion
  readonly resumed: boolean
  /** In TLS 1.3 said with the encrypted extensions instead. */
  readonly alpn: string | undefined
}

/** So many random bytes. */
export function randomBytes(random: RandomStream, length: number): Uint8Array {
  return Uint8Array.from({ length }, () => random.below(256))
}

/** The body of a ClientHello. */
export function writeClientHello(
  { serverName, versions, alpn, ticket }: ClientHello,
  random: RandomStream,
): Uint8Array {
  const newest = versions.includes('1.3')
  const suites = [...versions.map((version) => SUITES[version]), RENEGOTIATION_SCSV].map((one) => number(one, 2))
  const isName = !IS_ADDRESS.test(serverName)
  const extensions = [
    ...(isName ? [extension(SERVER_NAME, vector(2, Uint8Array.of(0), vector(2, utf8Encode(serverName))))] : []),
    extension(GROUPS, vector(2, number(X25519, 2))),
    extension(SIGNATURES, vector(2, number(RSA_PSS_SHA256, 2), number(RSA_PKCS1_SHA256, 2))),
    ...(alpn.length > 0 ? [extension(ALPN, protocols(alpn))] : []),
    ...(versions.includes('1.2')
      ? [extension(TICKET, ticket?.version === '1.2' ? ticket.bytes : new Uint8Array(0))]
      : []),
    ...(newest
      ? [
          extension(VERSIONS, vector(1, ...versions.map((version) => number(NUMBERS[version], 2)))),
          extension(PSK_MODES, vector(1, Uint8Array.of(1))),
          extension(KEY_SHARE, vector(2, number(X25519, 2), vector(2, randomBytes(random, 32)))),
        ]
      : []),
    // The last one, by RFC 8446 §4.2.11.
    ...(newest && ticket?.version === '1.3'
      ? [
          extension(
            PRE_SHARED_KEY,
            vector(2, vector(2, ticket.bytes), number(0, 4)),
            vector(2, vector(1, randomBytes(random, BINDER_BYTES))),
          ),
        ]
      : []),
  ]
  return joined(
    ...[
      number(NUMBERS['1.2'], 2),
      randomBytes(random, 32),
      vector(1, newest ? randomBytes(random, 32) : new Uint8Array(0)),
    ],
    ...[vector(2, ...suites), vector(1, Uint8Array.of(0)), vector(2, ...extensions)],
  )
}

/** Reads a ClientHello's body. */
export function readClientHello(bytes: Uint8Array): ClientHello & { readonly sessionId: Uint8Array } {
  const reader = new VectorReader(bytes)
  reader.bytes(34)
  const sessionId = reader.vector(1).rest()
  const suites = reader.vector(2)
  const offered: number[] = []
  while (!suites.isAtEnd) offered.push(suites.number(2))
  reader.vector(1)
  const extensions = readExtensions(reader)
  const name = extensions.get(SERVER_NAME)?.vector(2)
  name?.number(1)
  const shared = extensions.get(PRE_SHARED_KEY)?.vector(2).vector(2).rest()
  const old = extensions.get(TICKET)?.rest() ?? new Uint8Array(0)
  return {
    serverName: name === undefined ? '' : utf8Decode(name.vector(2).rest()),
    versions: (['1.3', '1.2'] as const).filter((version) => offered.includes(SUITES[version])),
    alpn: readProtocols(extensions.get(ALPN)),
    ticket:
      shared !== undefined
        ? { bytes: shared, version: '1.3' }
        : old.length > 0
          ? { bytes: old, version: '1.2' }
          : undefined,
    sessionId,
  }
}

/** The body of a ServerHello, which answers a ClientHello with this session id. */
export function writeServerHello(
  { version, resumed, alpn }: ServerHello,
  sessionId: Uint8Array,
  random: RandomStream,
): Uint8Array {
  const extensions =
    version === '1.3'
      ? [
          extension(VERSIONS, number(NUMBERS[version], 2)),
          extension(KEY_SHARE, number(X25519, 2), vector(2, randomBytes(random, 32))),
          ...(resumed ? [extension(PRE_SHARED_KEY, number(0, 2))] : []),
        ]
      : [
          extension(0xff01, Uint8Array.of(0)),
          ...(resumed ? [] : [extension(TICKET)]),
          ...(alpn === undefined ? [] : [extension(ALPN, protocols([alpn]))]),
        ]
  return joined(
    ...[number(NUMBERS['1.2'], 2), randomBytes(random, 32), vector(1, sessionId), number(SUITES[version], 2)],
    ...[Uint8Array.of(0), vector(2, ...extensions)],
  )
}

/** Reads a ServerHello's body. In TLS 1.2 a session that is taken up again offers no new ticket. */
export function readServerHello(bytes: Uint8Array): ServerHello {
  const reader = new VectorReader(bytes)
  reader.bytes(34)
  reader.vector(1)
  const version = reader.number(2) === SUITES['1.3'] ? '1.3' : '1.2'
  reader.number(1)
  const extensions = readExtensions(reader)
  const resumed = version === '1.3' ? extensions.has(PRE_SHARED_KEY) : !extensions.has(TICKET)
  return { version, resumed, alpn: readProtocols(extensions.get(ALPN))[0] }
}

/** The body of EncryptedExtensions (RFC 8446 §4.3.1). */
export function writeEncryptedExtensions(alpn: string | undefined): Uint8Array {
  return vector(2, ...(alpn === undefined ? [] : [extension(ALPN, protocols([alpn]))]))
}

/** The protocol that EncryptedExtensions name. */
export function readEncryptedExtensions(bytes: Uint8Array): string | undefined {
  return readProtocols(readExtensions(new VectorReader(bytes)).get(ALPN))[0]
}

function extension(type: number, ...parts: readonly Uint8Array[]): Uint8Array {
  return joined(number(type, 2), vector(2, ...parts))
}

function protocols(names: readonly string[]): Uint8Array {
  return vector(2, ...names.map((name) => vector(1, utf8Encode(name))))
}

function readProtocols(reader: VectorReader | undefined): string[] {
  const list = reader?.vector(2)
  const names: string[] = []
  while (list !== undefined && !list.isAtEnd) names.push(utf8Decode(list.vector(1).rest()))
  return names
}

function readExtensions(reader: VectorReader): Map<number, VectorReader> {
  const list = reader.vector(2)
  const extensions = new Map<number, VectorReader>()
  while (!list.isAtEnd) {
    const type = list.number(2)
    extensions.set(type, list.vector(2))
  }
  return extensions
}
