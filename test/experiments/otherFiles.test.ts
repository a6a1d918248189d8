// Files that are not what they are taken for: each is told from what was wanted in a sentence, and none is a bug.

import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { packageRoot } from '../../experiments/cli/library.ts'
import { main } from '../../experiments/cli/main.ts'

const ROOT = packageRoot()
let folder = ''
const at = (name: string): string => join(folder, name)
beforeAll(async () => {
  mkdirSync(join(ROOT, 'out'), { recursive: true })
  folder = mkdtempSync(join(ROOT, 'out/files-'))
  await said('run', 'unreachable-icmp', '--quiet', '--trace', 'signalling', '--out', at('run'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** `code: what was said of it`, the folder's name left out. */
async function said(...words: readonly string[]): Promise<string> {
  let err = ''
  const write = (text: string): void => {
    err += text
  }
  const terminal = { out: () => {}, err: write, columns: 100, color: false, live: false, code: 0 as const }
  const code = await main(['node', 'siptwin', ...words], terminal)
  return `${code}: ${err.replace(/\S*\/(?=\w+)/g, '')}`
}

describe('a document', () => {
  test.each<[string, Uint8Array, string]>([
    ['binary', Uint8Array.of(97, 58, 32, 0, 1, 2, 3, 10), 'is no text: expected a document in YAML or JSON'],
    ['utf16', Uint8Array.of(0xff, 0xfe, 97, 0, 58, 0), 'is text in UTF-16: save it as UTF-8'],
  ])('%s', async (name, bytes, sentence) => {
    writeFileSync(at(name), bytes)
    for (const command of ['run', 'validate', 'replay'])
      expect(await said(command, at(name))).toBe(`2: ${name} ${sentence}\n`)
  })

  test('of another kind than the command reads is told where it belongs', async () => {
    writeFileSync(at('net.yaml'), 'nodes: { a: { kind: host, address: 192.0.2.1/24 } }')
    writeFileSync(at('asked.yaml'), 'question: What?\ntopology: two-phones\nexpect: []')
    const manifest = at('run/manifest.json')
    const topology =
      'net.yaml is a topology, no experiment: an experiment names it under `topology:`, and siptwin init writes one of each; siptwin validate net.yaml checks it'
    for (const command of ['run', 'hunt']) {
      expect(await said(command, at('net.yaml'))).toBe(`2: ${topology}\n`)
      expect(await said(command, manifest)).toBe(
        '2: manifest.json is a manifest, no experiment: siptwin replay manifest.json\n',
      )
    }
    expect(await said('replay', at('asked.yaml'))).toBe(
      '2: asked.yaml is an experiment, no manifest: siptwin run asked.yaml\n',
    )
    expect(await said('validate', at('net.yaml'))).toBe('0: ')
    expect(await said('validate', manifest)).toBe('0: ')
    expect(await said('validate', at('asked.yaml'))).toBe('0: ')
  })

  test.each([
    [
      'old',
      'question: a\rtopology: b\r',
      'old has lines that end with a carriage return alone: save it with line feeds',
    ],
    [
      'much',
      `[${'x, '.repeat(1_000_001)}]`,
      'much says too much: a file of at most 1000000 keys and values can be read; ',
    ],
    [
      'json',
      `[${'"x","y",'.repeat(600_000)}1]`,
      'json says too much: a file of at most 1000000 keys and values can be read; ',
    ],
  ])('%s', async (name, text, sentence) => {
    writeFileSync(at(name), text)
    expect(await said('validate', at(name))).toContain(`2: ${sentence}`)
  })

  test.skipIf(process.platform === 'win32')('without an end is read so far and no further', async () => {
    for (const command of ['validate', 'run', 'hunt', 'live'])
      expect(await said(command, '/dev/zero')).toBe('2: zero is too large: a file of at most 64 MB can be read\n')
    expect(await said('explain', '/dev/zero')).toBe(
      '2: zero is too large: a message of at most 64 MB can be explained\n',
    )
    const pair = 'nodes: { a: { kind: host, address: 192.0.2.1/24 }, b: { kind: host, address: 192.0.2.2/24 } }\n'
    writeFileSync(at('endless.yaml'), `${pair}links: [{ between: [a, b], opportunities: { file: /dev/zero } }]\n`)
    expect(await said('validate', at('endless.yaml'))).toContain('a file of at most 16 MB: zero has more')
  })

  test('with a name that a shell would take apart is quoted in what is to be copied', async () => {
    writeFileSync(at("bob's call.sip"), 'OPTIONS sip:a@example.com SIP/2.0\r\n\r\n')
    expect(await said('validate', at("bob's call.sip"))).toMatch(/siptwin explain bob'\\''s call\.sip'\n$/)
  })

  test('with what is no text behind its beginning is not shown whole', async () => {
    writeFileSync(at('mixed'), `question: ${'x'.repeat(500)}\n]${'\u0001y'.repeat(5000)}\n`)
    const sentence = await said('run', at('mixed'))
    expect(sentence).toMatch(/^2: mixed:2:1: /)
    expect(sentence.split('\n')[0]!.length).toBeLessThan(300)
  })

  test.skipIf(process.platform === 'win32')('by a bare name that is a device or a pipe is read as it is', async () => {
    execFileSync('ln', ['-s', '/dev/null', join(ROOT, 'nothing-at-all')])
    try {
      expect(await said('run', 'nothing-at-all')).toContain(
        '2: nothing-at-all:1:1: a map of keys and values, not nothing',
      )
    } finally {
      rmSync(join(ROOT, 'nothing-at-all'))
    }
  })
})

describe('a run', () => {
  test('of JSON that is no object is no run', async () => {
    writeFileSync(at('list'), '[]')
    expect(await said('why', at('list'))).toMatch(/^2: list is no manifest of a run: it is no JSON object; /)
  })

  test('whose record is empty is not taken for one in which nothing happened', async () => {
    cpSync(at('run'), at('emptied'), { recursive: true })
    writeFileSync(at('emptied/trace.jsonl'), '')
    const sentence = '2: trace.jsonl is empty, and the run was not: copy the whole of it, or run it again\n'
    expect(await said('why', at('emptied'), 'alice is calling')).toBe(sentence)
    expect(await said('diff', at('run'), at('emptied'))).toBe(sentence)
  })

  test('in which nothing happened has an empty record', async () => {
    writeFileSync(
      at('still.yaml'),
      'question: What if nobody does anything?\ntopology: two-phones\nscenario: []\nexpect: []\n',
    )
    expect(await said('run', at('still.yaml'), '--quiet', '--out', at('still'))).toMatch(/^0: /)
    expect(await said('why', at('still'), 'alice is calling')).toBe('0: ')
  })
})

test('what the machine refuses where nobody foresaw it is the machine’s affair, and no bug', async () => {
  let err = ''
  const out = (): never => {
    throw Object.assign(new Error('ENOSPC'), { code: 'ENOSPC', errno: -28, syscall: 'write' })
  }
  const write = (text: string): void => {
    err += text
  }
  const terminal = { out, err: write, columns: 100, color: false, live: false, code: 0 as const }
  expect(await main(['node', 'siptwin', 'list'], terminal)).toBe(4)
  expect(err).toBe('the machine: no space is left (write)\n')
})

test('a folder in which a file is called as the folder of captures is', async () => {
  mkdirSync(at('odd'))
  writeFileSync(at('odd/capture'), 'x')
  expect(await said('audit', at('odd'))).toBe('2: odd is a folder, and has no capture in it\n')
})
