// A user agent that says what a test tells it to: it answers by a script, and acknowledges what is accepted.

import type { Endpoint, Host } from '../../../platform/host.ts'
import { answer } from '../../../stack/sip/message/answer.ts'
import { change } from '../../../stack/sip/message/change.ts'
import type { Request, Response } from '../../../stack/sip/message/message.ts'
import { printUri } from '../../../stack/sip/message/uri.ts'
import type { ClientTransaction, Failure } from '../../../stack/sip/transaction/client.ts'
import { TransactionLayer } from '../../../stack/sip/transaction/layer.ts'
import type { ServerTransaction, TransactionUser } from '../../../stack/sip/transaction/server.ts'
import { RFC_TIMERS, type SipTimers } from '../../../stack/sip/transaction/timers.ts'
import { reach } from '../../../stack/sip/transport/reach.ts'
import { SipTransport } from '../../../stack/sip/transport/transport.ts'
import { requestOf } from './written.ts'

/** When, after the request, it answers with what, and with which headers besides. */
export type Answers = readonly (readonly [ms: number, status: number, ...headers: (readonly [string, string])[]])[]

export class Agent implements TransactionUser {
  readonly layer: TransactionLayer
  readonly transport: SipTransport
  /** What it heard, a line each: `105 200 INVITE`. */
  readonly heard: string[] = []
  readonly responses: Response[] = []
  readonly requests: Request[] = []
  readonly #host: Host
  readonly #answers: Readonly<Record<string, Answers>>

  /** `answers` by method; what is not there is answered 200 at once, and a CANCEL besides ends its INVITE with 487. */
  constructor(host: Host, answers: Readonly<Record<string, Answers>> = {}, timers: SipTimers = RFC_TIMERS) {
    this.#host = host
    this.#answers = answers
    this.transport = new SipTransport(host)
    this.layer = new TransactionLayer(host, this.transport, timers, this)
  }

  /** Sends `INVITE sip:bob@example.com` with these header lines to an address. */
  send(to: string, start: string, ...lines: string[]): ClientTransaction {
    const request = change(requestOf(start, ...lines, `Contact: <sip:${this.#host.name}@${this.transport.sentBy}>`), [
      { remove: 'Via' },
    ])
    return this.layer.request(request, this.endpoint(to), {
      response: (response) => this.#response(response, request),
      failed: (why, cause) => this.#hear(`${why}${cause === undefined ? '' : ` (${cause})`}`),
    })
  }

  endpoint(address: string): Endpoint {
    return this.#host.endpoint(address, 5060)
  }

  request(request: Request, server: ServerTransaction): void {
    this.requests.push(request)
    this.#hear(request.method)
    for (const [ms, status, ...headers] of this.#answers[request.method] ?? [[0, 200]]) {
      const respond = (): void =>
        server.respond(
          answer(request, status, {
            toTag: this.#host.name,
            headers: [
              ['Contact', `<sip:${this.#host.name}@${this.transport.sentBy}>`],
              ...this.#recordRoutes(request),
              ...headers,
            ],
          }),
        )
      if (ms === 0) respond()
      else this.#host.after(ms, respond)
    }
    if (request.method === 'CANCEL')
      this.layer.invited(request)?.respond(answer(this.requests[0]!, 487, { toTag: 'b' }))
  }

  ack(request: Request): void {
    this.requests.push(request)
    this.#hear('ACK')
  }

  failed(_server: ServerTransaction, why: Failure): void {
    this.#hear(`failed: ${why}`)
  }

  #recordRoutes(request: Request): [string, string][] {
    return request.all('Record-Route').map((value) => ['Record-Route', value])
  }

  #response(response: Response, request: Request): void {
    this.responses.push(response)
    this.#hear(`${response.status} ${response.cseq.method}`)
    if (request.method === 'INVITE' && response.status >= 200 && response.status < 300) this.#acknowledge(response)
  }

  /** The ACK to a 2xx: to its Contact, along its Record-Routes (RFC 3261 §13.2.2.4). */
  #acknowledge(response: Response): void {
    const contact = response.contacts === '*' ? undefined : response.contacts[0]
    const uri = contact?.uri ?? response.to.uri
    const routes = response.all('Record-Route').toReversed()
    const lines = [
      `To: ${response.first('To')}`,
      `Call-ID: ${response.callId}`,
      ...routes.map((route) => `Route: ${route}`),
    ]
    const ack = change(requestOf(`ACK ${printUri(uri)}`, ...lines), [{ remove: 'Via' }])
    reach(this.#host, ack.routes[0]?.uri ?? uri, (next) => {
      if (next !== undefined) this.layer.send(ack, next)
    })
  }

  #hear(what: string): void {
    this.heard.push(`${Math.round(this.#host.now() * 100) / 100} ${what}`)
  }
}
