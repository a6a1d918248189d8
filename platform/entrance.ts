// `import … from 'siptwin/platform'`: what a program is written against, and the words of the record.

export { assert, Bug } from './assert.ts'
export type { Bell, Callback } from './bell.ts'
export type {
  Acceptor,
  Connection,
  ConnectionEnd,
  ConnectionOptions,
  ConnectionReceiver,
  ConnectOptions,
  Listener,
  ListenOptions,
  Tcp,
} from './connection.ts'
export type { Held, HeldDialog, Holdings } from './holdings.ts'
export type {
  Datagram,
  DnsRecord,
  Endpoint,
  Host,
  Program,
  RecordType,
  Resolution,
  RunningProgram,
  Store,
  Timer,
  UdpOptions,
  UdpReceiver,
  UdpSocket,
  Unreachable,
} from './host.ts'
export { type RandomStream, RandomStreams } from './random.ts'
export type { Issue, Result } from './result.ts'
export type {
  CertificateVerdict,
  SecureSession,
  Tls,
  TlsAcceptor,
  TlsConnectOptions,
  TlsEnd,
  TlsListenOptions,
  TlsReceiver,
  TlsVersion,
} from './tls.ts'
export type {
  Classify,
  HostTrace,
  LossCause,
  PacketLabel,
  RecordId,
  TracedPacket,
  TraceLevel,
  TraceRecord,
  TraceSink,
} from './trace.ts'
