// Reads a DNS message (RFC 1035 §4.1): any bytes give a message, or say what is wrong with them, in a time that goes with their number.

import { failure, type Result, success } from '../../platform/result.ts'
import { readData } from './data.ts'
import type { DnsMessage, Question, Resource } from './message.ts'
import { readName } from './name.ts'

const HEADER_BYTES = 12
const IN = 1
const OPT = 41
/** A TTL has 31 bits; one with the highest set is none (RFC 2181 §8). */
const TTL_BITS = 0x80000000

/** The message, or the first thing that is wrong with the bytes, and where. */
export function parseDns(bytes: Uint8Array): Result<DnsMessage> {
  if (bytes.length < HEADER_BYTES) return failure('byte 0', `a header of ${HEADER_BYTES} bytes, not ${bytes.length}`)
  const reader = new Reader(bytes)
  const [id, flags, ...counts] = [0, 2, 4, 6, 8, 10].map((at) => (bytes[at]! << 8) | bytes[at + 1]!) as [
    number,
    number,
    ...number[],
  ]
  const questions = reader.questions(counts[0]!)
  const answers = reader.resources(counts[1]!)
  const authorities = reader.resources(counts[2]!)
  const additionals = reader.resources(counts[3]!)
  if (reader.wrong === undefined && reader.at < bytes.length) reader.fail('nothing more')
  if (reader.wrong !== undefined) return reader.wrong
  return success({
    ...{ id, isResponse: (flags & 0x8000) !== 0, opcode: (flags >> 11) & 15, code: flags & 15 },
    ...{ isAuthoritative: (flags & 0x0400) !== 0, isTruncated: (flags & 0x0200) !== 0 },
    ...{ recursionDesired: (flags & 0x0100) !== 0, recursionAvailable: (flags & 0x0080) !== 0 },
    ...{ questions, answers, authorities, additionals },
    ...(reader.udpBytes !== undefined && { udpBytes: reader.udpBytes }),
  })
}

class Reader {
  readonly #bytes: Uint8Array
  at = HEADER_BYTES
  wrong: ReturnType<typeof failure> | undefined
  udpBytes: number | undefined

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  fail(expected: string): void {
    this.wrong ??= failure(`byte ${this.at}`, expected)
  }

  questions(count: number): Question[] {
    const made: Question[] = []
    for (let i = 0; i < count && this.wrong === undefined; i++) {
      const name = this.#name()
      const [type, kind] = [this.#uint16(), this.#uint16()]
      if (kind !== IN) this.fail(`a question of class IN, not ${kind}`)
      made.push({ name, type })
    }
    return made
  }

  resources(count: number): Resource[] {
    const made: Resource[] = []
    for (let i = 0; i < count && this.wrong === undefined; i++) {
      const name = this.#name()
      const [type, kind] = [this.#uint16(), this.#uint16()]
      const ttl = this.#uint16() * 65536 + this.#uint16()
      const length = this.#uint16()
      const to = this.at + length
      if (to > this.#bytes.length) this.fail(`${length} bytes of a record's data`)
      if (this.wrong !== undefined) break
      if (type === OPT) {
        if (this.udpBytes !== undefined) this.fail('one OPT record at most')
        this.udpBytes = kind
      } else if (kind !== IN) this.fail(`a record of class IN, not ${kind}`)
      else {
        const data = readData(type, this.#bytes, this.at, to)
        if (data === undefined) this.fail(`the data of a record of type ${type}`)
        else made.push({ name, ttlSeconds: ttl >= TTL_BITS ? 0 : ttl, ...data })
      }
      this.at = to
    }
    return made
  }

  #name(): string {
    const read = this.wrong === undefined ? readName(this.#bytes, this.at) : undefined
    if (read === undefined) {
      this.fail('a domain name')
      return '.'
    }
    this.at = read.next
    return read.name
  }

  #uint16(): number {
    const [high, low] = [this.#bytes[this.at], this.#bytes[this.at + 1]]
    if (high === undefined || low === undefined) {
      this.fail('more bytes')
      return 0
    }
    this.at += 2
    return (high << 8) | low
  }
}
