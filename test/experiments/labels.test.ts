import { fc, test as law } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { classify } from '../../experiments/classify.ts'
import { LABEL_PATTERN, readLabel } from '../../experiments/labels.ts'
import { METHODS } from '../../stack/sip/user-agent/methods.ts'

const judged = (text: string): string => {
  const read = readLabel(text)
  return read.ok ? 'a label' : read.issue.expected
}

describe('labels', () => {
  test.each([
    ...Object.keys(METHODS),
    ...['100 INVITE', '699 BYE', 'RTP', 'RTCP', 'STUN', 'UDP', 'load', 'ICMP', 'ICMP echo', 'ICMP echo reply'],
    ...['DNS query SRV', 'DNS answer NAPTR', 'TCP SYN ACK', 'TCP data', 'TLS ClientHello', 'TLS data'],
    ...['fragment of INVITE', 'fragment of 200 INVITE', 'fragment of RTP', 'fragment of ICMP echo'],
    ...['PING', 'SERVICE', 'QAUTH', 'BENOTIFY', '501 QAUTH', 'X-PROBE'],
  ])('%s is one', (text) => {
    expect(judged(text)).toBe('a label')
    expect(text).toMatch(new RegExp(`^(?:${LABEL_PATTERN})$`))
  })

  test.each<[string, string]>([
    ['180 INVIT', '180 INVITE'],
    ['200 BYEE', '200 BYE'],
    ['INVIET', 'INVITE'],
    ['invite', 'INVITE'],
    ['rtp', 'RTP'],
    ['RTTP', 'RTP'],
    ['Load', 'load'],
    ['INVITE 200', '200 INVITE'],
    ['bye 200', '200 BYE'],
    ['200', '200 INVITE'],
    ['200 OK', '200 INVITE'],
    ['180 RINGING', '180 INVITE'],
    ['dns query srv', 'DNS query SRV'],
    ['DNS query SVR', 'DNS query SRV'],
    ['TCP syn', 'TCP SYN'],
    ['fragment of INVIT', 'fragment of INVITE'],
    ['ICMP eco', 'ICMP echo'],
    ['ICMP port unreachable', 'ICMP'],
    ['RTP from bob', 'RTP'],
  ])('%s is none: did you mean %s?', (text, meant) => {
    expect(judged(text)).toMatch(new RegExp(`not ".*": did you mean ${meant}\\?$`))
  })

  test.each(['999 INVITE', '099 INVITE', 'SIP', 'TCP', 'HI', '', 'INVITE BYE', '200 200 INVITE'])(
    '%s is none',
    (text) => {
      expect(judged(text)).toMatch(/^a label such as INVITE, 200 INVITE or RTP, not "/)
    },
  )
})

law.prop([fc.uint8Array({ maxLength: 80 }), fc.constantFrom('udp', 'tcp', 'icmp')])(
  'what is no SIP is called by a label',
  (payload, protocol) => {
    const { name, call } = classify(protocol as 'udp', payload)
    if (call === undefined) expect(judged(name)).toBe('a label')
  },
)
