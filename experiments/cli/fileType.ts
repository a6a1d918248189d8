// What a file is that is not what a command reads, by its first bytes, and what to do with it.

import { shellWord } from './shell.ts'

/** The kinds of files that are told apart. */
export type FileType =
  | 'empty'
  | 'capture'
  | 'other capture'
  | 'compressed'
  | 'message'
  | 'record'
  | 'document'
  | 'other'

/** Captures: pcap in both byte orders and with nanoseconds, pcapng. */
const CAPTURES = ['d4c3b2a1', 'a1b2c3d4', '4d3cb2a1', 'a1b23c4d', '0a0d0d0a']
/** Those of other programs: pcap with longer records, snoop, Microsoft's Network Monitor. */
const OTHER_CAPTURES = ['34cdb2a1', 'a1b2cd34', '736e6f6f', '474d4255', '52545353']
/** What takes these apart again. */
const COMPRESSED: Readonly<Record<string, string>> = {
  '1f8b': 'gunzip -k',
  '425a68': 'bunzip2 -k',
  fd377a58: 'unxz -k',
  '28b52ffd': 'unzstd',
  '04224d18': 'unlz4',
  '504b0304': 'unzip',
}

/** By the first bytes of a file; a hundred are enough. */
export function fileTypeOf(start: Uint8Array): FileType {
  if (start.length === 0) return 'empty'
  const magic = magicOf(start)
  if (CAPTURES.includes(magic)) return 'capture'
  if (OTHER_CAPTURES.includes(magic)) return 'other capture'
  if (decompressor(start) !== undefined) return 'compressed'
  const text = new TextDecoder('latin1').decode(start.subarray(0, 400))
  if (/^(?:\r\n)*(?:SIP\/2\.0 \d{3} |[A-Z]+ sips?:[^ ]+ SIP\/2\.0)/.test(text)) return 'message'
  if (/^\{"at":\d+,"id":"/.test(text)) return 'record'
  return /^[\t\r\n -~\x80-\xff]*$/.test(text) ? 'document' : 'other'
}

/** Why `file` is no capture, and where to go from here. */
export function noCapture(file: string, start: Uint8Array): string {
  switch (fileTypeOf(start)) {
    case 'empty':
      return `${file} is empty: even a capture without packets begins with a head. Whatever wrote it was stopped before it had anything to write, or its disk was full`
    case 'compressed':
      return `${file} is compressed: ${decompressor(start)} ${shellWord(file)}, and audit what comes out of it`
    case 'other capture':
      return `${file} is a capture in a form that is not read here: editcap -F pcapng ${shellWord(file)} again.pcapng (it is part of Wireshark), and audit that`
    case 'message':
      return `${file} is a SIP message, no capture: siptwin explain ${shellWord(file)}`
    case 'record':
      return `${file} is the record of a run, no capture: audit capture.pcapng beside it`
    case 'document':
      return `${file} is a text, no capture: expected pcap or pcapng`
    default:
      return `${file} is no capture: expected pcap or pcapng`
  }
}

/** Why a file cannot be the document that is wanted; undefined where it may be. */
export function noDocument(file: string, start: Uint8Array): string | undefined {
  switch (fileTypeOf(start)) {
    case 'capture':
    case 'other capture':
      return `${file} is a capture of packets, no document: siptwin audit ${shellWord(file)}`
    case 'compressed':
      return `${file} is compressed: ${decompressor(start)} ${shellWord(file)}, and name what comes out of it`
    case 'message':
      return `${file} is a SIP message, no document: siptwin explain ${shellWord(file)}`
    case 'record':
      return `${file} is the record of a run, no document: name the manifest.json beside it`
    case 'other':
      return isUtf16(start)
        ? `${file} is text in UTF-16: save it as UTF-8`
        : `${file} is no text: expected a document in YAML or JSON`
    default:
      return undefined
  }
}

function isUtf16([first, second]: Uint8Array): boolean {
  return (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)
}

function decompressor(start: Uint8Array): string | undefined {
  const magic = magicOf(start)
  return COMPRESSED[magic] ?? COMPRESSED[magic.slice(0, 6)] ?? COMPRESSED[magic.slice(0, 4)]
}

function magicOf(start: Uint8Array): string {
  return [...start.subarray(0, 4)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
