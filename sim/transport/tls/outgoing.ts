// What one side of a TLS connection sends: messages gathered to flights, records, alerts.

import type { Connection } from '../../../platform/connection.ts'
import type { TlsVersion } from '../../../platform/tls.ts'
import { ALERTS, type AlertName, MESSAGES } from './handshake.ts'
import {
  ALERT,
  APPLICATION_DATA,
  CHANGE_CIPHER_SPEC,
  HANDSHAKE,
  LONGEST_PLAIN,
  type Protection,
  writeRecord,
} from './record.ts'
import { joined, vector } from './vector.ts'

/** Everything goes through here, so that records are numbered in their order. */
export class Outgoing {
  readonly #plain: boolean
  #lower: Connection | undefined
  #protection: Protection | undefined
  #sequence = 0
  /** A flight is one piece on the wire. */
  #flight: Uint8Array[] = []

  /** `plain`: what is protected stands in the clear. */
  constructor(plain: boolean) {
    this.#plain = plain
  }

  /** The TCP connection that carries it; once, at the beginning. */
  over(lower: Connection): void {
    this.#lower = lower
  }

  /** From the next record on. */
  protect(version: TlsVersion): void {
    this.#protection = { version, plain: this.#plain }
    this.#sequence = 0
  }

  /** Adds a handshake message to the flight. */
  say(name: keyof typeof MESSAGES, body: Uint8Array): void {
    const message = joined(Uint8Array.of(MESSAGES[name]), vector(3, body))
    for (let at = 0; at < message.length; at += LONGEST_PLAIN) {
      this.#flight.push(this.#write(HANDSHAKE, message, at, Math.min(LONGEST_PLAIN, message.length - at)))
    }
  }

  changeCipherSpec(): void {
    this.#flight.push(writeRecord(CHANGE_CIPHER_SPEC, Uint8Array.of(1), 0, 1, undefined, 0))
  }

  /** Sends the flight. */
  flush(): void {
    if (this.#flight.length === 0) return
    const flight = this.#flight
    this.#flight = []
    this.#lower!.send(joined(...flight))
  }

  /** Sends application data in as many records as it needs; false: better wait. */
  data(bytes: Uint8Array): boolean {
    this.flush()
    let more = true
    for (let at = 0; at < bytes.length; at += LONGEST_PLAIN) {
      more = this.#lower!.send(this.#write(APPLICATION_DATA, bytes, at, Math.min(LONGEST_PLAIN, bytes.length - at)))
    }
    return more
  }

  /** Sends an alert after what waits; 1 is a warning, 2 fatal. */
  alert(level: 1 | 2, name: AlertName): void {
    this.flush()
    this.#lower!.send(this.#write(ALERT, Uint8Array.of(level, ALERTS[name]), 0, 2))
  }

  #write(type: number, body: Uint8Array, at: number, length: number): Uint8Array {
    return writeRecord(type, body, at, length, this.#protection, this.#sequence++)
  }
}
