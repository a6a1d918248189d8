// NAT behaviours as stories: RFC 4787's words, one by one.

import { describe, expect, it } from 'vitest'
import { type StoryOptions, tell } from './story.ts'

function story(name: string, options: StoryOptions, text: string): void {
  it(name, () => {
    const { told, happened } = tell(text, options)
    expect(happened).toBe(told)
  })
}

describe('mapping', () => {
  story(
    'endpoint-independent: one outside endpoint for all remotes',
    { nat: { mapping: 'endpoint-independent' } },
    `0 s  10.0.0.2:5060 → 198.51.100.7:80  203.0.113.9:5060 → 198.51.100.7:80
     1 s  10.0.0.2:5060 → 198.51.100.7:81  203.0.113.9:5060 → 198.51.100.7:81
     2 s  10.0.0.2:5060 → 198.51.100.8:80  203.0.113.9:5060 → 198.51.100.8:80`,
  )
  story(
    'address-dependent: another for each remote address',
    { nat: { mapping: 'address-dependent' } },
    `0 s  10.0.0.2:5060 → 198.51.100.7:80  203.0.113.9:5060 → 198.51.100.7:80
     1 s  10.0.0.2:5060 → 198.51.100.7:81  203.0.113.9:5060 → 198.51.100.7:81
     2 s  10.0.0.2:5060 → 198.51.100.8:80  203.0.113.9:1024 → 198.51.100.8:80`,
  )
  story(
    'address-and-port-dependent: another for each remote endpoint',
    { nat: { mapping: 'address-and-port-dependent' } },
    `0 s  10.0.0.2:5060 → 198.51.100.7:80  203.0.113.9:5060 → 198.51.100.7:80
     1 s  10.0.0.2:5060 → 198.51.100.7:81  203.0.113.9:1024 → 198.51.100.7:81
     2 s  10.0.0.2:5060 → 198.51.100.8:80  203.0.113.9:1026 → 198.51.100.8:80`,
  )
})

describe('filtering', () => {
  const inward = `0 s  10.0.0.2:5060 → 198.51.100.7:80  203.0.113.9:5060 → 198.51.100.7:80
     1 s  198.51.100.7:80 → 203.0.113.9:5060  198.51.100.7:80 → 10.0.0.2:5060`
  story(
    'endpoint-independent lets everybody in',
    { nat: { filtering: 'endpoint-independent' } },
    `${inward}
     2 s  198.51.100.7:81 → 203.0.113.9:5060  198.51.100.7:81 → 10.0.0.2:5060
     3 s  198.51.100.8:80 → 203.0.113.9:5060  198.51.100.8:80 → 10.0.0.2:5060
     4 s  198.51.100.8:80 → 203.0.113.9:5061  filtered by NAT`,
  )
  story(
    'address-dependent lets those in that were spoken to, from any port',
    { nat: { filtering: 'address-dependent' } },
    `${inward}
     2 s  198.51.100.7:81 → 203.0.113.9:5060  198.51.100.7:81 → 10.0.0.2:5060
     3 s  198.51.100.8:80 → 203.0.113.9:5060  filtered by NAT`,
  )
  story(
    'address-and-port-dependent lets only those endpoints in',
    { nat: { filtering: 'address-and-port-dependent' } },
    `${inward}
     2 s  198.51.100.7:81 → 203.0.113.9:5060  filtered by NAT
     3 s  198.51.100.8:80 → 203.0.113.9:5060  filtered by NAT`,
  )
  story(
    'is no finer for a finer mapping',
    { nat: { mapping: 'address-and-port-dependent', filtering: 'address-dependent' } },
    `${inward}
     2 s  198.51.100.7:81 → 203.0.113.9:5060  198.51.100.7:81 → 10.0.0.2:5060
     3 s  198.51.100.8:80 → 203.0.113.9:5060  filtered by NAT`,
  )
})

describe('ports', () => {
  story(
    'are preserved while they are free, and else keep their parity',
    {},
    `0 s  10.0.0.2:5060 → 198.51.100.7:80  203.0.113.9:5060 → 198.51.100.7:80
     1 s  10.0.0.3:5060 → 198.51.100.7:80  203.0.113.9:1024 → 198.51.100.7:80
     2 s  10.0.0.2:5061 → 198.51.100.7:80  203.0.113.9:5061 → 198.51.100.7:80
     3 s  10.0.0.3:5061 → 198.51.100.7:80  203.0.113.9:1025 → 198.51.100.7:80`,
  )
  story(
    'are given in order where nobody preserves them',
    { nat: { ports: { assignment: 'sequential', parity: false, first: 2000, last: 2001 } } },
    `0 s  10.0.0.2:5060 → 198.51.100.7:80  203.0.113.9:2000 → 198.51.100.7:80
     1 s  10.0.0.3:5060 → 198.51.100.7:80  203.0.113.9:2001 → 198.51.100.7:80
     2 s  10.0.0.4:5060 → 198.51.100.7:80  no mapping left, host unreachable (198.51.100.7:80)
     300 s  10.0.0.4:5060 → 198.51.100.7:80  203.0.113.9:2000 → 198.51.100.7:80`,
  )
  story(
    'of the other parity are better than none',
    { nat: { ports: { assignment: 'sequential', first: 2000, last: 2002 } } },
    `0 s  10.0.0.2:5060 → 198.51.100.7:80  203.0.113.9:2000 → 198.51.100.7:80
     1 s  10.0.0.3:5060 → 198.51.100.7:80  203.0.113.9:2002 → 198.51.100.7:80
     2 s  10.0.0.4:5060 → 198.51.100.7:80  203.0.113.9:2001 → 198.51.100.7:80`,
  )
  story(
    'of RTP and RTCP stay neighbours where the box is so kind',
    { nat: { ports: { assignment: 'sequential', contiguity: true, first: 2000, last: 2100 } } },
    `0 s  10.0.0.2:4000 → 198.51.100.7:80  203.0.113.9:2000 → 198.51.100.7:80
     1 s  10.0.0.3:4000 → 198.51.100.7:80  203.0.113.9:2002 → 198.51.100.7:80
     2 s  10.0.0.3:4001 → 198.51.100.7:80  203.0.113.9:2003 → 198.51.100.7:80
     3 s  10.0.0.2:4001 → 198.51.100.7:80  203.0.113.9:2001 → 198.51.100.7:80`,
  )
  story(
    'are shared where the box overloads them, and the last who spoke to a remote is answered',
    { nat: { ports: { overload: true } } },
    `0 s  10.0.0.2:5060 → 198.51.100.7:80  203.0.113.9:5060 → 198.51.100.7:80
     1 s  10.0.0.3:5060 → 198.51.100.8:80  203.0.113.9:5060 → 198.51.100.8:80
     2 s  198.51.100.7:80 → 203.0.113.9:5060  198.51.100.7:80 → 10.0.0.2:5060
     3 s  198.51.100.8:80 → 203.0.113.9:5060  198.51.100.8:80 → 10.0.0.3:5060
     4 s  10.0.0.3:5060 → 198.51.100.7:80  203.0.113.9:5060 → 198.51.100.7:80
     5 s  198.51.100.7:80 → 203.0.113.9:5060  198.51.100.7:80 → 10.0.0.3:5060`,
  )
  story(
    'are shared by remote, and who would share one towards the same remote gets another, as with Linux',
    { nat: { mapping: 'address-and-port-dependent', ports: { overload: 'by remote', parity: false, first: 2000 } } },
    `0 s  10.0.0.2:5060 → 198.51.100.7:80  203.0.113.9:5060 → 198.51.100.7:80
     1 s  10.0.0.3:5060 → 198.51.100.8:80  203.0.113.9:5060 → 198.51.100.8:80
     2 s  10.0.0.3:5060 → 198.51.100.7:80  203.0.113.9:2000 → 198.51.100.7:80
     3 s  10.0.0.4:5060 → 198.51.100.7:80  203.0.113.9:2001 → 198.51.100.7:80
     4 s  198.51.100.7:80 → 203.0.113.9:5060  198.51.100.7:80 → 10.0.0.2:5060
     5 s  198.51.100.7:80 → 203.0.113.9:2000  198.51.100.7:80 → 10.0.0.3:5060
     6 s  198.51.100.7:80 → 203.0.113.9:2001  198.51.100.7:80 → 10.0.0.4:5060
     7 s  198.51.100.8:80 → 203.0.113.9:5060  198.51.100.8:80 → 10.0.0.3:5060
     8 s  198.51.100.8:80 → 203.0.113.9:2000  filtered by NAT`,
  )
  story(
    'are shared by remote only while the other speaks',
    {
      nat: {
        mapping: 'address-and-port-dependent',
        timers: { udpNs: 5e9 },
        ports: { overload: 'by remote', parity: false, first: 2000 },
      },
    },
    `0 s  10.0.0.2:5060 → 198.51.100.7:80  203.0.113.9:5060 → 198.51.100.7:80
     5 s  10.0.0.3:5060 → 198.51.100.7:80  203.0.113.9:5060 → 198.51.100.7:80
     6 s  198.51.100.7:80 → 203.0.113.9:5060  198.51.100.7:80 → 10.0.0.3:5060
     7 s  10.0.0.2:5060 → 198.51.100.7:80  203.0.113.9:2000 → 198.51.100.7:80`,
  )
  story(
    'come in blocks, and a host that has used its own gets no more',
    { nat: { blocks: { ports: 2 }, ports: { parity: false, first: 4000, last: 4003 } } },
    `0 s  10.0.0.2:1 → 198.51.100.7:80  203.0.113.9:4000 → 198.51.100.7:80
     1 s  10.0.0.3:1 → 198.51.100.7:80  203.0.113.9:4002 → 198.51.100.7:80
     2 s  10.0.0.2:2 → 198.51.100.7:80  203.0.113.9:4001 → 198.51.100.7:80
     3 s  10.0.0.2:3 → 198.51.100.7:80  no mapping left, host unreachable (198.51.100.7:80)
     4 s  10.0.0.3:2 → 198.51.100.7:80  203.0.113.9:4003 → 198.51.100.7:80
     5 s  10.0.0.4:1 → 198.51.100.7:80  no mapping left, host unreachable (198.51.100.7:80)`,
  )
})

describe('a pool', () => {
  const pool = ['203.0.113.10']
  story(
    'is paired: a host keeps its address',
    { nat: { pool } },
    `0 s  10.0.0.2:1000 → 198.51.100.7:80  203.0.113.9:1000 → 198.51.100.7:80
     1 s  10.0.0.3:1000 → 198.51.100.7:80  203.0.113.10:1000 → 198.51.100.7:80
     2 s  10.0.0.2:2000 → 198.51.100.7:80  203.0.113.9:2000 → 198.51.100.7:80
     3 s  10.0.0.2:3000 → 198.51.100.7:80  203.0.113.9:3000 → 198.51.100.7:80`,
  )
  story(
    'is arbitrary: each mapping has the next address, its own ones stay',
    { nat: { pool, pooling: 'arbitrary' } },
    `0 s  10.0.0.2:1000 → 198.51.100.7:80  203.0.113.9:1000 → 198.51.100.7:80
     1 s  10.0.0.2:2000 → 198.51.100.7:80  203.0.113.10:2000 → 198.51.100.7:80
     2 s  10.0.0.2:3000 → 198.51.100.7:80  203.0.113.9:3000 → 198.51.100.7:80
     3 s  10.0.0.2:2000 → 198.51.100.8:80  203.0.113.10:2000 → 198.51.100.8:80`,
  )
})

describe('hairpinning', () => {
  const first = '0 s  10.0.0.3:7000 → 198.51.100.7:80  203.0.113.9:7000 → 198.51.100.7:80'
  story(
    'shows the sender by its outside address',
    { nat: { filtering: 'endpoint-independent' } },
    `${first}
     1 s  10.0.0.2:6000 → 203.0.113.9:7000  203.0.113.9:6000 → 10.0.0.3:7000
     2 s  10.0.0.3:7000 → 203.0.113.9:6000  203.0.113.9:7000 → 10.0.0.2:6000`,
  )
  story(
    'or by its inside address',
    { nat: { filtering: 'endpoint-independent', hairpin: 'internal' } },
    `${first}
     1 s  10.0.0.2:6000 → 203.0.113.9:7000  10.0.0.2:6000 → 10.0.0.3:7000`,
  )
  story(
    'or is not done',
    { nat: { filtering: 'endpoint-independent', hairpin: 'off' } },
    `${first}
     1 s  10.0.0.2:6000 → 203.0.113.9:7000  filtered by NAT`,
  )
  story(
    'is filtered like what comes from outside',
    {},
    `${first}
     1 s  10.0.0.2:6000 → 203.0.113.9:7000  filtered by NAT
     2 s  10.0.0.3:7000 → 203.0.113.9:6000  203.0.113.9:7000 → 10.0.0.2:6000
     3 s  10.0.0.2:6000 → 203.0.113.9:7000  203.0.113.9:6000 → 10.0.0.3:7000`,
  )
})

describe('inside', () => {
  story(
    'hosts speak to each other by their inside addresses, and the box translates nothing; nobody is there who is not',
    { listening: ['10.0.0.3:5060'] },
    `0 s  10.0.0.2:5060 → 10.0.0.3:5060  10.0.0.2:5060 → 10.0.0.3:5060
     1 s  10.0.0.3:5060 → 10.0.0.2:5060  10.0.0.3:5060 → 10.0.0.2:5060
     2 s  10.0.0.2:5060 → 10.0.0.9:5060  no route, host unreachable (10.0.0.9:5060)
     3 s  10.0.0.2:5060 → 10.0.0.1:5060  port closed, port unreachable (10.0.0.1:5060)
     4 s  10.0.0.2:5060 → 198.51.100.7:80  203.0.113.9:5060 → 198.51.100.7:80`,
  )
})

describe('time', () => {
  const timers = { udpNs: 30e9 }
  const mapped = '0 s  10.0.0.2:5060 → 198.51.100.7:80  203.0.113.9:5060 → 198.51.100.7:80'
  const answered = '198.51.100.7:80 → 203.0.113.9:5060  198.51.100.7:80 → 10.0.0.2:5060'
  // The box meets a packet 1 µs after an inside host has sent it, and 2 µs after an outside host has.
  story(
    'a mapping is alive until its time',
    { nat: { timers } },
    `${mapped}
     29.999998 s  ${answered}`,
  )
  story(
    'a mapping is dead at its time',
    { nat: { timers } },
    `${mapped}
     29.999999 s  198.51.100.7:80 → 203.0.113.9:5060  filtered by NAT`,
  )
  story(
    'outbound packets refresh it, inbound ones do not',
    { nat: { timers } },
    `${mapped}
     20 s  10.0.0.2:5060 → 198.51.100.7:80  203.0.113.9:5060 → 198.51.100.7:80
     40 s  ${answered}
     50 s  198.51.100.7:80 → 203.0.113.9:5060  filtered by NAT`,
  )
  story(
    'inbound packets refresh it where that is allowed',
    { nat: { timers, refresh: 'both' } },
    `${mapped}
     20 s  ${answered}
     40 s  ${answered}
     60 s  ${answered}
     90 s  198.51.100.7:80 → 203.0.113.9:5060  filtered by NAT`,
  )
  story(
    'only inbound packets refresh it in a box that gets RFC 4787 REQ-6 wrong',
    { nat: { timers, refresh: 'inbound', ports: { assignment: 'sequential', parity: false } } },
    `0 s  10.0.0.2:5060 → 198.51.100.7:80  203.0.113.9:1024 → 198.51.100.7:80
     20 s  10.0.0.2:5060 → 198.51.100.7:80  203.0.113.9:1024 → 198.51.100.7:80
     40 s  10.0.0.2:5060 → 198.51.100.7:80  203.0.113.9:1025 → 198.51.100.7:80`,
  )
  story(
    'a permission ends by itself, while the mapping lives on',
    { nat: { timers } },
    `${mapped}
     20 s  10.0.0.2:5060 → 198.51.100.8:80  203.0.113.9:5060 → 198.51.100.8:80
     31 s  198.51.100.7:80 → 203.0.113.9:5060  filtered by NAT
     32 s  198.51.100.8:80 → 203.0.113.9:5060  198.51.100.8:80 → 10.0.0.2:5060`,
  )
  story(
    'five minutes where nothing is said',
    {},
    `${mapped}
     299 s  ${answered}
     300 s  198.51.100.7:80 → 203.0.113.9:5060  filtered by NAT`,
  )
  story(
    'a reboot forgets',
    { reboots: [10e9] },
    `${mapped}
     9 s  ${answered}
     11 s  198.51.100.7:80 → 203.0.113.9:5060  filtered by NAT
     12 s  10.0.0.3:5060 → 198.51.100.7:80  203.0.113.9:5060 → 198.51.100.7:80
     13 s  10.0.0.2:5060 → 198.51.100.7:80  203.0.113.9:1024 → 198.51.100.7:80`,
  )
})

describe('ways in that are configured', () => {
  story(
    'a static forward is open to all, for ever, and to its host outwards',
    { nat: { forwards: [{ port: 80, to: '10.0.0.3', toPort: 8080 }] }, listening: ['10.0.0.3:8080'], reboots: [1e9] },
    `0 s  198.51.100.7:9 → 203.0.113.9:80  198.51.100.7:9 → 10.0.0.3:8080
     1000 s  198.51.100.8:9 → 203.0.113.9:80  198.51.100.8:9 → 10.0.0.3:8080
     1001 s  10.0.0.3:8080 → 198.51.100.7:9  203.0.113.9:80 → 198.51.100.7:9
     1002 s  10.0.0.2:80 → 198.51.100.7:9  203.0.113.9:1024 → 198.51.100.7:9`,
  )
  story(
    'a forward to the box itself, or to nobody, leads nowhere',
    {
      nat: {
        forwards: [
          { port: 80, to: '10.0.0.1' },
          { port: 81, to: '10.0.0.99' },
        ],
      },
    },
    `0 s  198.51.100.7:9 → 203.0.113.9:80  no route, network unreachable (203.0.113.9:80)
     1 s  198.51.100.7:9 → 203.0.113.9:81  no route, host unreachable (203.0.113.9:81)`,
  )
  story(
    'a reboot keeps a pinhole, and forgets to whom else its host has spoken through it',
    {
      ...{ nat: { forwards: [{ port: 80, to: '10.0.0.3', from: '198.51.100.8' }] } },
      ...{ listening: ['10.0.0.3:80'], reboots: [3e9] },
    },
    `1 s  10.0.0.3:80 → 198.51.100.7:9  203.0.113.9:80 → 198.51.100.7:9
     2 s  198.51.100.7:9 → 203.0.113.9:80  198.51.100.7:9 → 10.0.0.3:80
     4 s  198.51.100.7:9 → 203.0.113.9:80  filtered by NAT
     5 s  198.51.100.8:9 → 203.0.113.9:80  198.51.100.8:9 → 10.0.0.3:80
     6 s  10.0.0.3:80 → 198.51.100.7:9  203.0.113.9:80 → 198.51.100.7:9
     7 s  198.51.100.7:9 → 203.0.113.9:80  198.51.100.7:9 → 10.0.0.3:80`,
  )
  story(
    'a pinhole is open to one',
    { nat: { forwards: [{ port: 80, to: '10.0.0.3', from: '198.51.100.8' }] }, listening: ['10.0.0.3:80'] },
    `0 s  198.51.100.7:9 → 203.0.113.9:80  filtered by NAT
     1 s  198.51.100.8:9 → 203.0.113.9:80  198.51.100.8:9 → 10.0.0.3:80
     2 s  10.0.0.3:80 → 198.51.100.7:9  203.0.113.9:80 → 198.51.100.7:9
     3 s  198.51.100.7:9 → 203.0.113.9:80  198.51.100.7:9 → 10.0.0.3:80`,
  )
})

describe('ICMP errors', () => {
  story(
    'from outside reach the socket that they are about',
    { closed: ['198.51.100.7:9'] },
    `0 s  10.0.0.2:5060 → 198.51.100.7:9  port closed, port unreachable (198.51.100.7:9)
     1 s  10.0.0.3:5060 → 198.51.100.7:9  port closed, port unreachable (198.51.100.7:9)
     2 s  10.0.0.2:5060 → 192.0.2.1:9  no route, network unreachable (192.0.2.1:9)`,
  )
  story(
    'from inside speak of what the outside knows',
    { nat: { forwards: [{ port: 80, to: '10.0.0.3', toPort: 8080 }] } },
    '0 s  198.51.100.7:9 → 203.0.113.9:80  port closed, port unreachable (203.0.113.9:80)',
  )
  story(
    'are hairpinned as well',
    { nat: { forwards: [{ port: 80, to: '10.0.0.3', toPort: 8080 }] } },
    '0 s  10.0.0.2:9 → 203.0.113.9:80  port closed, port unreachable (203.0.113.9:80)',
  )
  story(
    'come from the box itself for what is for itself',
    {},
    '0 s  10.0.0.2:5060 → 10.0.0.1:80  port closed, port unreachable (10.0.0.1:80)',
  )
  for (const overload of [true, 'by remote'] as const) {
    story(
      `reach whoever spoke to the remote, of several who share a port: overload ${overload}`,
      {
        nat: { mapping: 'address-and-port-dependent', ports: { overload } },
        closed: ['198.51.100.7:80', '198.51.100.8:80'],
      },
      `1 s  10.0.0.2:5060 → 198.51.100.7:80  port closed, port unreachable (198.51.100.7:80)
       2 s  10.0.0.3:5060 → 198.51.100.8:80  port closed, port unreachable (198.51.100.8:80)
       3 s  10.0.0.2:5060 → 198.51.100.7:80  port closed, port unreachable (198.51.100.7:80)`,
    )
  }
})
