// Two homes with the same private addresses behind one carrier's NAT: every packet is translated by two boxes, and answers find back.

import { describe, expect, test } from 'vitest'
import type { TraceRecord } from '../../../platform/trace.ts'
import { Network } from '../../../sim/network/network.ts'

const LINK = { delayNs: 1000 }

function carrier(level: 'everything' | 'counters') {
  const records: TraceRecord[] = []
  const network = new Network({
    ...{ seed: '1', level, sinks: [(record) => records.push(record)] },
    classify: () => ({ name: 'UDP', media: false }),
  })
  network.nat('cgn', { inside: '100.64.0.1/24', outside: '203.0.113.1/24', blocks: { ports: 512 } })
  network.router('internet')
  network.host('server', { interfaces: [{ address: '198.51.100.7/24' }], gateway: 'internet' })
  const links = [
    ['cgn', 'internet'],
    ['server', 'internet'],
  ]
  for (const home of ['A', 'B']) {
    network.nat(`nat${home}`, { inside: '192.168.1.1/24', outside: `100.64.0.${home === 'A' ? 2 : 3}/24` })
    network.router(`switch${home}`)
    network.host(`host${home}`, { interfaces: [{ address: '192.168.1.10/24' }] })
    links.push([`host${home}`, `switch${home}`], [`switch${home}`, `nat${home}`], [`nat${home}`, 'cgn'])
  }
  for (const [a = '', b = ''] of links) network.link({ between: [a, b], up: LINK, down: LINK })
  network.seal()
  return { network, records }
}

/** The server answers whom it hears; both homes' hosts speak from the same address and port. Gives who heard what from where. */
function talk(level: 'everything' | 'counters') {
  const { network, records } = carrier(level)
  const heard: string[] = []
  const server = network.hostOf('server')
  const answering = server.udp(
    { port: 80 },
    {
      received: ({ from, body }) => {
        heard.push(`server ${body[0]} from ${from.address}:${from.port}`)
        if (answering.ok) answering.value.send(from, new Uint8Array(0), Uint8Array.of(body[0]! + 10))
      },
      failed: () => {},
    },
  )
  for (const [n, name] of ['hostA', 'hostB'].entries()) {
    const host = network.hostOf(name)
    const opened = host.udp(
      { port: 5060 },
      {
        received: ({ from, to, body }) =>
          heard.push(`${name} ${body[0]} from ${from.address}:${from.port} at ${to.address}`),
        failed: (to, why) => heard.push(`${name} ${why} ${to.address}`),
      },
    )
    if (!opened.ok) throw new Error(opened.issue.expected)
    const send = (address: string) => () =>
      opened.value.send(host.endpoint(address, 80), new Uint8Array(0), Uint8Array.of(n))
    network.ask(n * 1e9, name, send('198.51.100.7'))
    network.ask(5e9 + n * 1e9, name, send('192.0.2.99'))
  }
  network.run()
  return { heard, network, records }
}

describe('two homes behind a carrier', () => {
  test('are two, though their hosts have one address', () => {
    expect(talk('everything').heard).toEqual([
      'server 0 from 203.0.113.1:1024',
      'hostA 10 from 198.51.100.7:80 at 192.168.1.10',
      'server 1 from 203.0.113.1:1536',
      'hostB 11 from 198.51.100.7:80 at 192.168.1.10',
      'hostA network unreachable 192.0.2.99',
      'hostB network unreachable 192.0.2.99',
    ])
  })

  test('a packet keeps its name through both boxes, and each translation is on record', () => {
    const { records } = talk('everything')
    const [first] = records
    const steps = records.filter(
      (record) =>
        'packet' in record && record.packet.id.sequence === first?.id.sequence && record.packet.id.node === 'hostA',
    )
    expect(steps.slice(0, 12).map(({ kind, id }) => `${kind} ${id.node}`)).toEqual([
      ...['sent hostA', 'forwarded switchA', 'translated natA', 'forwarded natA', 'translated cgn', 'forwarded cgn'],
      ...['forwarded internet', 'delivered server'],
    ])
  })

  test('digests repeat, and counting alone gives the same packets', () => {
    const { packets } = talk('everything').network.digests()
    expect(talk('everything').network.digests().packets).toBe(packets)
    expect(talk('counters').network.digests().packets).toBe(packets)
  })
})
