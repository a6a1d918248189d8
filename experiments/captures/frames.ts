// A capture file's frames, read piece by piece: classic pcap and pcapng, either byte order, micro- or nanoseconds.

import { printAddress } from '../../platform/address.ts'
import { asciiDecode, utf8Decode } from '../../platform/text.ts'
import { joined } from './bytes.ts'
import { CaptureClock } from './captureClock.ts'
import type { ObservationPoints } from './observationPoints.ts'
import type { Remarks } from './remarks.ts'

/** One frame as it was captured. `bytes` is a view that dies with the piece it came in: copy what must live longer. */
export interface Frame {
  /** From 1, as Wireshark counts. */
  readonly number: number
  /** ns since the first frame; an integer. */
  readonly at: number
  /** A LINKTYPE of the registry: 1 is Ethernet. */
  readonly linkType: number
  /** Where it was captured, from 0. A later section's interface that is described as one before it, in the same place, is that one: captures that were joined. */
  readonly interface: number
  readonly bytes: Uint8Array
  /** A comment says that it was lost here, as the captures of a run have it. */
  readonly isLost: boolean
}

/** What a file is not. */
export interface Unreadable {
  /** The frame at which reading ended. */
  readonly packet: number
  /** What was expected there, as the end of a sentence. */
  readonly expected: string
}

/** No link has longer frames: what says so is damaged. */
const LONGEST_FRAME = 1 << 18
/** How such a comment begins. */
const LOST = 'lost: '
const LONGEST_BLOCK = 1 << 24

interface Interface {
  readonly linkType: number
  /** Units per second, and the ns of one (or a fraction of one). */
  readonly nsPerUnit: number
  readonly offsetSeconds: number
  readonly place: number
}

type Part = Frame | number | Unreadable | undefined

/** Feed it the file's pieces in order; it hands on each frame. */
export class FrameReader {
  readonly #frame: (frame: Frame) => void
  #rest = new Uint8Array(0)
  #form: 'unknown' | 'pcap' | 'pcapng' = 'unknown'
  #little = true
  readonly #points: ObservationPoints | undefined
  #interfaces: Interface[] = []
  /** By what describes an interface: its number in the file. */
  readonly #places = new Map<string, number>()
  readonly #clock: CaptureClock
  #frames = 0
  #unreadable: Unreadable | undefined

  /** `points` are told of what the file says about where it was made, `remarks` of clocks that run back. */
  constructor(frame: (frame: Frame) => void, points?: ObservationPoints, remarks?: Remarks) {
    this.#frame = frame
    this.#points = points
    this.#clock = new CaptureClock(remarks)
  }

  get frames(): number {
    return this.#frames
  }

  /** Takes the next piece; nothing more is read after something unreadable. */
  push(piece: Uint8Array): void {
    if (this.#unreadable !== undefined) return
    const bytes = this.#rest.length === 0 ? piece : joined([this.#rest, piece])
    let at = 0
    for (;;) {
      const part = this.#next(bytes, at)
      if (part === undefined) break
      if (typeof part === 'object') {
        this.#unreadable = part as Unreadable
        return
      }
      at += part as number
    }
    this.#rest = bytes.slice(at)
  }

  /** What could not be read, if anything; call it after the last piece. */
  end(): Unreadable | undefined {
    if (this.#unreadable !== undefined) return this.#unreadable
    if (this.#form === 'unknown')
      return this.#wrong(
        `a capture file: pcap or pcapng, and not cut off in its head, after ${this.#rest.length} bytes`,
      )
    return this.#rest.length === 0
      ? undefined
      : this.#wrong(`more than the ${this.#rest.length} bytes that are left of the file`)
  }

  #wrong(expected: string): Unreadable {
    return { packet: this.#frames + 1, expected }
  }

  /** How many bytes the next part had, what is wrong with it, or undefined where more bytes must come first. */
  #next(bytes: Uint8Array, at: number): Part {
    const left = bytes.length - at
    const view = new DataView(bytes.buffer, bytes.byteOffset + at, left)
    if (this.#form === 'unknown') return left < 24 ? undefined : this.#start(view)
    return this.#form === 'pcap' ? this.#record(view, bytes, at, left) : this.#block(view, bytes, at, left)
  }

  #start(view: DataView): Part {
    const magic = view.getUint32(0)
    if (magic === 0x0a0d0d0a) {
      this.#form = 'pcapng'
      return 0
    }
    this.#little = magic === 0xd4c3b2a1 || magic === 0x4d3cb2a1
    const swapped = view.getUint32(0, this.#little)
    if (swapped !== 0xa1b2c3d4 && swapped !== 0xa1b23c4d) return this.#wrong('a capture file: pcap or pcapng')
    this.#form = 'pcap'
    const linkType = view.getUint32(20, this.#little) & 0xffff
    this.#interfaces = [{ linkType, nsPerUnit: swapped === 0xa1b2c3d4 ? 1000 : 1, offsetSeconds: 0, place: 0 }]
    return 24
  }

  #record(view: DataView, bytes: Uint8Array, at: number, left: number): Part {
    if (left < 16) return undefined
    const length = view.getUint32(8, this.#little)
    if (length > LONGEST_FRAME) return this.#wrong(`a frame of at most ${LONGEST_FRAME} bytes, not ${length}`)
    if (left < 16 + length) return undefined
    const units = view.getUint32(4, this.#little)
    const ns = units * this.#interfaces[0]!.nsPerUnit
    this.#tell(view.getUint32(0, this.#little), ns, 0, bytes.subarray(at + 16, at + 16 + length))
    return 16 + length
  }

  #block(view: DataView, bytes: Uint8Array, at: number, left: number): Part {
    if (left < 12) return undefined
    const section = view.getUint32(0) === 0x0a0d0d0a
    if (section) {
      const order = view.getUint32(8)
      if (order !== 0x1a2b3c4d && order !== 0x4d3c2b1a) return this.#wrong('a section with a byte order')
      this.#little = order === 0x4d3c2b1a
      this.#interfaces = []
    }
    const type = view.getUint32(0, this.#little)
    const length = view.getUint32(4, this.#little)
    if (length < 12 || length % 4 !== 0 || length > LONGEST_BLOCK)
      return this.#wrong(`a block of 12 to ${LONGEST_BLOCK} bytes, a multiple of 4, not ${length}`)
    if (left < length) return undefined
    const body = new DataView(view.buffer, view.byteOffset + 8, length - 12)
    const from = at + 8
    if (type === 1) return this.#interface(body) ?? length
    if (type === 6 || type === 2) return this.#enhanced(body, type, bytes, from) ?? length
    if (type === 3) return this.#simple(body, bytes, from) ?? length
    if (type === 4) this.#names(body, bytes, from)
    return length
  }

  #interface(body: DataView): Unreadable | undefined {
    if (body.byteLength < 8) return this.#wrong('an interface description of 8 bytes')
    let nsPerUnit = 1000
    let offsetSeconds = 0
    let [name, description] = ['', '']
    for (let at = 8; at + 4 <= body.byteLength; ) {
      const code = body.getUint16(at, this.#little)
      const length = body.getUint16(at + 2, this.#little)
      if (code === 0 || at + 4 + length > body.byteLength) break
      if (code === 9 && length >= 1) nsPerUnit = resolution(body.getUint8(at + 4))
      if (code === 14 && length >= 8) offsetSeconds = Number(body.getBigInt64(at + 4, this.#little))
      const text = () => utf8Decode(new Uint8Array(body.buffer, body.byteOffset + at + 4, length))
      if (code === 2) name = text()
      if (code === 3) description = text()
      at += 4 + length + (-length & 3)
    }
    const linkType = body.getUint16(0, this.#little)
    const key = JSON.stringify([this.#interfaces.length, linkType, name, description])
    const place = this.#places.get(key) ?? this.#places.size
    if (!this.#places.has(key)) this.#points?.addPoint(description)
    this.#places.set(key, place)
    this.#interfaces.push({ linkType, nsPerUnit, offsetSeconds, place })
    return undefined
  }

  /** Which names addresses have: records until one of type 0. What is damaged is passed over. */
  #names(body: DataView, bytes: Uint8Array, from: number): void {
    for (let at = 0; at + 4 <= body.byteLength; ) {
      const [type, length] = [body.getUint16(at, this.#little), body.getUint16(at + 2, this.#little)]
      const end = at + 4 + length
      const size = type === 1 ? 4 : type === 2 ? 16 : 0
      if (type === 0 || end > body.byteLength) return
      if (size > 0 && length > size) {
        const address = printAddress(bytes.subarray(from + at + 4, from + at + 4 + size))
        const names = utf8Decode(bytes.subarray(from + at + 4 + size, from + end)).split('\0')
        for (const name of names) if (name !== '') this.#points?.addName(address, name)
      }
      at = end + (-length & 3)
    }
  }

  #enhanced(body: DataView, type: number, bytes: Uint8Array, from: number): Unreadable | undefined {
    if (body.byteLength < 20) return this.#wrong('a packet block of 20 bytes')
    const number = type === 6 ? body.getUint32(0, this.#little) : body.getUint16(0, this.#little)
    const length = body.getUint32(12, this.#little)
    const captured = this.#interfaces[number]
    if (captured === undefined) return this.#wrong(`an interface that was described before, not number ${number}`)
    if (length > body.byteLength - 20)
      return this.#wrong(`at most ${body.byteLength - 20} bytes of packet, not ${length}`)
    const units = (BigInt(body.getUint32(4, this.#little)) << 32n) | BigInt(body.getUint32(8, this.#little))
    const perSecond = BigInt(Math.round(1e9 / captured.nsPerUnit))
    const seconds = Number(units / perSecond) + captured.offsetSeconds
    this.#tell(
      seconds,
      Math.round(Number(units % perSecond) * captured.nsPerUnit),
      number,
      bytes.subarray(from + 20, from + 20 + length),
      type === 6 && this.#saysLost(body, 20 + length + (-length & 3)),
    )
    return undefined
  }

  /** Looks through a packet's options for a comment that says so. */
  #saysLost(body: DataView, from: number): boolean {
    for (let at = from; at + 4 <= body.byteLength; ) {
      const [code, length] = [body.getUint16(at, this.#little), body.getUint16(at + 2, this.#little)]
      if (code === 0 || at + 4 + length > body.byteLength) return false
      const start = new Uint8Array(body.buffer, body.byteOffset + at + 4, Math.min(length, LOST.length))
      if (code === 1 && asciiDecode(start) === LOST) return true
      at += 4 + length + (-length & 3)
    }
    return false
  }

  #simple(body: DataView, bytes: Uint8Array, from: number): Unreadable | undefined {
    if (body.byteLength < 4 || this.#interfaces.length === 0)
      return this.#wrong('an interface that was described before')
    const length = Math.min(body.getUint32(0, this.#little), body.byteLength - 4)
    this.#frames += 1
    const { linkType, place } = this.#interfaces[0]!
    this.#frame({
      number: this.#frames,
      at: this.#clock.last,
      linkType,
      interface: place,
      bytes: bytes.subarray(from + 4, from + 4 + length),
      isLost: false,
    })
    return undefined
  }

  #tell(seconds: number, ns: number, number: number, bytes: Uint8Array, isLost = false): void {
    this.#frames += 1
    const { linkType, place } = this.#interfaces[number]!
    const at = this.#clock.at(place, seconds, ns, this.#frames)
    this.#frame({ number: this.#frames, at, linkType, interface: place, bytes, isLost })
  }
}

/** if_tsresol: a power of ten, or of two where the highest bit is set; ns of one unit. */
function resolution(code: number): number {
  let unit = 1e9
  for (let power = code & 0x7f; power > 0 && unit > 1e-9; power--) unit /= code >= 0x80 ? 2 : 10
  return unit
}
