import { expect, test } from 'vitest'
import { replyTo, stamped } from '../../../../stack/sip/transport/via.ts'
import { linesOf, requestOf } from '../written.ts'

const SOURCE = { address: '192.0.2.7', port: 40_000 }

/** The first two Via lines after the server's stamp, and where the response goes. */
function received(...vias: string[]): string[] {
  const request = requestOf('OPTIONS sip:bob@example.com', ...vias.map((via) => `Via: ${via}`))
  const lines = linesOf(stamped(request, SOURCE)).filter((line) => line.startsWith('Via'))
  return [...lines, replyTo(request.vias[0]!, SOURCE).join(':')]
}

test.each([
  // what came                                  what is made of it, and where the response goes
  ['SIP/2.0/UDP 192.0.2.7;branch=z9hG4bKa', ['Via: SIP/2.0/UDP 192.0.2.7;branch=z9hG4bKa', '192.0.2.7:5060']],
  ['SIP/2.0/UDP 192.0.2.7:5070;branch=b', ['Via: SIP/2.0/UDP 192.0.2.7:5070;branch=b', '192.0.2.7:5070']],
  [
    'SIP/2.0/UDP 10.0.0.1:5070;branch=b',
    ['Via: SIP/2.0/UDP 10.0.0.1:5070;branch=b;received=192.0.2.7', '192.0.2.7:5070'],
  ],
  [
    'SIP/2.0/UDP pc.example.com;branch=b',
    ['Via: SIP/2.0/UDP pc.example.com;branch=b;received=192.0.2.7', '192.0.2.7:5060'],
  ],
  [
    'SIP/2.0/UDP 192.0.2.7;branch=b;rport',
    ['Via: SIP/2.0/UDP 192.0.2.7;branch=b;rport=40000;received=192.0.2.7', '192.0.2.7:40000'],
  ],
  [
    'SIP/2.0/UDP 10.0.0.1:5070;rport;branch=b',
    ['Via: SIP/2.0/UDP 10.0.0.1:5070;rport=40000;branch=b;received=192.0.2.7', '192.0.2.7:40000'],
  ],
  [
    'SIP/2.0/UDP 10.0.0.1;branch=b;maddr=239.1.1.1',
    ['Via: SIP/2.0/UDP 10.0.0.1;branch=b;maddr=239.1.1.1;received=192.0.2.7', '239.1.1.1:5060'],
  ],
  [
    'SIP/2.0/UDP 10.0.0.1:5070;branch=b;maddr=[2001:DB8:0::1]',
    ['Via: SIP/2.0/UDP 10.0.0.1:5070;branch=b;maddr=[2001:DB8:0::1];received=192.0.2.7', '2001:db8::1:5070'],
  ],
  [
    'SIP/2.0/UDP 10.0.0.1;branch=b;maddr=all.example.com',
    ['Via: SIP/2.0/UDP 10.0.0.1;branch=b;maddr=all.example.com;received=192.0.2.7', '192.0.2.7:5060'],
  ],
])('RFC 3261 §18.2, RFC 3581: %s', (via, expected) => expect(received(via)).toEqual(expected))

test('only the first Via is touched, in one line or in two', () => {
  const below = 'SIP/2.0/UDP 10.9.9.9;branch=z9hG4bKb'
  const above = 'SIP/2.0/UDP 10.0.0.1;branch=z9hG4bKa'
  const both = [`Via: ${above};received=192.0.2.7`, `Via: ${below}`, '192.0.2.7:5060']
  expect(received(above, below)).toEqual(both)
  expect(received(`${above}, ${below}`)).toEqual(both)
})
