// Writes a DNS message (RFC 1035 §4.1), names compressed; what does not fit is left out, and TC says so (§4.1.1).

import { put16, put32, writeData } from './data.ts'
import { type DnsMessage, type Resource, TYPE_NUMBERS } from './message.ts'
import { type NamePlaces, writeName } from './name.ts'

const IN = 1
const OPT = 41
const OPT_BYTES = 11

/** The message in at most `limitBytes`: records that do not fit go from the end, TC being set unless only additional ones went (RFC 2181 §9). */
export function printDns(message: DnsMessage, limitBytes = 65535): Uint8Array {
  const { questions, answers, authorities, additionals, udpBytes } = message
  const places: NamePlaces = new Map()
  const bytes: number[] = new Array(12).fill(0)
  for (const { name, type } of questions) {
    writeName(bytes, name, places)
    put16(bytes, type)
    put16(bytes, IN)
  }
  const room = limitBytes - (udpBytes === undefined ? 0 : OPT_BYTES)
  const counts = [questions.length, 0, 0, udpBytes === undefined ? 0 : 1]
  let isTruncated = message.isTruncated
  let isFull = false
  for (const [section, resources] of [answers, authorities, additionals].entries()) {
    for (const resource of resources) {
      isFull ||= !writeWithin(bytes, resource, places, room)
      if (!isFull) counts[section + 1]!++
      else if (section < 2) isTruncated = true
    }
  }
  if (udpBytes !== undefined) writeOpt(bytes, udpBytes)
  const header: number[] = []
  put16(header, message.id)
  put16(header, flagsOf(message, isTruncated))
  for (const count of counts) put16(header, count)
  return Uint8Array.from([...header, ...bytes.slice(12)])
}

function flagsOf(message: DnsMessage, isTruncated: boolean): number {
  return (
    (message.isResponse ? 0x8000 : 0) |
    (message.opcode << 11) |
    (message.isAuthoritative ? 0x0400 : 0) |
    (isTruncated ? 0x0200 : 0) |
    (message.recursionDesired ? 0x0100 : 0) |
    (message.recursionAvailable ? 0x0080 : 0) |
    message.code
  )
}

/** False where there is no room: then nothing is written. */
function writeWithin(bytes: number[], resource: Resource, places: NamePlaces, room: number): boolean {
  const start = bytes.length
  writeName(bytes, resource.name, places)
  put16(bytes, typeof resource.type === 'number' ? resource.type : TYPE_NUMBERS[resource.type])
  put16(bytes, IN)
  put32(bytes, resource.ttlSeconds)
  const lengthAt = bytes.length
  put16(bytes, 0)
  writeData(bytes, resource, places)
  const length = bytes.length - lengthAt - 2
  bytes[lengthAt] = length >> 8
  bytes[lengthAt + 1] = length & 255
  if (bytes.length <= room) return true
  bytes.length = start
  return false
}

/** RFC 6891 §6.1.2. */
function writeOpt(bytes: number[], udpBytes: number): void {
  bytes.push(0)
  put16(bytes, OPT)
  put16(bytes, udpBytes)
  put32(bytes, 0)
  put16(bytes, 0)
}
