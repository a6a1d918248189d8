// Everything that chance or a queue does on a link has a statistical test: the kinds are read from the code, the judgements from the tests,
// and what docs/links.md lists is what there is.

import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { houseSources, withoutComments } from './sources.ts'

/** Kinds without a law of their own, and why. */
const WITHOUT: Readonly<Record<string, string>> = {
  Ingress: 'takes what the tape says',
  'load constant': 'no chance in it',
  Netem: 'judged word by word',
  'netem jitterNs': 'judged as netem delay',
  'netem distribution': 'judged table by table',
}

const sources = houseSources()
const textOf = (path: string): string => withoutComments(sources.find((one) => one.path === path)!.text)
const all = (text: string, pattern: RegExp): string[] => [...text.matchAll(pattern)].map((match) => match[1]!)

/** The kinds of stages, models and laws that the code knows. */
function kinds(): string[] {
  const rooms = sources.filter(({ path }) => /^sim\/network\/(?:stages|netem|queues)\//.test(path))
  const stages = rooms.flatMap(({ text }) =>
    all(text, /export class (\w+) implements (?:Stage|Transmitter|Discipline)\b/g),
  )
  const loss = textOf('sim/network/medium.ts').split('export type Jitter')[0]!
  const delay = textOf('sim/network/laws/delay.ts').split('const INDEX')[0]!
  const netem = textOf('sim/network/netem/options.ts')
  const [tables, options] = [/type NetemTable = ([^\n]+)/.exec(netem)![1]!, netem.split('interface NetemOptions')[1]!]
  const load = /readonly pattern: ([^\n]+)/.exec(textOf('stack/programs/load.ts'))![1]!
  return [
    ...['DropTail', 'Correlated', ...stages],
    ...all(loss, /model: '([\w-]+)'/g).map((model) => `loss ${model}`),
    ...all(delay, /law: '([\w-]+)'/g).map((law) => `delay law ${law}`),
    ...all(options, /^ {2}readonly (\w+)\??:/gm).map((option) => `netem ${option.replace(/^delayNs$/, 'delay')}`),
    ...all(tables, /'(\w+)'/g).map((table) => `netem table ${table}`),
    ...all(load, /'([\w-]+)'/g).map((pattern) => `load ${pattern}`),
  ].sort()
}

/** What tests judge, each by `expectLaw` or `expectClosedForm` (`expectShare` is the first), which accept the law that is claimed and refuse one that is 5 % off. */
function judgements(): string[] {
  const tests = sources.filter(({ path }) => path.startsWith('test/') && path.endsWith('.test.ts'))
  return [...new Set(tests.flatMap(({ text }) => all(text, /\bexpect(?:Law|ClosedForm|Share)\(\s*'([^']+)'/g)))].sort()
}

test('each kind of stage, model and law is judged, and nothing is judged that is not there', () => {
  const [known, judged] = [kinds(), judgements()]
  expect(known.length).toBeGreaterThan(40)
  const isJudged = (kind: string): boolean => judged.some((one) => one.startsWith(`${kind}: `))
  expect(known.filter((kind) => !isJudged(kind) && !(kind in WITHOUT))).toEqual([])
  expect(Object.keys(WITHOUT).filter((kind) => isJudged(kind) || !known.includes(kind))).toEqual([])
  expect(judged.filter((one) => !known.includes(one.split(': ')[0]!))).toEqual([])
})

test('docs/links.md lists what is judged', () => {
  const rows = new Map<string, string[]>()
  for (const one of judgements()) {
    const [kind, of] = one.split(': ') as [string, string]
    rows.set(kind, [...(rows.get(kind) ?? []), of])
  }
  const table = [...rows].map(([kind, of]) => `| \`${kind}\` | ${of.join('; ')} |`)
  const written = readFileSync('docs/links.md', 'utf8').split('| what | is judged by its |\n|---|---|\n')[1] ?? ''
  expect(written.split('\n\n')[0]!.trim().split('\n')).toEqual(table)
})
