// Where programs send, by whatever it is called: a name gives an address of a version of IP that the host has itself.

import { expect, test } from 'vitest'
import { Network } from '../../../sim/network/network.ts'
import { ping } from '../../../sim/network/ping.ts'
import { bulkSender } from '../../../stack/programs/bulkSender.ts'
import { load } from '../../../stack/programs/load.ts'
import { sink } from '../../../stack/programs/sink.ts'
import { parseUri } from '../../../stack/sip/message/uri.ts'
import { locate } from '../../../stack/sip/transport/locate.ts'

/** `six` has IPv6 alone, `four` IPv4 alone, `both` and `server` have both; who sends from `name` to `to`, and whither. */
function world(act: (network: Network) => void): string[] {
  const sent: string[] = []
  const network = new Network({
    ...{ seed: '1', level: 'everything', classify: (protocol) => ({ name: protocol, media: false }) },
    sinks: [
      (record) => {
        if (record.kind === 'sent' && record.id.node !== 'server') sent.push(`${record.packet.destination}`)
        else if (record.kind === 'remark' && 'why' in record.details) sent.push(String(record.details.why))
      },
    ],
  })
  const own = { six: ['2001:db8::1/64'], four: ['192.0.2.1/24'], both: ['192.0.2.3/24', '2001:db8::3/64'] }
  for (const [name, addresses] of Object.entries(own)) {
    network.host(name, { interfaces: addresses.map((address) => ({ address })) })
  }
  network.host('server', { interfaces: [{ address: '192.0.2.2/24' }, { address: '2001:db8::2/64' }] })
  for (const name of Object.keys(own)) {
    network.link({ between: [name, 'server'], up: { delayNs: 1e6 }, down: { delayNs: 1e6 } })
  }
  network.seal()
  act(network)
  network.run(100e6)
  return [...new Set(sent)]
}

const MORE = {
  rateBps: 1e6,
  packetBytes: 125,
  pattern: 'constant',
  onMs: 10,
  offMs: 30,
  dscp: 0,
  active: true,
} as const

test.each([
  ['six', 'server', '2001:db8::2'],
  ['four', 'server', '192.0.2.2'],
  ['both', 'server', '192.0.2.2'],
  ['six', '[2001:db8::2]:9', '2001:db8::2'],
  ['six', '2001:db8::2', '2001:db8::2'],
  ['six', '[2001:db8::2]', '2001:db8::2'],
  ['four', '192.0.2.2:9', '192.0.2.2'],
  ['four', 'server:9', '192.0.2.2'],
  ['four', 'six', 'no such record'],
  ['four', 'nobody', 'no such name'],
])('%s sends to %s: %s', (name, to, expected) => {
  const loaded = world((network) => {
    network.ask(0, name, () => load.start(network.hostOf(name), { ...MORE, to }))
  })
  const uploaded = world((network) => {
    network.ask(0, name, () => void bulkSender.start(network.hostOf(name), { to }).do('upload', { sizeBytes: 10 }))
  })
  expect([loaded, uploaded]).toEqual([[expected], [expected]])
})

test.each([
  ['six', '2001:db8::2'],
  ['four', '192.0.2.2'],
  ['both', '192.0.2.2'],
])('%s asks the server by its name at %s', (name, expected) => {
  const options = { to: 'server', count: 1, everyMs: 1000, bytes: 56, timeoutMs: 1000 }
  expect(world((network) => network.ask(0, name, () => ping(network.hostOf(name), options)))).toEqual([expected])
  const places: string[] = []
  world((network) => {
    network.ask(0, name, () => {
      const uri = parseUri('sip:server:5060')
      if (uri.ok)
        locate(network.hostOf(name), uri.value, (found) => places.push(...found.map(({ address }) => address)))
    })
  })
  expect(places).toEqual([expected])
})

test('a load that begins again while its name is being looked up sends at its rate', () => {
  let packets = 0
  world((network) => {
    network.ask(0, 'server', () => sink.start(network.hostOf('server'), { port: 9 }))
    network.ask(0, 'four', () => {
      const running = load.start(network.hostOf('four'), { ...MORE, to: 'server' })
      running.do('end load', {})
      running.do('begin load', {})
      network.hostOf('four').after(50, () => {
        packets = network.recorder.totals().sent
      })
    })
  })
  expect(packets).toBeGreaterThan(45)
  expect(packets).toBeLessThan(55)
})
