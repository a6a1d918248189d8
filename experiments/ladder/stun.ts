// What an arrow says of a STUN message: what is asked, or how the asker is seen.

import { printEndpoint } from '../../platform/endpoint.ts'
import { parseStun } from '../../stack/stun/codec.ts'
import { attributeOf, type StunMessage } from '../../stack/stun/message.ts'
import type { Tone } from './row.ts'

/** `STUN request`, `STUN request (from the other address and port)`, `STUN: seen as 203.0.113.9:1024`, `STUN 401 Unauthenticated`. */
export function tellStun(payload: Uint8Array): { readonly text: string; readonly tone: Tone } {
  const parsed = parseStun(payload)
  if (!parsed.ok) return { text: 'STUN, malformed', tone: 'failure' }
  const message = parsed.value
  if (message.class === 'indication') return { text: 'STUN indication', tone: 'plain' }
  if (message.class === 'request') return { text: `STUN request${requestedOf(message)}`, tone: 'request' }
  const error = attributeOf(message, 'ERROR-CODE')
  if (error !== undefined) return { text: `STUN ${error.code} ${error.reason}`, tone: 'failure' }
  const seen = attributeOf(message, 'XOR-MAPPED-ADDRESS') ?? attributeOf(message, 'MAPPED-ADDRESS')
  const text = seen === undefined ? 'STUN success' : `STUN: seen as ${printEndpoint(seen)}`
  return { text, tone: 'success' }
}

/** From where the answer is wanted, or whither. */
function requestedOf(message: StunMessage): string {
  const change = attributeOf(message, 'CHANGE-REQUEST')
  const port = attributeOf(message, 'RESPONSE-PORT')
  const padding = attributeOf(message, 'PADDING')
  const places = [...(change?.address ? ['address'] : []), ...(change?.port ? ['port'] : [])]
  if (places.length > 0) return ` (from the other ${places.join(' and ')})`
  if (port !== undefined) return ` (answer to port ${port})`
  return padding === undefined ? '' : ` (with ${padding} bytes of padding)`
}
