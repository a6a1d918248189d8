// Reads a trace's lines back: any bytes give records or an issue that names the line.

import { failure, type Issue, type Result, success } from '../../platform/result.ts'
import { utf8Encode } from '../../platform/text.ts'
import type { PacketLabel, RecordId, TracedFragment, TracedPacket, TraceRecord } from '../../platform/trace.ts'
import { Recent } from '../recent.ts'
import { REMEMBERED } from './write.ts'

type Fields = Readonly<Record<string, unknown>>
type Shape = 'text' | 'over' | 'count' | 'packet' | 'object' | 'place' | 'bytes'

/** What each kind of record has besides its time, name and cause. */
const SHAPES: Readonly<Record<TraceRecord['kind'], Readonly<Record<string, Shape>>>> = {
  sent: { packet: 'packet', link: 'text', ttl: 'count' },
  forwarded: { packet: 'packet', link: 'text', ttl: 'count' },
  translated: { before: 'packet', packet: 'packet' },
  queued: { packet: 'packet', link: 'text', waitNs: 'count' },
  duplicated: { packet: 'packet', link: 'text' },
  corrupted: { packet: 'packet', link: 'text' },
  lost: { packet: 'packet', link: 'text', why: 'text' },
  delivered: { packet: 'packet', link: 'text', ttl: 'count' },
  fragmented: { packet: 'packet', link: 'text', into: 'count', mtuBytes: 'count' },
  reassembled: { packet: 'packet', from: 'count' },
  transition: { machine: 'text', instance: 'text', from: 'text', event: 'text', to: 'text' },
  remark: { what: 'text', details: 'object' },
  written: { over: 'over', local: 'place', remote: 'place', bytes: 'bytes' },
  read: { over: 'over', local: 'place', remote: 'place', bytes: 'bytes' },
  asked: { verb: 'text', parameters: 'object' },
  faulted: { what: 'text', details: 'object' },
}
const PROTOCOLS: readonly unknown[] = ['udp', 'tcp', 'icmp']

/** Reads the lines of one trace, in their order. */
export class TraceReader {
  readonly #packets = new Recent<string, TracedPacket>(REMEMBERED)
  #line = 0

  /** The record of the next line. */
  read(line: string): Result<TraceRecord> {
    this.#line += 1
    const json = parseObject(line)
    if (json === undefined) return this.#fail('', 'a JSON object')
    const { at, kind } = json
    if (!isCount(at)) return this.#fail('at', 'a time in ns, an integer of 0 or more')
    const id = parseRecordId(json.id)
    if (id === undefined) return this.#fail('id', 'the name of a record such as alice#12')
    const cause = json.cause === null ? null : parseRecordId(json.cause)
    if (cause === undefined) return this.#fail('cause', 'null or the name of a record such as alice#12')
    const shapes =
      typeof kind === 'string' && Object.hasOwn(SHAPES, kind) ? SHAPES[kind as TraceRecord['kind']] : undefined
    if (shapes === undefined) return this.#fail('kind', `one of ${Object.keys(SHAPES).join(', ')}`)
    const record: Record<string, unknown> = { kind, id, at, cause }
    for (const [name, shape] of Object.entries(shapes)) {
      const value = this.#value(json[name], shape)
      if (value === undefined) return this.#fail(name, EXPECTED[shape])
      record[name] = value
    }
    if (kind === 'transition' && typeof json.timer === 'string') record.timer = json.timer
    return success(record as unknown as TraceRecord)
  }

  #value(value: unknown, shape: Shape): unknown {
    if (shape === 'text') return typeof value === 'string' ? value : undefined
    if (shape === 'over') return value === 'tcp' || value === 'tls' ? value : undefined
    if (shape === 'count') return isCount(value) ? value : undefined
    if (shape === 'object') return isObject(value) ? value : undefined
    if (shape === 'place') return isPlace(value) ? value : undefined
    if (shape === 'bytes') return isObject(value) ? parsePayload(value) : undefined
    if (typeof value === 'string') return this.#packets.get(value)
    const packet = isObject(value) ? parsePacket(value) : undefined
    if (packet !== undefined && isObject(value)) this.#packets.set(String(value.id), packet)
    return packet
  }

  #fail(field: string, expected: string): { readonly ok: false; readonly issue: Issue } {
    return failure(`line ${this.#line}${field === '' ? '' : `: ${field}`}`, expected)
  }
}

const EXPECTED: Readonly<Record<Shape, string>> = {
  text: 'a string',
  over: 'tcp or tls',
  count: 'an integer of 0 or more',
  object: 'an object',
  place: 'an address and a port',
  bytes: 'bytes as text or hex',
  packet: 'a packet, or the name of one that was printed before',
}

/** Reads `alice#12`; undefined for anything else. */
export function parseRecordId(text: unknown): RecordId | undefined {
  const match = typeof text === 'string' ? /^(.+)#([1-9]\d{0,9})$/.exec(text) : null
  return match === null ? undefined : { node: match[1] as string, sequence: Number(match[2]) }
}

function parsePacket(fields: Fields): TracedPacket | undefined {
  const id = parseRecordId(fields.id)
  const { protocol, source, sourcePort, destination, destinationPort, dscp, length } = fields
  const label = isObject(fields.label) ? parseLabel(fields.label) : undefined
  const payload = parsePayload(fields)
  if (id === undefined || label === undefined || payload === undefined || !PROTOCOLS.includes(protocol))
    return undefined
  if (typeof source !== 'string' || typeof destination !== 'string') return undefined
  const counts = [sourcePort, destinationPort, dscp, length]
  if (!counts.every(isCount)) return undefined
  const ends = { source, sourcePort, destination, destinationPort } as TracedPacket
  const fragment = fields.fragment === undefined ? undefined : parseFragment(fields.fragment)
  if (fields.fragment !== undefined && fragment === undefined) return undefined
  return {
    ...{ ...ends, id, protocol: protocol as 'udp', dscp: dscp as number, length: length as number, label, payload },
    ...(fields.dontFragment === true && { dontFragment: true }),
    ...(fragment && { fragment }),
  }
}

function parseFragment(fields: unknown): TracedFragment | undefined {
  if (!isObject(fields)) return undefined
  const of = parseRecordId(fields.of)
  const { identification, offset, more } = fields
  if (of === undefined || !isCount(identification) || !isCount(offset) || typeof more !== 'boolean') return undefined
  return { of, identification: identification as number, offset: offset as number, more }
}

function parseLabel({ name, media, call, begins, stream, sequence }: Fields): PacketLabel | undefined {
  if (typeof name !== 'string' || typeof media !== 'boolean') return undefined
  return {
    ...{ name, media },
    ...(typeof call === 'string' ? { call } : {}),
    ...(begins === true ? { begins } : {}),
    ...(isCount(stream) ? { stream } : {}),
    ...(isCount(sequence) ? { sequence } : {}),
  }
}

function parsePayload({ text, hex }: Fields): Uint8Array | undefined {
  if (typeof text === 'string') return utf8Encode(text)
  if (typeof hex !== 'string' || hex.length % 2 === 1 || !/^[0-9a-f]*$/.test(hex)) return undefined
  const bytes = new Uint8Array(hex.length / 2)
  for (let at = 0; at < bytes.length; at += 1) bytes[at] = Number.parseInt(hex.slice(2 * at, 2 * at + 2), 16)
  return bytes
}

function parseObject(line: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(line)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isPlace(value: unknown): boolean {
  return isObject(value) && typeof value.address === 'string' && isCount(value.port)
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}
