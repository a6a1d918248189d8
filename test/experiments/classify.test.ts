import { fc, test as law } from '@fast-check/vitest'
import { expect, test } from 'vitest'
import { classify } from '../../experiments/classify.ts'
import { writeRtpHead } from '../../stack/rtp/packet.ts'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

const PSH = 24

/** A TCP segment with these flags, without options. */
function segment(flags: number, data = ''): Uint8Array {
  const header = new Uint8Array(20)
  header[12] = 0x50
  header[13] = flags
  return new Uint8Array([...header, ...bytes(data)])
}

test.each([
  [
    'udp',
    bytes('INVITE sip:bob@x SIP/2.0\r\nCall-ID: a@b\r\nCSeq: 1 INVITE\r\n\r\n'),
    { name: 'INVITE', call: 'a@b', begins: true },
  ],
  ['udp', bytes('SIP/2.0 200 OK\r\ni: a@b\r\nCSeq: 1 INVITE\r\n\r\n'), { name: '200 INVITE', call: 'a@b' }],
  ['tcp', segment(PSH, 'BYE sip:bob@x SIP/2.0\r\nCSeq: 1 BYE\r\n\r\n'), { name: 'BYE' }],
  ['tcp', segment(2), { name: 'TCP SYN' }],
  ['tcp', segment(18), { name: 'TCP SYN ACK' }],
  ['tcp', segment(16), { name: 'TCP ACK', media: true }],
  ['tcp', segment(17, 'bye'), { name: 'TCP FIN' }],
  ['tcp', segment(20), { name: 'TCP RST' }],
  ['udp', bytes('\r\n\r\n'), { name: 'UDP' }],
  ['udp', bytes('hello'), { name: 'UDP' }],
  ['udp', new Uint8Array(0), { name: 'UDP' }],
  ['tcp', segment(PSH, 'hello'), { name: 'TCP data', media: true }],
  ['udp', Uint8Array.of(0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42, ...new Uint8Array(12)), { name: 'STUN' }],
  ['udp', Uint8Array.of(0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x43, ...new Uint8Array(12)), { name: 'UDP' }],
  ['udp', Uint8Array.of(0x80, 200, 0, 1, 0, 0, 0, 7), { name: 'RTCP', media: true }],
  ['udp', new Uint8Array(11).fill(0x80), { name: 'UDP' }],
  ['icmp', Uint8Array.of(3, 3), { name: 'ICMP' }],
] as const)('%s %s is %o', (protocol, payload, label) => {
  expect(classify(protocol, payload)).toEqual({ media: false, ...label })
})

law.prop([fc.boolean(), fc.integer({ min: 0, max: 63 }), fc.nat(65535), fc.nat(4294967295), fc.nat(200)])(
  'RTP is known by its stream and sequence number',
  (marker, type, sequence, stream, size) => {
    const packet = new Uint8Array(12 + size)
    writeRtpHead(packet, marker, type, sequence, 0, stream)
    expect(classify('udp', packet)).toEqual({ name: 'RTP', media: true, stream, sequence })
  },
)

law.prop([fc.uint8Array({ maxLength: 80 })])('any bytes have a label', (payload) => {
  expect(classify('udp', payload).name).not.toBe('')
})
