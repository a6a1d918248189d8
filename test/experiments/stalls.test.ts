import { expect, test } from 'vitest'
import { topologiesBeside } from '../../experiments/cli/library.ts'
import { readExperiment } from '../../experiments/experiment.ts'
import { runWhole } from '../../experiments/run/run.ts'
import { Stalls } from '../../experiments/why/stalls.ts'
import { printMistake } from '../../topologies/yaml/mistake.ts'
import { plainDocument } from '../../topologies/yaml/plain.ts'
import { story } from './story.ts'

/** What is told of a story; `ended`: something was expected, and nothing was left to happen, or the run ended at so many ns. */
function told(text: string, ended?: 'dry' | number) {
  const stalls = new Stalls()
  for (const record of story(text)) stalls.record(record)
  return stalls.told(ended).flatMap(({ sentence, waits }) => [sentence, ...waits])
}

test('a silence that a timer ends: who waited, for what, since when, with which timer', () => {
  const text = `
    0       proxy#1 transition inviteClient idle send calling
    10      proxy#2 transition inviteClient calling 1xx proceeding
    180010  proxy#3 transition proxyBranch proceeding C! cancelling`
  expect(told(text)).toMatchInlineSnapshot(`
    [
      "nothing happened from 10 ms to 180.01 s, until Timer C of proxy",
      "proxy's inviteClient stands in proceeding since 10 ms, waiting for 2xx, 300-699, CANCEL unanswered",
    ]
  `)
})

test('what the scenario waited for on purpose is no stall, nor is a call in which media flow', () => {
  expect(told('0 bob#1 transition call idle INVITE offered\n 90000 bob#2 asked answer')).toEqual([])
  const media = `
    0      bob#1 transition call idle INVITE answered
    1      bob#2 remark media started
    90000  bob#3 transition call answered no_ACK! ended`
  expect(told(media)).toEqual([])
})

test('a phone that rests waits for nobody', () => {
  const text = `
    0        bob#1 transition registration registering 2xx registered
    3568000  bob#2 transition registration registered refresh! registering`
  expect(told(text)).toEqual([])
})

test('when nothing is left to happen: who still waits', () => {
  const text = `
    0   alice#1 transition call answered ACK established
    10  alice#2 transition nonInviteClient trying 2xx completed
    20  alice#3 transition nonInviteClient completed K! terminated`
  expect(told(text, 'dry')).toMatchInlineSnapshot(`
    [
      "nothing was left to happen after 20 ms",
      "alice's call stands in established since 0 s, waiting for BYE, hang up",
    ]
  `)
  expect(told(text)).toEqual([])
})

test('when the run ends before what is expected: who still waits, and that the clock had far to go', () => {
  const text = `
    0    alice#1 transition call idle call calling
    5    alice#2 transition call calling 180 ringback
    10   bob#1 transition registration registering 2xx registered`
  expect(told(text, 150e9)).toMatchInlineSnapshot(`
    [
      "nothing happened from 10 ms to 150 s, when the run ended",
      "alice's call stands in ringback since 5 ms, waiting for 2xx, next target, challenge, failure, timeout, cancel, BYE",
    ]
  `)
  expect(told(text, 50e9)).toMatchInlineSnapshot(`
    [
      "the run ended at 50 s",
      "alice's call stands in ringback since 5 ms, waiting for 2xx, next target, challenge, failure, timeout, cancel, BYE",
    ]
  `)
  expect(told(text)).toEqual([])
  const resting = '10   bob#1 transition registration registering 2xx registered'
  expect(told(resting, 150e9)).toEqual([])
  const closed = '0 alice#1 transition tcp SYN-SENT RST CLOSED\n 5 bob#1 transition tcp SYN-RECEIVED ACK ESTABLISHED'
  expect(told(closed, 150e9)).toEqual([])
  expect(told('0 alice#1 transition tcp SYN-SENT RST CLOSED', 'dry')).toEqual([])
  const media = `
    0  bob#1 transition call answered ACK established
    1  bob#2 remark media started`
  expect(told(media, 150e9)).toMatchInlineSnapshot(`
    [
      "the run ended at 150 s",
      "bob's call stands in established since 0 s, waiting for BYE, hang up",
    ]
  `)
})

test('a run that its `until` ends says who waited', () => {
  const scenario = [{ at: '0 s', who: 'alice', do: 'call', to: 'sip:bob@example.com' }]
  const faults = [{ at: '5 s', crash: { node: 'bob' } }]
  const wanted = ['call is established']
  const document = {
    question: 'q?',
    topology: 'two-phones-one-proxy',
    scenario,
    faults,
    expect: wanted,
    until: '150 s',
  }
  const reading = readExperiment(plainDocument('ringing', document), topologiesBeside('ringing'))
  if (!reading.ok) throw new Error(reading.mistakes.map(printMistake).join('\n'))
  expect(runWhole(reading.value).stalls).toMatchInlineSnapshot(`
    [
      {
        "sentence": "nothing happened from 5 s to 150 s, when the run ended",
        "waits": [
          "alice's call stands in ringback since 24.176 ms, waiting for 2xx, next target, challenge, failure, timeout, cancel, BYE",
          "proxy's inviteServer stands in proceeding since 6.048 ms, waiting for 2xx, 300-699",
          "alice's inviteClient stands in proceeding since 12.073 ms, waiting for 2xx, 300-699, CANCEL unanswered",
          "2 more",
          "✖ bob crashes",
        ],
      },
    ]
  `)
})

test('what has crashed waits no more, and is said to be down', () => {
  const text = `
    0      alice#1 transition call idle call calling
    1      bob#1 transition call idle INVITE offered
    2      bob#2 faulted crash
    90000  alice#2 transition inviteClient calling B! terminated`
  expect(told(text)).toMatchInlineSnapshot(`
    [
      "nothing happened from 2 ms to 90 s, until Timer B of alice",
      "alice's call stands in calling since 0 s, waiting for 100, 1xx, 180, 2xx, failure, timeout, cancel",
      "✖ bob crashes",
    ]
  `)
})
