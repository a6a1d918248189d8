// What a phone and a proxy with a registrar answer to the torture messages of RFC 4475 and RFC 5118, where these name a response or leave it open.

import { readFileSync } from 'node:fs'
import { describe, expect } from 'vitest'
import { classify } from '../../../experiments/classify.ts'
import { latin1Decode } from '../../../platform/text.ts'
import { Network } from '../../../sim/network/network.ts'
import { phone } from '../../../stack/programs/phone.ts'
import { proxy } from '../../../stack/programs/proxy.ts'
import { data, testWith } from '../../data.ts'

/** The status of the first answer to a message, or the method that is sent on: by a phone of the user that its Request-URI names, or by a proxy for example.com. */
function answerTo(name: string, who: 'phone' | 'proxy'): string {
  const bytes = new Uint8Array(readFileSync(data(`torture/${name}`)))
  const sent: string[] = []
  const network = new Network({
    ...{ seed: 'tortured', level: 'signalling', classify },
    sinks: [
      (record) =>
        record.kind === 'sent' && record.id.node === 'one' && sent.push(record.packet.label.name.split(' ')[0]!),
    ],
  })
  const addresses = (n: number) => [{ address: `10.0.0.${n}/24` }, { address: `2001:db8::${n}/64` }]
  network.host('one', { interfaces: addresses(1) })
  network.host('tester', { interfaces: addresses(2) })
  network.link({ between: ['one', 'tester'], up: { delayNs: 1e6 }, down: { delayNs: 1e6 } })
  network.seal()
  const user = /^\S+ +<?sips?:([\w.-]+)@/.exec(latin1Decode(bytes))?.[1] ?? 'user'
  if (who === 'phone') phone.start(network.hostOf('one'), { aor: `sip:${user}@example.com`, talk: false })
  else proxy.start(network.hostOf('one'), { domain: 'example.com', anyone: true, registrar: {} })
  const tester = network.hostOf('tester')
  const socket = tester.udp({ port: 5060 }, { received: () => undefined, failed: () => undefined })
  if (!socket.ok) throw new Error(socket.issue.expected)
  network.ask(0, 'tester', () => socket.value.send(tester.endpoint('10.0.0.1', 5060), new Uint8Array(0), bytes))
  network.run(400e6)
  return sent[0] ?? 'nothing'
}

// biome-ignore format: a table
const ANSWERS = [
  // message                                   a phone       a proxy
  ['rfc4475/badaspec.dat',                      '400',       '400'],
  ['rfc4475/badbranch.dat',                     '200',       '480'],
  ['rfc4475/baddate.dat',                       '400',       '400'],
  ['rfc4475/baddn.dat',                         '400',       '400'],
  ['rfc4475/badinv01.dat',                      'nothing',   'nothing'],
  ['rfc4475/badvers.dat',                       '505',       '505'],
  ['rfc4475/bcast.dat',                         'nothing',   'nothing'],
  ['rfc4475/bext01.dat',                        '420',       '420'],
  ['rfc4475/bigcode.dat',                       'nothing',   'nothing'],
  ['rfc4475/clerr.dat',                         '400',       '400'],
  ['rfc4475/cparam01.dat',                      '405',       '200'],
  ['rfc4475/cparam02.dat',                      '405',       '200'],
  ['rfc4475/dblreq.dat',                        '405',       '200'],
  ['rfc4475/esc01.dat',                         '404',       '100'],
  ['rfc4475/esc02.dat',                         '501',       '500'],
  ['rfc4475/escnull.dat',                       '405',       '200'],
  ['rfc4475/escruri.dat',                       '400',       '400'],
  ['rfc4475/insuf.dat',                         'nothing',   'nothing'],
  ['rfc4475/intmeth.dat',                       '501',       '480'],
  ['rfc4475/inv2543.dat',                       '180',       '480'],
  ['rfc4475/invut.dat',                         '415',       '480'],
  ['rfc4475/longreq.dat',                       '180',       '480'],
  ['rfc4475/ltgtruri.dat',                      '400',       '400'],
  ['rfc4475/lwsdisp.dat',                       '200',       '480'],
  ['rfc4475/lwsruri.dat',                       '400',       '400'],
  ['rfc4475/lwsstart.dat',                      '400',       '400'],
  ['rfc4475/mcl01.dat',                         '400',       '400'],
  ['rfc4475/mismatch01.dat',                    '400',       '400'],
  ['rfc4475/mismatch02.dat',                    '400',       '400'],
  ['rfc4475/mpart01.dat',                       '405',       'MESSAGE'],
  ['rfc4475/multi01.dat',                       '400',       '400'],
  ['rfc4475/ncl.dat',                           '400',       '400'],
  ['rfc4475/noreason.dat',                      'nothing',   'nothing'],
  ['rfc4475/novelsc.dat',                       '416',       '416'],
  ['rfc4475/quotbal.dat',                       '400',       '400'],
  ['rfc4475/regaut01.dat',                      '405',       '200'],
  ['rfc4475/regbadct.dat',                      '400',       '400'],
  ['rfc4475/regescrt.dat',                      '405',       '200'],
  ['rfc4475/scalar02.dat',                      '400',       '400'],
  ['rfc4475/scalarlg.dat',                      'nothing',   'nothing'],
  ['rfc4475/sdp01.dat',                         '406',       '480'],
  ['rfc4475/semiuri.dat',                       '404',       '480'],
  ['rfc4475/transports.dat',                    '200',       '480'],
  ['rfc4475/trws.dat',                          '400',       '400'],
  ['rfc4475/unkscm.dat',                        '416',       '416'],
  ['rfc4475/unksm2.dat',                        '405',       '404'],
  ['rfc4475/unreason.dat',                      'nothing',   'nothing'],
  ['rfc4475/wsinv.dat',                         '481',       '100'],
  ['rfc4475/zeromf.dat',                        '200',       '483'],
  ['rfc5118/ipv4-mapped-ipv6',                  '488',       '480'],
  ['rfc5118/ipv6-bad',                          '400',       '400'],
  ['rfc5118/ipv6-bug-abnf-3-colons',            '200',       'OPTIONS'],
  ['rfc5118/ipv6-correct-abnf-2-colons',        '200',       'OPTIONS'],
  ['rfc5118/ipv6-good',                         '405',       'REGISTER'],
  ['rfc5118/ipv6-in-sdp',                       '400',       '400'],
  ['rfc5118/mult-ip-in-header',                 '481',       '500'],
  ['rfc5118/mult-ip-in-sdp',                    '400',       '400'],
  ['rfc5118/port-ambiguous',                    '405',       'REGISTER'],
  ['rfc5118/port-unambiguous',                  '405',       'REGISTER'],
  ['rfc5118/via-received-param-no-delim',       '200',       'OPTIONS'],
  ['rfc5118/via-received-param-with-delim',     '481',       'BYE'],
] as const

describe('the torture messages', () => {
  testWith('torture/rfc4475')('are answered', () => {
    const got = ANSWERS.map(([name]) => [name, answerTo(name, 'phone'), answerTo(name, 'proxy')])
    expect(got).toEqual(ANSWERS)
  })
})
