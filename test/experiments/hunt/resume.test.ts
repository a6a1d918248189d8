// A hunt that is killed goes on where it was: nothing is lost, and nothing done twice, wherever it was cut.

import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Journal } from '../../../experiments/cli/journal.ts'
import { siptwin } from './siptwin.ts'

const folder = mkdtempSync(join(tmpdir(), 'siptwin-resume-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const HUNT = [
  'hunt',
  'lost-and-late',
  '--mutant',
  'bye-answered-once',
  '--runs',
  '40',
  '--failures',
  '2',
  '--quick',
  '--json',
]
const whole = join(folder, 'whole')

interface Report {
  readonly cases: number
  readonly oracles: unknown
  readonly arrows: unknown
  readonly failures: readonly { readonly oracle: string }[]
  readonly known: readonly { readonly oracle: string }[]
}

/** What a hunt came to, however many processes it took. */
function sum({ cases, oracles, arrows, failures, known }: Report): object {
  return { cases, oracles, arrows, broken: [...known, ...failures].map(({ oracle }) => oracle) }
}

describe('a hunt with a journal', () => {
  let report: Report

  beforeAll(async () => {
    report = JSON.parse((await siptwin(...HUNT, '--out', whole)).out) as Report
  })

  test('finds what it is to find', () => {
    expect(report.failures.length).toBeGreaterThan(0)
    expect(report.cases).toBeGreaterThan(5)
  })

  test('is the same hunt if it was killed at any point', async () => {
    const journal = readFileSync(join(whole, 'hunt.jsonl'))
    let nth = 0
    const law = fc.asyncProperty(fc.nat(journal.length), fc.boolean(), async (cut, wasWriting) => {
      const out = join(folder, `cut-${nth++}`)
      mkdirSync(out)
      writeFileSync(join(out, 'hunt.jsonl'), journal.subarray(0, cut))
      // A failure whose files were under way when the kill came.
      if (wasWriting && cut > 0) copyFileSync(join(whole, 'manifest.json'), join(out, 'manifest.json'))
      const { out: said, err } = await siptwin(...HUNT, '--out', out)
      expect(err).toMatch(/^(written to \S+\n)?$/)
      expect(sum(JSON.parse(said) as Report)).toEqual(sum(report))
    })
    await fc.assert(law, { numRuns: 6 })
  })

  test('that is finished says so, and does nothing again', async () => {
    const again = await siptwin(...HUNT, '--out', whole)
    expect(sum(JSON.parse(again.out) as Report)).toEqual(sum(report))
    const told = await siptwin(...HUNT.filter((word) => word !== '--json'), '--out', whole)
    expect(told.out).toMatch(/case \d+ breaks Timer J: see .*; again: npx siptwin hunt/)
    expect(told.err).toMatch(/going on after \d+ cases/)
  })

  test('is not mixed with another', async () => {
    const { code, err } = await siptwin(...HUNT, '--seed', '9', '--out', whole)
    expect(err).toContain('has another hunt, lost-and-late with bye-answered-once, seed 1')
    expect(code).toBe(2)
  })

  test('whose journal is a folder: exit 4', async () => {
    const out = join(folder, 'folder')
    mkdirSync(join(out, 'hunt.jsonl'), { recursive: true })
    const { code, err } = await siptwin(...HUNT, '--out', out)
    expect(err).toContain('keeps its journal, and cannot be used: it is a folder; name another folder')
    expect(code).toBe(4)
  })

  test.each([
    ['nonsense', 'line 1 is no head of a hunt'],
    ['{"hunt":null}', 'line 1 is no head of a hunt'],
  ])('whose head is %s', async (head, says) => {
    const out = mkdtempSync(join(folder, 'head-'))
    writeFileSync(join(out, 'hunt.jsonl'), `${head}\n`)
    const { code, err } = await siptwin(...HUNT, '--out', out)
    expect(err).toContain(says)
    expect(code).toBe(2)
  })

  test('does not go on where another fast-check drew the cases', async () => {
    const out = mkdtempSync(join(folder, 'version-'))
    const journal = readFileSync(join(whole, 'hunt.jsonl'), 'utf8')
    writeFileSync(join(out, 'hunt.jsonl'), journal.replace(/"fastCheck":"[^"]*"/, '"fastCheck":"0.0.0"'))
    const { code, err } = await siptwin(...HUNT, '--out', out)
    expect(err).toContain('another version of fast-check drew, 0.0.0, not ')
    expect(code).toBe(2)
  })

  test('says where its journal is none', async () => {
    const out = join(folder, 'none')
    mkdirSync(out)
    const [header] = readFileSync(join(whole, 'hunt.jsonl'), 'utf8').split('\n')
    writeFileSync(join(out, 'hunt.jsonl'), `${header}\nnonsense\n`)
    const { code, err } = await siptwin(...HUNT, '--out', out)
    expect(err).toContain('line 2 is no line of a hunt')
    expect(code).toBe(2)
  })
})

describe('two hunts in one folder', () => {
  const name = {
    ...{ campaign: 'lost-and-late', mutant: null, seed: 1, swarm: false, property: null, content: null },
    ...{ siptwin: '0', fastCheck: '0' },
  }
  const line = (from: number, to: number) => ({ from, to, coverage: { cases: to - from, oracles: [], arrows: [] } })

  test('the one that comes second to write ends, and nothing is counted twice', () => {
    const out = join(folder, 'both')
    const first = new Journal(out, name)
    first.append(line(0, 3))
    const second = new Journal(out, name)
    first.append(line(3, 5))
    expect(() => second.append(line(3, 7))).toThrow(/both: another hunt has written to it meanwhile/)
    first.append(line(5, 6))
    expect(new Journal(out, name).lines.map(({ to }) => to)).toEqual([3, 5, 6])
  })

  test.each<[string, string, RegExp | number[]]>([
    ['written at the same instant', '{"from":0,"to":3,C}\n{"from":0,"to":2,C}\n{"from":3,"to":4,C}\n', [3, 4]],
    [
      'with a gap',
      '{"from":0,"to":3,C}\n{"from":4,"to":5,C}\n',
      /line 3 goes on at case 5, and the one before ends at/,
    ],
    ['with what is no line', '3\n', /line 2 is no line of a hunt's journal/],
    ['with half a line', '{"from":0}\n', /line 2 is no line of a hunt's journal/],
  ])('a journal %s', (what, lines, expected) => {
    const out = join(folder, what)
    mkdirSync(out)
    const coverage = '"coverage":{"cases":1,"oracles":[],"arrows":[]}'
    writeFileSync(join(out, 'hunt.jsonl'), `${JSON.stringify({ hunt: name })}\n${lines.replaceAll('C', coverage)}`)
    if (expected instanceof RegExp) expect(() => new Journal(out, name)).toThrow(expected)
    else expect(new Journal(out, name).lines.map(({ to }) => to)).toEqual(expected)
  })
})
