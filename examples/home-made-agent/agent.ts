// The same agent after its tests: it repeats what may be lost, knows what it has answered, and gives up in the end.

import type { Datagram, Endpoint, Host, Program, RunningProgram, UdpSocket } from 'siptwin/platform'
import { answerTo, branchOf, header, type Message, read, sdp } from './message.ts'

export const agent: Program<undefined> = { name: 'agent', start: (host) => new Agent(host) }

const T1_MS = 500
const T2_MS = 4000
const NOTHING = new Uint8Array(0)

/** An INVITE, and how it was answered so far. */
interface Call {
  readonly invite: Message
  readonly from: Endpoint
  readonly tag: string
  /** What was said last. */
  said: string
  state: 'ringing' | 'refused' | 'answered' | 'over'
  /** Stops what is being repeated. */
  stop: () => void
}

class Agent implements RunningProgram {
  readonly #host: Host
  readonly #socket: UdpSocket | undefined
  /** By branch. */
  readonly #calls = new Map<string, Call>()
  /** Other requests, by branch and method: what was answered. Kept for 64·T1, so that a repeat gets the same (Timer J). */
  readonly #answered = new Map<string, string>()
  /** Requests of our own that wait for an answer, by branch. */
  readonly #waiting = new Map<string, () => void>()

  constructor(host: Host) {
    this.#host = host
    const opened = host.udp(
      { port: 5060 },
      { received: (datagram) => this.#received(datagram), failed: () => undefined },
    )
    this.#socket = opened.ok ? opened.value : undefined
  }

  #received(datagram: Datagram): void {
    const message = read(datagram)
    if (message === undefined) return
    const branch = branchOf(message)
    if (!message.isRequest) {
      if (Number(message.what) >= 200) this.#waiting.get(branch)?.()
      return
    }
    const call = this.#calls.get(branch)
    if (message.what === 'INVITE') {
      if (call === undefined) this.#ring(message, datagram, branch)
      else if (call.state === 'ringing' || call.state === 'refused') this.#send(call.from, call.said)
    } else if (message.what === 'ACK') this.#acknowledged(message, call)
    else this.#answer(message, datagram, `${branch} ${message.what}`)
  }

  #ring(invite: Message, datagram: Datagram, branch: string): void {
    const tag = `tag${this.#host.random('tag').below(1e9)}`
    const { from } = datagram
    const call: Call = { invite, from, tag, said: '', state: 'ringing', stop: () => undefined }
    this.#calls.set(branch, call)
    this.#say(call, answerTo(invite, datagram, '180 Ringing', tag))
    const answer = this.#host.after(1000, () => this.#pickUp(call))
    call.stop = () => this.#host.cancel(answer)
  }

  #pickUp(call: Call): void {
    const [address = ''] = this.#host.addresses()
    const more = [`Contact: <sip:agent@${address}>`, 'Content-Type: application/sdp']
    call.state = 'answered'
    this.#say(call, answerTo(call.invite, call, '200 OK', call.tag, more, sdp(address, call.invite.body)))
    call.stop = this.#repeat(
      () => this.#send(call.from, call.said),
      () => this.#hangUp(call),
    )
  }

  #refuse(call: Call): void {
    call.stop()
    call.state = 'refused'
    this.#say(call, answerTo(call.invite, call, '487 Request Terminated', call.tag))
    call.stop = this.#repeat(
      () => this.#send(call.from, call.said),
      () => {
        call.state = 'over'
      },
    )
  }

  /** An ACK of a refusal has the INVITE's branch; one of an answer has its own. */
  #acknowledged(ack: Message, refused: Call | undefined): void {
    const call = refused ?? this.#callOf(ack)
    if (call === undefined || call.state === 'ringing') return
    call.stop()
    if (call.state === 'refused') call.state = 'over'
  }

  /** Anything but INVITE and ACK: answered once, and the same again to each repeat. */
  #answer(request: Message, datagram: Datagram, key: string): void {
    let text = this.#answered.get(key)
    if (text === undefined) {
      text = this.#decide(request, datagram)
      this.#answered.set(key, text)
      this.#host.after(64 * T1_MS, () => this.#answered.delete(key))
    }
    this.#send(datagram.from, text)
  }

  #decide(request: Message, datagram: Datagram): string {
    const gone = '481 Call/Transaction Does Not Exist'
    if (request.what === 'OPTIONS') return answerTo(request, datagram, '200 OK', 'options')
    if (request.what === 'CANCEL') {
      const call = this.#calls.get(branchOf(request))
      if (call?.state === 'ringing') this.#refuse(call)
      return answerTo(request, datagram, call === undefined ? gone : '200 OK', call?.tag ?? 'none')
    }
    if (request.what !== 'BYE') {
      const allowed = ['Allow: INVITE, ACK, CANCEL, BYE, OPTIONS']
      return answerTo(request, datagram, '405 Method Not Allowed', 'none', allowed)
    }
    const call = this.#callOf(request)
    if (call?.state === 'ringing') this.#refuse(call)
    else if (call?.state === 'answered') {
      call.stop()
      call.state = 'over'
    }
    return answerTo(request, datagram, call === undefined ? gone : '200 OK', 'none')
  }

  /** Nobody acknowledged the answer for 64·T1: the call is ended with a BYE (RFC 3261 §13.3.1.4). */
  #hangUp(call: Call): void {
    call.state = 'over'
    const [address = ''] = this.#host.addresses()
    const branch = `z9hG4bK${this.#host.random('branch').below(1e9)}`
    const target = /<([^>]*)>/.exec(header(call.invite, 'contact'))?.[1] ?? ''
    const lines = [
      ...[`BYE ${target} SIP/2.0`, `Via: SIP/2.0/UDP ${address}:5060;branch=${branch};rport`, 'Max-Forwards: 70'],
      ...[`From: ${header(call.invite, 'to')};tag=${call.tag}`, `To: ${header(call.invite, 'from')}`],
      ...[`Call-ID: ${header(call.invite, 'call-id')}`, 'CSeq: 1 BYE', 'Content-Length: 0', '', ''],
    ]
    const text = lines.join('\r\n')
    this.#send(call.from, text)
    const forget = (): void => void this.#waiting.delete(branch)
    const stop = this.#repeat(() => this.#send(call.from, text), forget)
    this.#waiting.set(branch, () => {
      stop()
      forget()
    })
  }

  /** By what a request within a dialog names: the Call-ID and our tag. */
  #callOf(request: Message): Call | undefined {
    const id = header(request, 'call-id')
    const to = header(request, 'to')
    return [...this.#calls.values()].find(
      (call) => header(call.invite, 'call-id') === id && to.endsWith(`;tag=${call.tag}`),
    )
  }

  /** Again after T1, doubling to T2, for 64·T1 in all; then `giveUp`. Gives what stops it. */
  #repeat(again: () => void, giveUp: () => void): () => void {
    let waitMs = T1_MS
    let timer = this.#host.after(waitMs, next.bind(this))
    const end = this.#host.after(64 * T1_MS, () => {
      this.#host.cancel(timer)
      giveUp()
    })
    function next(this: Agent): void {
      again()
      waitMs = Math.min(2 * waitMs, T2_MS)
      timer = this.#host.after(waitMs, next.bind(this))
    }
    return () => {
      this.#host.cancel(timer)
      this.#host.cancel(end)
    }
  }

  #say(call: Call, text: string): void {
    call.said = text
    this.#send(call.from, text)
  }

  #send(to: Endpoint, text: string): void {
    this.#socket?.send(to, new TextEncoder().encode(text), NOTHING)
  }

  do(): undefined {
    return undefined
  }

  stop(): void {
    this.#socket?.close()
  }
}
