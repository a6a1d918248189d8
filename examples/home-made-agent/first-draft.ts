// A user agent as one writes it on the first afternoon: it rings, answers after a second, and takes the BYE. On a good network it works.

import type { Datagram, Host, Program, RunningProgram } from 'siptwin/platform'
import { answerTo, header, type Message, read, sdp } from './message.ts'

export const firstDraft: Program<undefined> = { name: 'first draft', start: (host) => new Agent(host) }

class Agent implements RunningProgram {
  readonly #host: Host
  readonly #calls = new Map<string, { readonly invite: Message; readonly tag: string }>()
  #send: (datagram: Datagram, text: string) => void = () => undefined

  constructor(host: Host) {
    this.#host = host
    const socket = host.udp(
      { port: 5060 },
      { received: (datagram) => this.#received(datagram), failed: () => undefined },
    )
    if (!socket.ok) return
    this.#send = ({ from }, text) => socket.value.send(from, new TextEncoder().encode(text), new Uint8Array(0))
  }

  #received(datagram: Datagram): void {
    const message = read(datagram)
    if (message === undefined || !message.isRequest || message.what === 'ACK') return
    const call = header(message, 'call-id')
    if (message.what === 'INVITE') this.#ring(message, datagram, call)
    else if (message.what === 'OPTIONS') this.#send(datagram, answerTo(message, datagram, '200 OK', 'options'))
    else if (message.what === 'BYE') {
      const status = this.#calls.delete(call) ? '200 OK' : '481 Call/Transaction Does Not Exist'
      this.#send(datagram, answerTo(message, datagram, status, 'bye'))
    } else if (message.what === 'CANCEL') {
      const known = this.#calls.get(call)
      this.#calls.delete(call)
      this.#send(datagram, answerTo(message, datagram, '200 OK', known?.tag ?? 'cancel'))
      if (known !== undefined)
        this.#send(datagram, answerTo(known.invite, datagram, '487 Request Terminated', known.tag))
    }
  }

  #ring(invite: Message, { from }: Datagram, call: string): void {
    const tag = `tag${this.#host.random('tag').below(1e9)}`
    const caller = { from } as Datagram
    this.#calls.set(call, { invite, tag })
    this.#send(caller, answerTo(invite, caller, '180 Ringing', tag))
    this.#host.after(1000, () => {
      if (!this.#calls.has(call)) return
      const [address = ''] = this.#host.addresses()
      const more = [`Contact: <sip:agent@${address}>`, 'Content-Type: application/sdp']
      this.#send(caller, answerTo(invite, caller, '200 OK', tag, more, sdp(address, invite.body)))
    })
  }

  do(): undefined {
    return undefined
  }

  stop(): void {}
}
