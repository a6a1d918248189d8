// Which hosts and ports of URIs and Vias are a transport's own.

import { expect, test } from 'vitest'
import { Network } from '../../../../sim/network/network.ts'
import { SipTransport } from '../../../../stack/sip/transport/transport.ts'

/** Of a host with three addresses, whose SIP is at port 5060 of all of them, or of one. */
function transport(address?: string): SipTransport {
  const network = new Network({ seed: '1', level: 'counters', classify: () => ({ name: '', media: false }), sinks: [] })
  network.host('edge', {
    interfaces: [{ address: '192.0.2.1/24' }, { address: '10.0.0.1/24' }, { address: '2001:db8::1/64' }],
  })
  network.seal()
  return new SipTransport(network.hostOf('edge'), address === undefined ? {} : { address })
}

test.each([
  ['192.0.2.1', undefined, true],
  ['192.0.2.1', 5060, true],
  ['192.0.2.1', 5061, false],
  ['10.0.0.1', undefined, true],
  ['2001:db8::1', 5060, true],
  ['2001:DB8:0:0::0001', undefined, true],
  ['[2001:db8::1]', undefined, true],
  ['192.0.2.9', undefined, false],
  ['edge', undefined, false],
])('%s, port %s: %s', (host, port, ours) => expect(transport().isOurs(host, port)).toBe(ours))

test('bound to one address, it has no other', () => {
  expect(transport('10.0.0.1').isOurs('10.0.0.1', undefined)).toBe(true)
  expect(transport('10.0.0.1').isOurs('192.0.2.1', undefined)).toBe(false)
})
