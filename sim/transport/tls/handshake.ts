// The handshakes of TLS 1.2 (RFC 5246 §7.3, RFC 5077) and 1.3 (RFC 8446 §2) as tables: which flight answers which message.

/** Sides and what they wait for; `open`: application data may flow. */
export type TlsState =
  | 'client start'
  | 'client awaits ServerHello'
  | 'client 1.3 awaits Finished'
  | 'client 1.2 awaits ServerHelloDone'
  | 'client 1.2 awaits Finished'
  | 'client resumes 1.2'
  | 'server awaits ClientHello'
  | 'server 1.3 awaits Finished'
  | 'server 1.2 awaits Finished'
  | 'server resumes 1.2'
  | 'open'

/** The messages that end a flight; those within it only leave something behind. */
export type TlsEvent =
  | 'connected'
  | 'ClientHello 1.3'
  | 'ClientHello 1.3 with ticket'
  | 'ClientHello 1.2'
  | 'ClientHello 1.2 with ticket'
  | 'ServerHello 1.3'
  | 'ServerHello 1.2'
  | 'ServerHello 1.2 with ticket'
  | 'ServerHelloDone'
  | 'Finished'

/** Messages to send, in order, and `verify`: the verdict on the certificate is due, and `secured`. */
export type TlsAction =
  | 'ClientHello'
  | 'ServerHello'
  | 'EncryptedExtensions'
  | 'Certificate'
  | 'CertificateVerify'
  | 'ServerKeyExchange'
  | 'ServerHelloDone'
  | 'ClientKeyExchange'
  | 'ChangeCipherSpec'
  | 'NewSessionTicket'
  | 'Finished'
  | 'verify'
  | 'secured'

/** One arrow: in `state`, on `event`, perform `actions` in order and go to `next`. */
export type TlsRow = readonly [state: TlsState, event: TlsEvent, actions: readonly TlsAction[], next: TlsState]

/** Every arrow. Actions after a failed `verify` are not performed. */
export const TLS_ROWS: readonly TlsRow[] = [
  ['client start', 'connected', ['ClientHello'], 'client awaits ServerHello'],
  // TLS 1.3, RFC 8446 §2, figures 1 and 3.
  [
    'server awaits ClientHello',
    'ClientHello 1.3',
    ['ServerHello', 'ChangeCipherSpec', 'EncryptedExtensions', 'Certificate', 'CertificateVerify', 'Finished'],
    'server 1.3 awaits Finished',
  ],
  [
    'server awaits ClientHello',
    'ClientHello 1.3 with ticket',
    ['ServerHello', 'ChangeCipherSpec', 'EncryptedExtensions', 'Finished'],
    'server 1.3 awaits Finished',
  ],
  ['client awaits ServerHello', 'ServerHello 1.3', [], 'client 1.3 awaits Finished'],
  ['client 1.3 awaits Finished', 'Finished', ['verify', 'ChangeCipherSpec', 'Finished', 'secured'], 'open'],
  ['server 1.3 awaits Finished', 'Finished', ['NewSessionTicket', 'NewSessionTicket', 'secured'], 'open'],
  // TLS 1.2, RFC 5246 §7.3, figure 1.
  [
    'server awaits ClientHello',
    'ClientHello 1.2',
    ['ServerHello', 'Certificate', 'ServerKeyExchange', 'ServerHelloDone'],
    'server 1.2 awaits Finished',
  ],
  ['client awaits ServerHello', 'ServerHello 1.2', [], 'client 1.2 awaits ServerHelloDone'],
  [
    'client 1.2 awaits ServerHelloDone',
    'ServerHelloDone',
    ['verify', 'ClientKeyExchange', 'ChangeCipherSpec', 'Finished'],
    'client 1.2 awaits Finished',
  ],
  ['server 1.2 awaits Finished', 'Finished', ['NewSessionTicket', 'ChangeCipherSpec', 'Finished', 'secured'], 'open'],
  ['client 1.2 awaits Finished', 'Finished', ['secured'], 'open'],
  // TLS 1.2 with a ticket, RFC 5077 §3.1, figure 2, but that no new one is given.
  [
    'server awaits ClientHello',
    'ClientHello 1.2 with ticket',
    ['ServerHello', 'ChangeCipherSpec', 'Finished'],
    'server resumes 1.2',
  ],
  ['client awaits ServerHello', 'ServerHello 1.2 with ticket', [], 'client resumes 1.2'],
  ['client resumes 1.2', 'Finished', ['ChangeCipherSpec', 'Finished', 'secured'], 'open'],
  ['server resumes 1.2', 'Finished', ['secured'], 'open'],
]

const arrows = new Map<string, TlsRow>(TLS_ROWS.map((row) => [`${row[0]} ${row[1]}`, row]))

/** The arrow for `event` out of `state`; undefined: the message does not belong there. */
export function stepTls(state: TlsState, event: TlsEvent): TlsRow | undefined {
  return arrows.get(`${state} ${event}`)
}

/** Handshake messages by their numbers (RFC 5246 §7.4, RFC 8446 §4). */
export const MESSAGES = {
  ClientHello: 1,
  ServerHello: 2,
  NewSessionTicket: 4,
  EncryptedExtensions: 8,
  Certificate: 11,
  ServerKeyExchange: 12,
  ServerHelloDone: 14,
  CertificateVerify: 15,
  ClientKeyExchange: 16,
  Finished: 20,
} as const

/** The bodies of messages that only have a length here: an RSA signature of 2048 bits, an X25519 key, a Finished by SHA-256. */
export const BODY_BYTES = {
  CertificateVerify: 4 + 256,
  ServerKeyExchange: 4 + 32 + 4 + 256,
  ServerHelloDone: 0,
  ClientKeyExchange: 1 + 32,
  Finished: { '1.2': 12, '1.3': 32 },
} as const

/** Alerts by their numbers (RFC 8446 §6), those that are sent here. */
export const ALERTS = {
  close_notify: 0,
  unexpected_message: 10,
  bad_certificate: 42,
  certificate_expired: 45,
  unknown_ca: 48,
  protocol_version: 70,
  no_application_protocol: 120,
} as const

export type AlertName = keyof typeof ALERTS
