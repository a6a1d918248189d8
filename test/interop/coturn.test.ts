// STUN beside coturn, on real sockets: its tools discover through our server, and our probe through its server.

import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect } from 'vitest'
import { LiveHost } from '../../live/host.ts'
import type { TraceRecord } from '../../platform/trace.ts'
import { type NatProbeOptions, natProbe } from '../../stack/programs/natProbe.ts'
import { stunServer } from '../../stack/programs/stunServer.ts'
import { endProcesses, freePort, Running, testWithProgram } from './process.ts'

const [A1, A2] = ['127.0.0.61', '127.0.0.62'] as const
const PROBE = '127.0.0.63'
const test = testWithProgram('turnserver', 'apt-get install coturn')

afterEach(endProcesses)

describe('coturn’s tools and our server', () => {
  test('mapping, filtering, another origin, and padding are understood', async () => {
    const host = new LiveHost({ name: 'stun', addresses: [A1, A2] })
    const port = await freePort(A1)
    const alternatePort = await freePort(A2)
    const server = stunServer.start(host, { port, alternatePort })
    const told = async (...options: string[]): Promise<string> => {
      const { stdout, stderr } = await new Running('turnutils_natdiscovery', [...options, '-p', `${port}`, A1]).ended
      return stdout + stderr
    }
    const found = await told('-m', '-f')
    expect(found).toContain('NAT with Endpoint Independent Mapping!')
    expect(found).toContain('NAT with Endpoint Independent Filtering!')
    expect(found).toContain(`Other addr: : ${A2}:${alternatePort}`)
    expect(found).toContain(`Response origin: : ${A2}:${alternatePort}`)
    expect(await told('-m', '-P')).toContain('NAT with Endpoint Independent Mapping!')
    server.stop()
    host.close()
  })
})

describe('our probe and coturn’s server', () => {
  /** What the probe remarks, until `NAT discovered`. */
  async function discovered(
    arguments_: readonly string[],
    options: Partial<NatProbeOptions>,
  ): Promise<readonly string[]> {
    const port = await freePort(A1)
    const folder = mkdtempSync(join(tmpdir(), 'coturn-'))
    const places = ['-L', A1, '-L', A2, '-p', `${port}`, '--alt-listening-port', `${port + 1}`]
    const files = ['--pidfile', join(folder, 'pid'), '--userdb', join(folder, 'db'), '-l', 'stdout', '--simple-log']
    const quiet = ['--no-cli', '--no-tls', '--no-dtls', '--no-tcp', '-n', '--cli-password', 'x']
    const process = new Running('turnserver', [...places, ...files, ...quiet, ...arguments_])
    await process.says('Total General servers')
    const remarks: string[] = []
    const listeners: ((what: string) => void)[] = []
    const sink = (record: TraceRecord): void => {
      if (record.kind !== 'remark') return
      remarks.push(record.what)
      for (const listen of listeners) listen(record.what)
    }
    const host = new LiveHost({ name: 'alice', addresses: [PROBE], sink })
    const ended = new Promise<void>((over) => {
      listeners.push((what) => what === 'NAT discovered' && over())
    })
    const probe = natProbe.start(host, { server: `${A1}:${port}`, timers: { rtoMs: 100, rc: 4, rm: 4 }, ...options })
    expect(probe.do('discover', {})).toBeUndefined()
    await ended
    probe.stop()
    host.close()
    await process.interrupt('SIGTERM')
    return remarks
  }

  test('no NAT on the loopback: every test has its answer', async () => {
    expect(await discovered([], {})).toEqual([
      'no NAT',
      'endpoint-independent mapping',
      'endpoint-independent filtering',
      'ports preserved',
      'fragments pass',
      'NAT discovered',
    ])
  })

  test('long-term credentials are challenged and believed, and others are not', async () => {
    const guarded = ['--secure-stun', '--lt-cred-mech', '-u', 'alice:secret', '-r', 'example.com']
    const credentials = { username: 'alice', password: 'secret' }
    expect(await discovered(guarded, { credentials })).toContain('endpoint-independent mapping')
    expect(await discovered(guarded, { credentials: { ...credentials, password: 'guess' } })).toContain(
      'the server refuses with 401',
    )
    expect(await discovered(guarded, {})).toContain('the server refuses with 401')
  })
})
