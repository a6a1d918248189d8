import { mkdtempSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { main } from '../../../experiments/cli/main.ts'
import type { Terminal } from '../../../experiments/cli/terminal.ts'
import { LiveHost } from '../../../live/host.ts'
import type { Host } from '../../../platform/host.ts'
import type { TraceRecord } from '../../../platform/trace.ts'
import { phone } from '../../../stack/programs/phone.ts'

const LOOPBACK = '127.0.0.61'

/** A terminal that keeps what is written, and calls when something is. */
class Paper implements Terminal {
  readonly columns = 100
  readonly color = false
  readonly live = false
  code: Terminal['code'] = 0
  text = ''
  errors = ''
  readonly #written: () => void

  constructor(written: () => void = () => {}) {
    this.#written = written
  }

  out(text: string): void {
    this.text += text
    this.#written()
  }

  err(text: string): void {
    this.errors += text
    this.#written()
  }
}

/** Runs `siptwin live …` to its end: `exit code: what it wrote`. */
async function live(...args: string[]): Promise<string> {
  const paper = new Paper()
  const code = await main(['node', 'siptwin', 'live', ...args], paper)
  return `${code}: ${paper.text}${paper.errors}`.trim()
}

/** Starts `siptwin live …`, and gives its end once it is ready. */
async function ready(...args: string[]): Promise<{ readonly ended: Promise<string> }> {
  let seen = (): void => {}
  const written = new Promise<void>((resolve) => {
    seen = resolve
  })
  const paper = new Paper(() => seen())
  const ended = main(['node', 'siptwin', 'live', ...args], paper).then((code) => `${code}: ${paper.text}`)
  await Promise.race([written, ended])
  return { ended }
}

/** A port that nobody has at the moment. */
function freePort(host: Host): number {
  const opened = host.udp({}, { received: () => {}, failed: () => {} })
  if (!opened.ok) throw new Error(opened.issue.expected)
  opened.value.close()
  return opened.value.local.port
}

const host = new LiveHost({ name: 'test', addresses: [LOOPBACK] })

describe('first mistakes', () => {
  test.each([
    ['answering-phones', '2: there is no topology "answering-phones": did you mean answering-phone?'],
    [
      'answering-phone --address localhost:5060',
      '2: --address needs an address and a port such as 192.0.2.1:5060, not "localhost:5060"',
    ],
    ['answering-phone --address 127.0.0.1:70000', '2: --address needs a port from 1 to 65535, not 70000'],
    [
      'answering-phone --address 127.0.0.1:0',
      '2: --address needs a port from 1 to 65535, not 0: whoever calls must know it beforehand',
    ],
    ['answering-phone --address 192.0.2.1:5060', '4: phone needs an address of this machine, not 192.0.2.1'],
    ['calling-phone --to bob', '2: --to needs'],
    ['calling-phone --calls 3', '2: --calls and --rate need --to, the URI to call'],
    ['calling-phone --to sip:bob@192.0.2.1 --calls 0', '2: --calls needs a number from 1 on, not 0'],
    [
      'calling-phone --to sip:bob@192.0.2.1 --rate fast',
      '2: --rate needs a number of calls per second above 0, not fast',
    ],
    [
      'two-phones --address 127.0.0.1:5060',
      '2: --address is for a topology with one host that runs a program, not alice, bob',
    ],
    [
      'two-phones',
      '4: alice needs an address of this machine, not 192.0.2.10: write some into the file, such as 127.0.0.1 and 127.0.0.2 (--address is for a topology with one host)',
    ],
  ])('%s', async (args, sentence) => {
    expect((await live(...args.split(' '))).slice(0, sentence.length)).toBe(sentence)
  })

  test('a port that is taken', async () => {
    const opened = host.udp({}, { received: () => {}, failed: () => {} })
    if (!opened.ok) throw new Error(opened.issue.expected)
    const { port } = opened.value.local
    expect(await live('answering-phone', '--address', `${LOOPBACK}:${port}`)).toBe(
      `4: phone needs a free port; ${LOOPBACK}:${port} is in use: end what has it, or name another with --address`,
    )
    opened.value.close()
  })

  test('a port that is taken on one of all addresses', async () => {
    const all = new LiveHost({ name: 'all' })
    const opened = all.udp({}, { received: () => {}, failed: () => {} })
    if (!opened.ok) throw new Error(opened.issue.expected)
    const { address, port } = opened.value.local
    const place = `${address.includes(':') ? `[${address}]` : address}:${port}`
    expect(await live('answering-phone', '--address', `0.0.0.0:${port}`)).toBe(
      `4: phone needs a free port; ${place} is in use, and --address asked for that port on all of this machine’s addresses: end what has it, or name another with --address`,
    )
    all.close()
  })

  test('a file of one host with an address of its own', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'live-')), 'phone.yaml')
    const phone = (more: string): string =>
      `nodes: { desk: { kind: host, address: ${more}, aor: 'sip:desk@example.com' } } }`
    writeFileSync(file, phone('192.0.2.10/24, runs: { program: phone'))
    expect(await live(file)).toBe(
      '4: desk needs an address of this machine, not 192.0.2.10: name one with --address, such as --address 127.0.0.1:5060',
    )
    const taken = createServer()
    await new Promise<void>((bound) => taken.listen(0, LOOPBACK, bound))
    const { port } = taken.address() as AddressInfo
    writeFileSync(file, phone(`${LOOPBACK}/8, runs: { program: phone, transport: tcp, port: ${port}`))
    expect(await live(file)).toBe(
      `4: desk needs a free port; ${LOOPBACK}:${port} is in use: end what has it, or name another with --address`,
    )
    taken.close()
  })
})

describe('two phones', () => {
  test('call and answer, and count', async () => {
    const place = `${LOOPBACK}:${freePort(host)}`
    const answering = await ready('answering-phone', '--address', place)
    const calls = ['--to', `sip:service@${place}`, '--calls', '2', '--rate', '10']
    const called = await live('calling-phone', '--address', `${LOOPBACK}:${freePort(host)}`, ...calls, '--json')
    process.emit('SIGINT')
    expect(called.slice(0, 2)).toBe('0:')
    const counts = JSON.parse(called.slice(3, called.lastIndexOf('}') + 1))
    const none = { failed: 0, open: 0, reasons: [] }
    expect(counts).toMatchObject({ topology: 'calling-phone', calls: 2, completed: 2, ...none })
    expect(await answering.ended).toBe(
      `130: answering-phone is ready: phone (phone) at ${place}, call sip:service@${place}; Ctrl-C ends it\n` +
        '2 calls: 2 completed, 0 failed, 0 messages sent again\n',
    )
  })

  test('interrupted: the call that is going on is hung up', async () => {
    const port = freePort(host)
    const established = (record: TraceRecord): void => {
      if (record.kind === 'transition' && record.to === 'established') process.emit('SIGINT')
    }
    const bob = new LiveHost({ name: 'bob', addresses: [LOOPBACK], sink: established })
    const answering = phone.start(bob, { aor: 'sip:bob@example.com', port, answerAfterMs: 0, talk: false })
    const calls = ['--to', `sip:bob@${LOOPBACK}:${port}`, '--calls', '100', '--rate', '0.1']
    const ended = await live('calling-phone', '--address', `${LOOPBACK}:${freePort(host)}`, ...calls)
    expect(ended.slice(0, 4)).toBe('130:')
    expect(ended.split('\n')[1]).toBe('1 call: 1 completed, 0 failed, 0 messages sent again')
    answering.stop()
    bob.close()
  })

  test('nobody there', async () => {
    const address = `${LOOPBACK}:${freePort(host)}`
    const ended = await live('calling-phone', '--address', address, '--to', 'sip:bob@[2001:db8::1]')
    expect(ended.split('\n')[1]).toBe(
      '1 call: 0 completed, 1 failed (503 network unreachable 1), 0 messages sent again',
    )
    expect(ended.slice(0, 2)).toBe('1:')
  })
})
