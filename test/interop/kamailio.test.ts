// A phone of ours registers with digest credentials at Debian's kamailio, on real sockets.

import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, describe, expect } from 'vitest'
import { LiveHost } from '../../live/host.ts'
import type { TraceRecord } from '../../platform/trace.ts'
import { phone } from '../../stack/programs/phone.ts'
import type { PhoneOptions } from '../../stack/programs/phoneOptions.ts'
import { tapped } from '../live/tap.ts'
import { endProcesses, freePort, Running, testWithProgram } from './process.ts'

const OURS = '127.0.0.53'
const THEIRS = '127.0.0.54'
const test = testWithProgram('kamailio', 'apt-get install kamailio')

/** Starts kamailio with our configuration; `definitions` are its `-A`. */
async function kamailio(...definitions: string[]): Promise<{ readonly process: Running; readonly port: number }> {
  const folder = mkdtempSync(join(tmpdir(), 'kamailio-'))
  const port = await freePort(THEIRS)
  const listening = ['-f', resolve('test/interop/kamailio.cfg'), '-l', `udp:${THEIRS}:${port}`]
  const here = ['-DD', '-E', '-m', '16', '-M', '4', '-w', folder, '-Y', folder, '-P', join(folder, 'pid')]
  const process = new Running('kamailio', [...listening, ...here, ...definitions.flatMap((name) => ['-A', name])])
  await process.says(`udp: ${THEIRS}`)
  return { process, port }
}

/** What our phone sent, and the states its registration went through until `last`. */
interface Outcome {
  readonly said: readonly string[]
  readonly states: readonly string[]
}

/** A phone registers, and once it has, takes its registration back; over at the `last` state. */
async function register(port: number, last: string, options: Partial<PhoneOptions>): Promise<Outcome> {
  const said: string[] = []
  const states: string[] = []
  const listeners: ((state: string) => void)[] = []
  const sink = (record: TraceRecord): void => {
    if (record.kind !== 'transition' || record.machine !== 'registration') return
    states.push(record.to)
    for (const listen of listeners) listen(record.to)
  }
  const host = new LiveHost({ name: 'alice', addresses: [OURS], sink })
  const ended = new Promise<void>((over) => {
    listeners.push((state) => {
      if (state === last) host.after(0, over)
    })
  })
  const tap = tapped(host, (bytes) => said.push(new TextDecoder().decode(bytes)))
  const running = phone.start(tap, {
    ...{ aor: 'sip:alice@example.com', proxy: `${THEIRS}:${port}`, port: await freePort(OURS) },
    ...{ password: 'secret', register: true, ...options },
  })
  listeners.push((state) => {
    if (state === 'registered') host.after(0, () => running.do('unregister', {}))
  })
  await ended
  running.stop()
  host.close()
  return { said, states }
}

const header = (message: string, name: string): string => new RegExp(`^${name}: (.*)\r$`, 'm').exec(message)?.[1] ?? ''

afterEach(endProcesses)

describe('kamailio as registrar', () => {
  test.each([
    ['MD5', []],
    ['SHA-256', ['SHA256']],
  ])('%s: challenged once, registered, and taken back', async (algorithm, definitions) => {
    const { process, port } = await kamailio(...definitions)
    const { said, states } = await register(port, 'unregistered', {})
    expect(said.map((message) => message.slice(0, message.indexOf('\r')))).toEqual(
      said.map(() => 'REGISTER sip:example.com SIP/2.0'),
    )
    const authorizations = said.map((message) => header(message, 'Authorization'))
    expect(authorizations[0]).toBe('')
    expect(authorizations[1]).toMatch(/^Digest username="alice", ?realm="example.com", ?nonce="/)
    if (algorithm !== 'MD5') expect(authorizations[1]).toContain(`algorithm=${algorithm}`)
    expect(states).toContain('registered')
    expect(header(said.at(-1)!, 'Expires') || header(said.at(-1)!, 'Contact')).toMatch(/^0$|expires=0/)
    await process.interrupt('SIGTERM')
  })

  test('a wrong password is refused, and not tried forever', async () => {
    const { process, port } = await kamailio()
    const { said, states } = await register(port, 'refused', { password: 'guess' })
    expect(said.length).toBe(2)
    expect(states).not.toContain('registered')
    await process.interrupt('SIGTERM')
  })
})
