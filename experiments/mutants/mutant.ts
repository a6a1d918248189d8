// A mutant: a stack with one fault. It stands between a sound program and its host: it changes what is said or when, or bends what the
// program asks of its machine.

import type { Callback } from '../../platform/bell.ts'
import type { Datagram, Endpoint, Host, Timer, UdpOptions, UdpReceiver, UdpSocket } from '../../platform/host.ts'
import type { Result } from '../../platform/result.ts'
import { latin1Decode, latin1Encode } from '../../platform/text.ts'
import type { Message } from '../../stack/sip/message/message.ts'
import { parseMessage } from '../../stack/sip/message/parse.ts'

/** A SIP message on its way. */
export interface Word {
  /** Such as `200 INVITE`. */
  readonly label: string
  readonly message: Message
  /** All of it, a character a byte. */
  readonly text: string
  /** How often this host has sent the same text to the same place before. */
  readonly times: number
}

/** What a mutant has beside the messages. */
export interface Wire {
  /** ms. */
  now(): number
  /** `delayMs` from now. */
  after(delayMs: number, callback: Callback): Timer
  /** Sends more, to where the last message went. */
  send(text: string): void
}

/** A mutant at work on one socket. */
export interface Meddler {
  /** What goes out in place of the message: nothing, itself, another, several. */
  sends(word: Word): readonly string[]
  /** A message came in; the program hears it next. */
  hears?(word: Word): void
  /** What the program is given in place of a message that came in. */
  reads?(word: Word): string
  /** What goes out in place of a datagram that is no SIP, such as one of RTP. */
  carries?(packet: Uint8Array): readonly Uint8Array[]
}

/** One wrong stack. */
export interface Mutant {
  readonly name: string
  /** What it does wrong, as a sentence without a subject. */
  readonly does: string
  /** Made anew for each socket; absent: its words are sound. */
  meddle?(wire: Wire): Meddler
  /** What its host does otherwise; absent: nothing. */
  bend?(host: Host): Partial<Pick<Host, 'after' | 'cancel' | 'udp'>>
  /** The campaign in which it shows; absent: any with a call, such as lost-and-late. */
  readonly campaign?: string
}

const NOTHING = new Uint8Array(0)

/** The host as the mutated program sees it. */
export function mutated(sound: Host, mutant: Mutant): Host {
  const host = wrapped(sound, mutant)
  return { ...host, ...mutant.bend?.(host) }
}

function wrapped(host: Host, mutant: Mutant): Host {
  return {
    ...{ name: host.name, trace: host.trace, store: host.store, tcp: host.tcp, tls: host.tls },
    now: () => host.now(),
    monotonic: () => host.monotonic(),
    after: (delayMs, callback) => host.after(delayMs, callback),
    cancel: (timer) => host.cancel(timer),
    random: (name) => host.random(name),
    addresses: () => host.addresses(),
    endpoint: (address, port) => host.endpoint(address, port),
    resolve: (name, type, answer) => host.resolve(name, type, answer),
    udp: (options, receiver) => meddledUdp(host, mutant, options, receiver),
  }
}

function meddledUdp(host: Host, mutant: Mutant, options: UdpOptions, receiver: UdpReceiver): Result<UdpSocket> {
  const { meddle = SOUND } = mutant
  const meddled: { socket?: MeddledSocket } = {}
  const meddler = meddle({
    now: () => host.now(),
    after: (delayMs, callback) => host.after(delayMs, callback),
    send: (text) => meddled.socket?.sendMore(text),
  })
  const opened = host.udp(options, {
    received: (datagram) => receiver.received(heard(meddler, datagram)),
    failed: (to, why) => receiver.failed(to, why),
  })
  if (!opened.ok) return opened
  meddled.socket = new MeddledSocket(opened.value, meddler)
  return { ok: true, value: meddled.socket }
}

/** What the program is given of what came. */
function heard(meddler: Meddler, datagram: Datagram): Datagram {
  const word = wordOf(datagram.bytes(), 0)
  if (word === undefined) return datagram
  meddler.hears?.(word)
  const text = meddler.reads?.(word) ?? word.text
  return text === word.text ? datagram : rewritten(datagram, text)
}

/** A socket whose words the mutant changes. */
class MeddledSocket implements UdpSocket {
  readonly #socket: UdpSocket
  readonly #meddler: Meddler
  /** How often each text went to each place. */
  readonly #sent = new Map<string, number>()
  /** Where the last message went. */
  #last: Endpoint | undefined

  constructor(socket: UdpSocket, meddler: Meddler) {
    this.#socket = socket
    this.#meddler = meddler
  }

  get local(): Endpoint {
    return this.#socket.local
  }

  send(to: Endpoint, head: Uint8Array, body: Uint8Array, dscp?: number, from?: string): void {
    const bytes = joined(head, body)
    const key = `${to.address} ${to.port} ${latin1Decode(bytes)}`
    const times = this.#sent.get(key) ?? 0
    const word = wordOf(bytes, times)
    if (word === undefined) {
      const packets = this.#meddler.carries?.(bytes)
      if (packets === undefined) this.#socket.send(to, head, body, dscp, from)
      else for (const packet of packets) this.#socket.send(to, NOTHING, packet, dscp, from)
      return
    }
    this.#sent.set(key, times + 1)
    this.#last = to
    for (const one of this.#meddler.sends(word)) this.#socket.send(to, NOTHING, latin1Encode(one), dscp, from)
  }

  sendMore(text: string): void {
    if (this.#last !== undefined) this.#socket.send(this.#last, NOTHING, latin1Encode(text))
  }

  close(): void {
    this.#socket.close()
  }
}

const SOUND = (): Meddler => ({ sends: ({ text }) => [text] })

function rewritten({ from, to, dscp, arrivedMs }: Datagram, text: string): Datagram {
  const body = latin1Encode(text)
  const length = body.length
  return { from, to, dscp, length, head: NOTHING, headAt: 0, headLength: 0, body, arrivedMs, bytes: () => body }
}

function joined(head: Uint8Array, body: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(head.length + body.length)
  bytes.set(head)
  bytes.set(body, head.length)
  return bytes
}

function wordOf(bytes: Uint8Array, times: number): Word | undefined {
  if ((bytes[0] ?? 0) < 0x41) return undefined
  const parsed = parseMessage(bytes)
  if (!parsed.ok) return undefined
  const message = parsed.value
  const label = message.kind === 'request' ? message.method : `${message.status} ${message.cseq.method}`
  return { label, message, text: latin1Decode(bytes), times }
}
