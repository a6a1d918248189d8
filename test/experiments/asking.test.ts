// `siptwin why` and `siptwin diff` on runs as they lie in their folders, sound or not.

import { appendFileSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
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
  writeFileSync(at('notes.txt'), 'what I saw\n')
  await siptwin('run', 'lost-200', ...record, at('lost'))
  await siptwin('run', 'lost-200', '--set', 'faults=[]', ...record, at('calm'))
  await siptwin('run', 'unreachable-icmp', ...record, at('broken'))
  await siptwin('run', 'unreachable-icmp', ...record, at('cut'))
  copyFileSync(at('lost/manifest.json'), at('alone.json'))
  writeFileSync(at('halved.json'), readFileSync(at('alone.json'), 'utf8').slice(0, 700))
  await siptwin('run', 'nat-idle', '--quiet', '--out', at('table'))
  await siptwin('run', 'field/one-way-audio', '--quiet', '--out', at('mute'))
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
    ['nowhere', 'alice#1', 'there is no run "'],
    ['lost', 'carol#1', 'expected a record of a node of the run: alice, bob, proxy, router'],
    ['lost', 'proxy#99999', 'The run has no record proxy#99999.'],
    ['lost', 'INVITE is never sent', 'or what can happen, in one of these forms: "call is {state}", '],
    ['lost', '180 INVIT is lost', 'did you mean 180 INVITE?'],
    ['lost', '200 INVITE is sent by bop', 'did you mean bob?'],
    ['lost/trace.jsonl', 'alice#1', 'name the manifest.json beside it'],
    ['.', 'alice#1', 'holds no run: it has no manifest.json; siptwin run … --out <folder> writes one'],
    [
      'alone.json',
      'alice#1',
      'alone.json stands alone: what happened in the run is read from the trace.jsonl beside it',
    ],
    ['halved.json', 'alice#1', '} that closes this, and the file ends: it was cut off, or one is missing'],
    ['table', 'alice#1', 'holds the table of a matrix, and none of its runs: siptwin run nat-idle --cell <row,column>'],
    ['notes.txt', 'alice#1', 'is no manifest of a run: it is no JSON object'],
    ['lost', 'alice#0', 'expected a record of the run: they are numbered from 1 on, as in alice#12'],
    ['lost', 'alice#99999999999', 'expected a record of the run: they are numbered from 1 on, as in alice#12'],
    ['lost', 'what for', 'expected the name of a record such as alice#12, or a sentence that is known'],
  ])('in %s, about %s: exit 2, and a sentence', async (run, event, sentence) => {
    const { code, err } = await siptwin('why', at(run), event)
    expect([code, err]).toEqual([2, expect.stringContaining(sentence)])
  })

  test('who hears nothing is told where the other’s voice went', async () => {
    const { code, out } = await siptwin('why', at('mute'), 'alice hears bob')
    expect(code).toBe(0)
    expect(out).toMatch(/^bob sent RTP to 192\.168\.1\.10:10000, an address of alice: 253 packets, from 1\.018 s to /m)
    const lost = /^ {2}253 were lost at internet: no route \(.*\); the first is (internet#\d+)$/m.exec(out)?.[1]
    expect((await siptwin('why', at('mute'), lost!)).out).toContain('RTP from bob is lost at internet: no route')
    const nobody = await siptwin('why', at('mute'), 'alice hears internet')
    expect(nobody.out.split('\n')[1]).toBe('internet sent no RTP.')
    const signalling = await siptwin('why', at('lost'), 'bob hears bob')
    expect(signalling.out).toContain('No RTP is on record: run it again with --trace everything.')
  })

  test.each(['lost', 'mute'])(
    'without an event it says what %s can be asked, and each of that has an answer',
    async (run) => {
      const { code, out } = await siptwin('why', at(run))
      expect([code, out]).toEqual([0, expect.stringContaining('{node} hears {other}')])
      const { wrong, right, forms } = JSON.parse((await siptwin('why', at(run), '--json')).out)
      expect(forms.length).toBeGreaterThan(10)
      expect(right.length).toBeGreaterThan(5)
      expect(wrong.includes('200 INVITE is lost')).toBe(run === 'lost')
      for (const sentence of [...wrong, ...right]) {
        expect(out).toContain(`  ${sentence}\n`)
        const answer = JSON.parse((await siptwin('why', at(run), sentence, '--json')).out)
        expect([sentence, answer.found]).toEqual([sentence, true])
      }
    },
  )

  test('a trace that is broken, or was cut off, is told by its line', async () => {
    const lines = readFileSync(at('broken/trace.jsonl'), 'utf8').split('\n')
    writeFileSync(
      at('broken/trace.jsonl'),
      [lines[0], lines[1]?.replace('"kind"', '"kid"'), ...lines.slice(2)].join('\n'),
    )
    const { code, err } = await siptwin('why', at('broken'), 'alice#1')
    expect([code, err]).toEqual([2, expect.stringContaining('trace.jsonl: line 2: kind: one of sent, forwarded')])
    appendFileSync(at('cut/trace.jsonl'), '{"at":99')
    const cut = await siptwin('why', at('cut'), 'call is established')
    expect(cut).toMatchObject({
      code: 2,
      out: '',
      err: expect.stringMatching(/trace\.jsonl was cut off in line \d+, and/),
    })
    copyFileSync(at('lost/manifest.json'), at('cut/manifest.json'))
    const whole = readFileSync(at('lost/trace.jsonl'), 'utf8').trimEnd().split('\n')
    const kept = whole.slice(0, -3)
    writeFileSync(at('cut/trace.jsonl'), `${kept.join('\n')}\n`)
    const has = `trace.jsonl has ${kept.length} of the ${whole.length} records of its run`
    for (const asked of [
      ['why', at('cut'), 'call is established'],
      ['why', at('cut')],
      ['diff', at('lost'), at('cut')],
    ])
      expect(await siptwin(...asked)).toMatchObject({ code: 2, out: '', err: expect.stringContaining(has) })
    writeFileSync(at('cut/trace.jsonl'), `${[...whole, whole.at(-1)].join('\n')}\n`)
    expect((await siptwin('why', at('cut'), 'alice#1')).err).toContain(
      `more than the ${whole.length} records of its run`,
    )
    rmSync(at('cut/trace.jsonl'))
    mkdirSync(at('cut/trace.jsonl'))
    expect((await siptwin('why', at('cut'), 'alice#1')).err).toMatch(/trace\.jsonl cannot be read: it is a folder\n$/)
    rmSync(at('cut/trace.jsonl'), { recursive: true })
    expect(await siptwin('why', at('cut'), 'alice#1')).toMatchObject({ code: 2, out: '' })
  })
})

describe('diff', () => {
  test('--quiet says it by the exit code', async () => {
    expect(await siptwin('diff', at('lost'), at('lost'), '--quiet')).toEqual({ code: 0, out: '', err: '' })
    expect(await siptwin('diff', at('lost'), at('calm'), '--quiet')).toEqual({ code: 1, out: '', err: '' })
  })

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
