// What a topology says of a phone comes to the phone: keys whose words are not the program's own.

import { expect, test } from 'vitest'
import { classify } from '../../experiments/classify.ts'
import { latin1Decode } from '../../platform/text.ts'
import { Network } from '../../sim/network/network.ts'
import { program, startProgram } from '../../topologies/programs.ts'

/** All that comes to port 5060 of the phone's proxy within 5 s; the phone is asked to call at once, where it can. */
function heard(options: Readonly<Record<string, unknown>>): string[] {
  const network = new Network({ seed: 'told', level: 'counters', classify, sinks: [] })
  network.host('phone', { interfaces: [{ address: '10.0.0.1/24' }] })
  network.host('proxy', { interfaces: [{ address: '10.0.0.2/24' }] })
  network.link({ between: ['phone', 'proxy'], up: { delayNs: 1e6 }, down: { delayNs: 1e6 } })
  network.seal()
  const texts: string[] = []
  const received = (datagram: { bytes(): Uint8Array }): void => void texts.push(latin1Decode(datagram.bytes()))
  network.hostOf('proxy').udp({ port: 5060 }, { received, failed: () => undefined })
  const told = program.parse({ aor: 'sip:a*@example.com', proxy: '10.0.0.2', ...options })
  const running = startProgram(network.hostOf('phone'), told)
  network.ask(0, 'phone', () => void running.do('call', { to: 'sip:bob@example.com' }))
  network.run(5e9)
  return texts
}

test('many phones keep NATs awake, each by itself', () => {
  const pulses = heard({ program: 'phones', count: 3, keepAlive: '2 s' }).filter((text) => text === '\r\n\r\n')
  expect(pulses.length).toBe(9) // at 0, 2 and 4 s
})

test('headers that are numbers are texts to the phone, which cancels what has expired', () => {
  const inviteHeaders = { Expires: 1, Subject: 'a,b', Priority: 'urgent' }
  const [invite = ''] = heard({ program: 'phone', aor: 'sip:alice@example.com', inviteHeaders })
  for (const line of ['Expires: 1', 'Subject: a,b', 'Priority: urgent']) expect(invite).toContain(`\r\n${line}\r\n`)
})
