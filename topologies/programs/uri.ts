// A SIP URI in a file.

import { parseUri } from '../../stack/sip/message/uri.ts'
import { checked } from '../yaml/shape.ts'

/** A SIP URI such as `sip:bob@example.com`, as the stack itself reads it. */
export const sipUri = checked('a SIP URI such as sip:bob@example.com', (text) => {
  const read = parseUri(text)
  if (read.ok && read.value.scheme === 'sip') return undefined
  if (read.ok && read.value.scheme === 'sips')
    return `a sip: URI, not "${text}": that asks for TLS, over which no SIP is spoken here`
  const why = read.ok || !/^sips?:/i.test(text) ? '' : `: ${read.issue.expected}`
  return `a SIP URI such as sip:bob@example.com, not "${text}"${why}`
})

/** Where requests go first: `203.0.113.5`, `proxy.example.com:5070` or `[2001:db8::1]`, as the host of a SIP URI. */
export const hostAndPort = checked('a host such as 203.0.113.5 or proxy.example.com:5070', (text) => {
  const read = parseUri(`sip:${text}`)
  const isHost = read.ok && read.value.user === undefined && read.value.port !== 0 && !/[;?]/.test(text)
  return isHost ? undefined : `a host such as 203.0.113.5 or proxy.example.com:5070, not "${text}"`
})
