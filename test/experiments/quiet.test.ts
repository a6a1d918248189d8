// Every command can be told to give one document, or to say little.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { packageRoot } from '../../experiments/cli/library.ts'
import { main } from '../../experiments/cli/main.ts'

const ROOT = packageRoot()
let folder = ''
beforeAll(async () => {
  mkdirSync(join(ROOT, 'out'), { recursive: true })
  folder = mkdtempSync(join(ROOT, 'out/quiet-'))
  await said('run', 'lost-200', '--quiet', '--trace', 'signalling', '--out', join(folder, 'run'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** What is said on stdout. */
async function said(...words: readonly string[]): Promise<string> {
  return (await asked(...words)).out
}

async function asked(...words: readonly string[]) {
  let [out, err] = ['', '']
  const terminal = {
    out: (text: string) => {
      out += text
    },
    err: (text: string) => {
      err += text
    },
    ...{ columns: 100, color: false, live: false, code: 0 as const },
  }
  const code = await main(['node', 'siptwin', ...words], terminal)
  return { out, err, code }
}

test('every command takes --json and --quiet; and --seed, or says what to do instead', async () => {
  const commands = [...(await said('--help')).matchAll(/^ {2}([a-z]+) .*$/gm)].map(([, name]) => name!)
  const known = commands.filter((name) => name !== 'help')
  expect(known.length).toBeGreaterThan(11)
  for (const name of known) {
    const help = await said(name, '--help')
    expect(help, name).toMatch(/ {2}--json .*\n(?:.*\n)* {2}--quiet /)
    if (/ {2}--seed /.test(help)) continue
    const { code, err } = await asked(name, '--seed', '1')
    expect({ name, code, err }).toEqual({
      ...{ name, code: 2 },
      err: expect.stringMatching(new RegExp(`^${name} takes no --seed: .*siptwin run.*\\n$`)),
    })
  }
})

describe('quiet', () => {
  test('list gives names alone, one a line', async () => {
    const loud = await said('list', 'topologies')
    const names = loud.split('\n').flatMap((line) => /^ {2}(\S+)/.exec(line)?.[1] ?? [])
    expect(await said('list', 'topologies', '--quiet')).toBe(names.map((name) => `${name}\n`).join(''))
    expect((await said('list', '--quiet')).split('\n')).toEqual(
      expect.arrayContaining(['basic-call', 'field/no-ringback']),
    )
    const asked = (await said('list', 'properties', '--quiet')).split('\n')
    expect(asked).toEqual(expect.arrayContaining(['lost-and-late', 'Timer A']))
  })

  test('schema gives the keys alone', async () => {
    expect(await said('schema', 'topology', '--quiet')).toBe('title\nnodes\nlinks\nnames\n')
  })

  test('why gives the causes, and nothing beside them; of a run, what went wrong in it', async () => {
    const run = join(folder, 'run')
    const asked = ['why', run, '200 INVITE is received by alice'] as const
    const loud = (await said(...asked)).split('\n')
    const quiet = (await said(...asked, '--quiet')).split('\n')
    expect(quiet).toEqual(loud.filter((line) => !line.startsWith('    ')))
    expect(quiet.length).toBeLessThan(loud.length)
    expect(await said('why', run, '--quiet')).toBe(
      ['is lost', 'is sent again by bob because of 2xx core', 'is sent again by proxy because of 2xx core']
        .map((what) => `200 INVITE ${what}\n`)
        .join(''),
    )
  })

  test('explain gives what is wrong, by its place, and nothing of a sound message', async () => {
    const lines = [
      'OPTIONS sip:bob@10.0.0.2 SIP/2.0',
      'Via: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bK1',
      'From: <sip:a@example.com>;tag=1',
      'To: <sip:b@example.com>',
      'Call-ID: c1',
      'CSeq: 1 OPTIONS',
      'Max-Forwards: 70',
      'Content-Length: 0',
    ]
    const explained = async (some: readonly string[]): Promise<string> => {
      writeFileSync(join(folder, 'message.sip'), `${some.join('\r\n')}\r\n\r\n`)
      return said('explain', join(folder, 'message.sip'), '--quiet')
    }
    expect(await explained(lines)).toBe('')
    expect(await explained(lines.with(5, 'CSeq: 1 INVITE'))).toMatch(/^✗ line 6, column \d+: .*\n$/)
  })
})
