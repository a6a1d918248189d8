// A glance at bytes: is this SIP, and what would a ladder call it? Cheap, and no verdict on the message.

import { asciiDecode, latin1Decode } from '../../../platform/text.ts'

/** What a ladder shows of a message: `INVITE`, `200 INVITE`; and the Call-ID, empty where none was seen. */
export interface Label {
  readonly name: string
  readonly call: string
}

const START = /^(?:\r\n)*(?:SIP\/2\.0 (\d{3}) |([A-Za-z0-9\-.!%*_+`'~]{1,64}) [^ \r\n]{1,4096} SIP\/2\.0\r\n)/
const CALL_ID = /\r\n(?:Call-ID|i)[ \t]*:[ \t]*([^ \t\r\n]+)/i
const CSEQ = /\r\nCSeq[ \t]*:[ \t]*\d{1,10}[ \t]+([A-Za-z0-9\-.!%*_+`'~]+)/i

/** The label of a SIP message; undefined for bytes that are none. */
export function peekLabel(bytes: Uint8Array): Label | undefined {
  const letter = bytes[0]
  if (letter === undefined || (letter !== 13 && (letter < 33 || letter > 126))) return undefined
  const text = asciiDecode(bytes) ?? latin1Decode(bytes)
  const start = START.exec(text)
  if (start === null) return undefined
  const method = start[2] ?? CSEQ.exec(text)?.[1] ?? ''
  return { name: start[1] === undefined ? method : `${start[1]} ${method}`.trim(), call: CALL_ID.exec(text)?.[1] ?? '' }
}
