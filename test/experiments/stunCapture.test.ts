// Wireshark reads our STUN: every packet of a discovery, its attributes, and the FINGERPRINT.

import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import { Capture } from '../../experiments/captures/capture.ts'
import { experimentGiven } from '../../experiments/cli/given.ts'
import { ladderNodes } from '../../experiments/cli/print.ts'
import { linkFacts } from '../../experiments/run/links.ts'
import { runWhole } from '../../experiments/run/run.ts'
import { testWithTshark, tshark } from '../tshark.ts'

testWithTshark()('tshark reads every STUN packet of nat-discovery, with nothing malformed and all CRCs right', () => {
  const experiment = experimentGiven('nat-discovery', { until: '1000 s' })
  const file = join(mkdtempSync(join(tmpdir(), 'siptwin-')), 'stun.pcapng')
  const chunks: Uint8Array[] = []
  const capture = new Capture({
    directions: linkFacts(experiment.topology, []),
    nodes: ladderNodes(experiment.topology),
    application: 'siptwin',
    outputs: [{ node: 'stun', write: (bytes) => void chunks.push(bytes) }],
  })
  let packets = 0
  runWhole(experiment, 'everything', [
    (record) => {
      capture.record(record)
      const isHere = (record.kind === 'sent' || record.kind === 'delivered') && record.id.node === 'stun'
      // Of a datagram in fragments, one line has all of it, and one record.
      if (isHere && record.packet.fragment === undefined) packets++
    },
  ])
  capture.end()
  writeFileSync(file, Buffer.concat(chunks))
  const fields = ['stun.type', 'stun.att.type', 'stun.att.crc32.status', '_ws.malformed', 'udp.checksum.status']
  const rows = tshark(file, '-Y', 'stun', '-T', 'fields', ...fields.flatMap((field) => ['-e', field]))
  const lines = rows.split('\n').filter((line) => line !== '')
  expect(lines).toHaveLength(packets)
  const kinds = new Set(lines.map((line) => line.replace(/\t+$/, '')))
  const [request, success] = ['0x0001', '0x0101']
  expect([...kinds].sort()).toEqual([
    `${request}\t0x0003,0x8028\t1\t\t1`,
    `${request}\t0x0026,0x8028\t1\t\t1`,
    `${request}\t0x0027,0x8028\t1\t\t1`,
    `${request}\t0x8028\t1\t\t1`,
    `${success}\t0x0020,0x0001,0x802b,0x802c,0x0026,0x8022,0x8028\t1\t\t1`,
    `${success}\t0x0020,0x0001,0x802b,0x802c,0x8022,0x8028\t1\t\t1`,
  ])
})
