// What each message must be by itself: in the grammar, with the right length and the headers that its method asks for.

import type { Sighting } from './exchange.ts'
import type { Oracle, Trial } from './oracle.ts'

export const FORM: readonly Oracle[] = [
  {
    name: 'grammar',
    section: 'RFC 3261 §25',
    says: 'what begins as SIP is a SIP message',
    watch: (trial) => ({
      see: () => trial.exercised(),
      malformed: (seen, proof) => {
        if (seen.fault.at !== 'Content-Length')
          trial.violated(seen.at, [proof], `${seen.fault.at}: expected ${seen.fault.expected}`)
      },
    }),
  },
  {
    name: 'Content-Length',
    section: 'RFC 3261 §18.3',
    says: 'Content-Length is the length of the body; over TCP it is there',
    watch: (trial) => ({
      see: (sighting) => lengths(sighting, trial),
      malformed: (seen, proof) => {
        if (seen.fault.at === 'Content-Length')
          trial.violated(seen.at, [proof], `Content-Length: expected ${seen.fault.expected}`)
      },
    }),
  },
  {
    name: 'Contact',
    section: 'RFC 3261 §8.1.1.8, §12.1.1',
    says: 'an INVITE has one Contact with a SIP URI, and so has the 2xx to it',
    watch: (trial) => ({ see: (sighting) => contact(sighting, trial) }),
  },
]

function lengths(sighting: Sighting, trial: Trial): void {
  const { message, out, surplusBytes, transport, at } = sighting
  if (!out) return
  const there = message.first('Content-Length') !== undefined
  if (there) trial.exercised()
  // A WebSocket keeps messages apart by itself (RFC 7118 §5).
  else if (transport === 'tcp') trial.violated(at, [sighting], 'over a stream, and no Content-Length')
  if (surplusBytes > 0)
    trial.violated(
      at,
      [sighting],
      `Content-Length ${message.body.length}, and ${surplusBytes} bytes more in the datagram`,
    )
}

function contact(sighting: Sighting, trial: Trial): void {
  const { message, out, at } = sighting
  if (!out || message.cseq.method !== 'INVITE') return
  if (message.kind === 'response' && (message.status < 200 || message.status >= 300)) return
  if (message.kind === 'request' && message.method !== 'INVITE') return
  trial.exercised()
  const { contacts } = message
  const number = contacts === '*' ? 0 : contacts.length
  if (number !== 1)
    trial.violated(
      at,
      [sighting],
      `${number} Contacts in ${message.kind === 'request' ? 'INVITE' : `${message.status} to INVITE`}`,
    )
}
