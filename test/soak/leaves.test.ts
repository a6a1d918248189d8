// Every key of every file, with values that it was not made for: refused at a place with a sentence, or accepted and run.

import { produce } from 'immer'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { experiment, readExperiment } from '../../experiments/experiment.ts'
import { readMatrix } from '../../experiments/matrix/cells.ts'
import { Run } from '../../experiments/run/run.ts'
import type { RandomStream } from '../../platform/random.ts'
import { HOST_VERBS } from '../../topologies/hostVerbs.ts'
import { VERBS } from '../../topologies/programs.ts'
import { topology } from '../../topologies/topology.ts'
import { readYaml } from '../../topologies/yaml/document.ts'
import { printMistake } from '../../topologies/yaml/mistake.ts'
import { plainDocument } from '../../topologies/yaml/plain.ts'
import { keysOf, type Leaf, leavesOf, NETWORK, type Path, QUESTION, type Schema } from './everyKey.ts'
import { pick, soakCount, soakStream } from './mutation.ts'

const network = readYaml('network', NETWORK).value
const question = readYaml('question', QUESTION).value

const schemaOf = (schema: z.ZodType): Schema =>
  z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as unknown as Schema

/** What stands in an entry of a scenario besides when, who and what: its verb's parameters. */
function parametersIn({
  scenario,
}: {
  readonly scenario: readonly Readonly<Record<string, unknown>>[]
}): readonly Leaf[] {
  return scenario.flatMap((entry, i) => {
    const { at: _, when: __, after: ___, who: ____, do: verb, ...parameters } = entry
    return Object.keys(parameters).map((key) => ({ path: ['scenario', i, key], key: `${verb}.${key}` }))
  })
}

const inNetwork = leavesOf(schemaOf(topology), network)
const inQuestion = [...leavesOf(schemaOf(experiment), question), ...parametersIn(question as never)]

test('the files have every key that there is', () => {
  const verbs = [...Object.values(VERBS), HOST_VERBS].flatMap((some) =>
    Object.entries(some as Record<string, z.ZodObject>),
  )
  const parameters = verbs.flatMap(([verb, { shape }]) => Object.keys(shape).map((key) => `${verb}.${key}`))
  const there = new Set([...inNetwork, ...inQuestion].map(({ key }) => key))
  const all = [...keysOf(schemaOf(topology)), ...keysOf(schemaOf(experiment)), ...parameters]
  expect(all.length).toBeGreaterThan(500)
  expect(all.filter((key) => !there.has(key))).toEqual([])
})

const ODD: readonly unknown[] = [
  ...[null, true, false, 0, -1, 1, 2, 0.5, 1e9, 1e308, Number.NaN, Number.POSITIVE_INFINITY, Number.MAX_SAFE_INTEGER],
  ...['', ' ', '~', '0', '-1', 'x'.repeat(1000), '\u0000', '\ud800', '\u202e', 'ſ', '٣ ms', '5\u00a0ms', '__proto__'],
  ...['constructor', 'toString', 'alice', 'nobody', 'core', 'alice--home', 'alice -> home', '*', '-', 'off', 'none'],
  ...['0 ms', '1 ns', '0.4 ns', '5 ms', '-5 ms', '49 d', '51 d', '1e3 ms', '99999999999999999 d', '5 MS', '5ms5'],
  ...['0 %', '100 %', '100.0001 %', '-1 %', '1 ppm', '0 bps', '1 bps', '1 Tbps', '9999999 Tbps', '0 B', '1 B', '1 TB'],
  ...['0 packets', '1 packets', '99999999999 packets', '0-0', '65535-65535', '1-65535', '9-1', '0.0.0.0', '0.0.0.0/0'],
  ...['255.255.255.255/32', '127.0.0.1', '::', '::1/128', '::/0', '2001:db8::1', '192.168.1.10', '203.0.113.5:0'],
  ...['sip:', 'sip:@', 'sip:a@b', 'sip:bob@[::1]:99999', 'tel:1', 'EF', 'INVITE', '200 INVITE', 'call is established'],
  ...[[], [[]], [null], [0], ['alice'], ['alice', 'alice'], {}, { x: 1 }, { program: 'phone' }, { law: 'normal' }],
]

/** The value with something else done to what stands at `path`. */
function damaged(stream: RandomStream, whole: unknown, { path }: Leaf, others: readonly Leaf[]): unknown {
  const last = path[path.length - 1]!
  const change = (alter: (there: Record<string | number, unknown>, key: string | number) => void): unknown =>
    produce(whole, (draft: unknown) => {
      alter(at(draft, path.slice(0, -1)) as Record<string | number, unknown>, last)
    })
  const given = at(whole, path)
  switch (stream.below(8)) {
    case 0:
      return change((there, key) => {
        delete there[key]
      })
    case 1:
      return change((there, key) => {
        there[`${key}s`] = there[key]
        if (stream.chance(0.5)) delete there[key]
      })
    case 2:
      return change((there, key) => {
        there[key] = at(whole, pick(stream, others).path)
      })
    case 3:
      return change((there, key) => {
        there[key] = Array.isArray(given) ? [...given, ...given] : [given]
      })
    case 4:
      return change((there, key) => {
        there[key] = stretched(stream, given)
      })
    default:
      return change((there, key) => {
        there[key] = pick(stream, ODD)
      })
  }
}

/** A number, also within a text, of another size. */
function stretched(stream: RandomStream, value: unknown): unknown {
  const by = pick(stream, [0, -1, 0.001, 1000, 1e6, 1e12])
  if (typeof value === 'number') return value * by
  return typeof value === 'string' ? value.replace(/\d+/, (digits) => String(Number(digits) * by)) : !value
}

function at(value: unknown, path: Path): unknown {
  return path.reduce((there, step) => (there as Record<string | number, unknown>)[step], value)
}

const SOME_NS = 3e8

/** Reads both, and runs what is accepted for a while; the sentences where it is refused. */
function tried(network: unknown, question: unknown): readonly string[] {
  const asked = plainDocument('question', question)
  const find = () => plainDocument('network', network)
  const reading = readExperiment(asked, find)
  const cells = reading.ok ? readMatrix(asked, find) : undefined
  if (cells !== undefined && !cells.ok) return cells.mistakes.map(printMistake)
  if (!reading.ok) return reading.mistakes.map(printMistake)
  const run = new Run(reading.value, { level: 'signalling', until: Math.min(SOME_NS, reading.value.until) })
  for (let slices = 0; slices < 20 && !run.step(200); slices++);
  expect(run.result().audit.violations).toEqual([])
  return []
}

test('the files are sound', () => {
  expect(tried(network, question)).toEqual([])
})

test('every key has been given much that it was not made for', () => {
  const stream = soakStream('soak/leaves')
  const times = soakCount(40)
  const hits = new Map<string, number>()
  for (const [leaves, isNetwork] of [
    [inNetwork, true],
    [inQuestion, false],
  ] as const) {
    for (const leaf of leaves) {
      for (let n = 0; n < times; n++) {
        const other = damaged(stream, isNetwork ? network : question, leaf, leaves)
        const about = `${leaf.path.join('.')} = ${JSON.stringify(at(other, leaf.path))}`
        const sentences = isNetwork ? tried(other, question) : tried(network, other)
        for (const one of sentences) expect(one, about).toMatch(/^(network|question)(: [^:]+)?: .{8,}\n/)
        hits.set(leaf.key, (hits.get(leaf.key) ?? 0) + 1)
        if (process.env.SIPTWIN_SAID)
          console.log(about, sentences.length === 0 ? 'ACCEPTED' : sentences[0]!.split('\n')[0])
      }
    }
  }
  expect(hits.size).toBeGreaterThan(500)
  expect(Math.min(...hits.values())).toBeGreaterThanOrEqual(times)
})
