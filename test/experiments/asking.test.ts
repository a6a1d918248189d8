// `siptwin why` and `siptwin diff` on runs as they lie in their folders, sound or not.

import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { main } from '../../experiments/cli/main.ts'

let folder = ''
const at = (name: string): string => join(folder, name)

async function siptwin(...words: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  const said = { out: '', err: '' }
  const out = (text: string): void => {
    said.out += text
  }
  const err = (text: string): void => {
    said.err += text
  }
  const code = await main(['node', 'siptwin', ...words], { out, err, columns: 140, color: false, live: false, code: 0 })
  return { code, ...said }
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'siptwin-asking-'))
  const record = ['--trace', 'signalling', '--quiet', '--out']
  await siptwin('run', 'lost-200', ...record, at('lost'))
  await siptwin('run', 'lost-200', '--set', 'faults=[]', ...record, at('calm'))
  await siptwin('run', 'unreachable-icmp', ...record, at('broken'))
  await siptwin('run', 'unreachable-icmp', ...record, at('cut'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('why', () => {
  test('answers from the folder or the manifest, in words or as JSON', async () => {
    const asked = ['the 2nd 200 INVITE is sent by bob'] as const
    const { code, out } = await siptwin('why', at('lost'), ...asked)
    expect([code, out]).toEqual([0, expect.stringContaining('the timer "2xx core" fired')])
    expect((await siptwin('why', at('lost/manifest.json'), ...asked)).out).toBe(out)
    const json = JSON.parse((await siptwin('why', at('lost'), ...asked, '--json')).out)
    expect(json).toMatchObject({ event: asked[0], found: true, lines: out.trimEnd().split('\n') })
  })

  test.each([
    ['nowhere', 'alice#1', 'there is no such file'],
    ['lost', 'carol#1', 'expected a record of a node of the run: alice, bob, proxy, router'],
    ['lost', '200 INVITE is sent by bop', 'did you mean bob?'],
    ['lost', 'what for', 'expected the name of a record such as alice#12, or a sentence that is known'],
  ])('in %s, about %s: exit 2, and a sentence', async (run, event, sentence) => {
    const { code, err } = await siptwin('why', at(run), event)
    expect([code, err]).toEqual([2, expect.stringContaining(sentence)])
  })

  test('a trace that is broken is told by its line; one that was cut off is read as far as it goes', async () => {
    const lines = readFileSync(at('broken/trace.jsonl'), 'utf8').split('\n')
    writeFileSync(
      at('broken/trace.jsonl'),
      [lines[0], lines[1]?.replace('"kind"', '"kid"'), ...lines.slice(2)].join('\n'),
    )
    const { code, err } = await siptwin('why', at('broken'), 'alice#1')
    expect([code, err]).toEqual([2, expect.stringContaining('trace.jsonl: line 2: kind: one of sent, forwarded')])
    appendFileSync(at('cut/trace.jsonl'), '{"at":99')
    expect((await siptwin('why', at('cut'), 'alice#1')).code).toBe(0)
    rmSync(at('cut/trace.jsonl'))
    expect(await siptwin('why', at('cut'), 'alice#1')).toMatchObject({ code: 2, out: '' })
  })
})

describe('diff', () => {
  test('a run is the same as itself', async () => {
    expect(await siptwin('diff', at('lost'), at('lost'))).toMatchObject({
      code: 0,
      out: 'The runs are the same, record by record.\n',
    })
  })

  test('two that part: what was set otherwise, and from where on they differ', async () => {
    const { code, out } = await siptwin('diff', at('calm'), at('lost'))
    expect(code).toBe(1)
    expect(out).toContain('experiment.faults.0: nothing and {"drop":')
    expect(out).toMatch(/The runs are the same up to 2\.01\d+ s/)
    expect(out).toMatch(/>\s+2\.512 .*200 OK \(SDP\)/)
    const json = JSON.parse((await siptwin('diff', at('calm'), at('lost'), '--json')).out)
    expect(json).toMatchObject({ same: false, parting: { right: { kind: 'lost' } } })
  })

  test('a run that is none: exit 2', async () => {
    expect((await siptwin('diff', at('lost'), at('nowhere'))).code).toBe(2)
  })
})
