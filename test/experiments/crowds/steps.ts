// What is asked of a crowd: calls, and everything else that programs can be asked, much of it at one moment.

import type { Dice } from './dice.ts'
import type { Words } from './links.ts'
import { moment, time } from './moments.ts'
import type { DrawnNetwork } from './network.ts'

const METHODS = [
  'REFER',
  'SUBSCRIBE',
  'NOTIFY',
  'PUBLISH',
  'PRACK',
  'UPDATE',
  'MESSAGE',
  'INFO',
  'OPTIONS',
  'BYE',
] as const

/** All the scenario's steps. */
export function drawnScenario(dice: Dice, network: DrawnNetwork): readonly Words[] {
  const { phones, many, boxes, senders, uploaders, servers, nodes } = network
  const steps: Words[] = []
  const together = moment(dice)
  for (let calls = dice.from(1, 5); calls > 0; calls--) {
    const caller = dice.one(phones)
    const callee = dice.one([
      ...phones,
      ...phones,
      'group',
      'nowhere',
      ...(many.length > 0 ? ['phone1', 'phone2'] : []),
    ])
    const to = `sip:${callee}@example.com${dice.chance(0.1) ? ';transport=tcp' : ''}`
    steps.push({ ...(dice.chance(0.6) ? { at: together } : time(dice, network, 0.2)), who: caller, do: 'call', to })
    const ringing = phones.includes(callee)
      ? { when: `${callee} is ringing`, ...dice.maybe(0.7, () => ({ after: dice.one(['1 s', '500 ms', '20 ms']) })) }
      : { at: moment(dice) }
    const answering = phones.includes(callee) ? callee : dice.one(phones)
    steps.push({ ...ringing, who: answering, do: dice.one(['answer', 'answer', 'answer', 'reject']) })
    steps.push({
      ...(dice.chance(0.6)
        ? { when: 'call is established', after: dice.one(['0 s', '1 s', '3 s']) }
        : { at: moment(dice) }),
      who: dice.one([caller, answering]),
      do: dice.one(['hang up', 'hang up', 'cancel']),
    })
  }
  const others: readonly (() => Words)[] = [
    () => ({ who: dice.one(phones), do: dice.one(['register', 'register', 'unregister']) }),
    () => ({ who: dice.one(phones), do: 'options', to: `sip:${dice.one(phones)}@example.com` }),
    () => ({
      who: dice.one(Object.keys(nodes).filter((name) => nodes[name]!.kind === 'host')),
      do: 'ping',
      to: dice.one(Object.keys(nodes).filter((name) => nodes[name]!.kind === 'host')),
      count: dice.from(1, 4),
      every: dice.one(['1 ms', '500 ms']),
      bytes: dice.one([0, 56, 3000]),
      ttl: dice.one([64, 64, 2]),
    }),
    ...(boxes.length > 0 ? [() => ({ who: dice.one(boxes), do: 'reboot' })] : []),
    ...senders.map((who) => () => ({
      who,
      do: 'send',
      to: dice.one(['203.0.113.5', '198.18.1.10', 'example.com']),
      message: request(dice, phones),
    })),
    ...many.map((who) => () => ({ who, do: 'register' })),
    ...uploaders.map(
      (who) => () =>
        dice.one<Words>([
          { who, do: 'upload', size: '1 MB' },
          { who, do: 'upload', size: '100 kB' },
          { who, do: 'end upload' },
        ]),
    ),
    ...servers.map(
      (who) => () =>
        dice.one<Words>([
          { who, do: 'fail', with: dice.one(['timeout', 'SERVFAIL', 'REFUSED', 'NXDOMAIN']) },
          { who, do: 'recover' },
          { who, do: 'change', records: ['proxy.example.com. A 203.0.112.6'] },
        ]),
    ),
  ]
  for (let more = dice.from(0, 6); more > 0; more--)
    steps.push({ ...(dice.chance(0.4) ? { at: together } : time(dice, network, 0.2)), ...dice.one(others)() })
  return steps
}

/** Any method's request, as a sender sends it: what comes back, it hears. */
function request(dice: Dice, phones: readonly string[]): string {
  const method = dice.one(METHODS)
  const number = dice.from(1, 3)
  const to = `sip:${dice.one(phones)}@example.com`
  const padding = dice.chance(0.2) ? `Subject: ${'y'.repeat(2500)}\n` : ''
  const body = dice.chance(0.3) ? 'hello, world' : ''
  return `${method} ${to} SIP/2.0\nVia: SIP/2.0/UDP 198.18.0.10:5090;branch=z9hG4bK${method}${number}\nMax-Forwards: 70\nFrom: <sip:tester@example.com>;tag=${number}\nTo: <${to}>\nCall-ID: ${method}-${number}\nCSeq: ${number} ${method}\nContact: <sip:tester@198.18.0.10:5090>\n${padding}Content-Type: text/plain\nContent-Length: ${body.length}\n\n${body}`
}
