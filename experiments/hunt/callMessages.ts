// Who has sent what decides how a call goes, and who has received it: over UDP in packets, over connections in what programs write and read.

import type { PacketLabel, TraceRecord } from '../../platform/trace.ts'
import { Listener, TCP_MACHINE } from '../oracles/listener.ts'

/** `answer`: a final response to INVITE. */
export type CallMessage = 'answer' | 'BYE' | 'CANCEL'

/** A fold over a run's record; several oracles share one. */
export class CallMessages {
  /** `node Call-ID word`. */
  readonly #sent = new Set<string>()
  readonly #received = new Set<string>()
  /** Calls to which somebody has given a final response. */
  readonly #answered = new Set<string>()
  /** Calls of which something went over a connection. */
  readonly #streamed = new Set<string>()
  readonly #listener = new Listener()

  record(record: TraceRecord): void {
    switch (record.kind) {
      case 'sent':
      case 'delivered': {
        const { protocol, label } = record.packet
        // A segment that was delivered waits for those before it: what is heard of a stream is what is read.
        if (protocol !== 'tcp') this.#note(record.kind === 'sent', record.id.node, label)
        return
      }
      case 'written':
      case 'read':
        this.#listen(record)
        return
      case 'transition':
        if (record.machine === TCP_MACHINE) this.#listener.step(record)
        return
      case 'faulted':
        if (record.what === 'crash' || record.what === 'kill') this.#listener.forget(record.id.node)
    }
  }

  hasSent(node: string, call: string, word: CallMessage): boolean {
    return this.#sent.has(`${node} ${call} ${word}`)
  }

  hasReceived(node: string, call: string, word: CallMessage): boolean {
    return this.#received.has(`${node} ${call} ${word}`)
  }

  /** Whether anybody has answered the call's INVITE: its callee, or a proxy that has given it up. */
  wasAnswered(call: string): boolean {
    return this.#answered.has(call)
  }

  /** Whether something of the call went over a connection, where it may wait, and which may break. */
  wasStreamed(call: string): boolean {
    return this.#streamed.has(call)
  }

  #listen(piece: TraceRecord & { readonly kind: 'written' | 'read' }): void {
    for (const seen of this.#listener.hear(piece)) {
      if (seen.kind !== 'sip') continue
      const { message } = seen
      this.#streamed.add(message.callId)
      const name = message.kind === 'request' ? message.method : `${message.status} ${message.cseq.method}`
      this.#note(piece.kind === 'written', piece.id.node, { name, call: message.callId })
    }
  }

  #note(out: boolean, node: string, { name, call }: Pick<PacketLabel, 'name' | 'call'>): void {
    const word = name.endsWith(' INVITE') && name >= '2' ? 'answer' : name
    if (word !== 'answer' && word !== 'BYE' && word !== 'CANCEL') return
    const those = out ? this.#sent : this.#received
    those.add(`${node} ${call ?? ''} ${word}`)
    if (out && word === 'answer') this.#answered.add(call ?? '')
  }
}
