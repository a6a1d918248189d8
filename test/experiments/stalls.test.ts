import { expect, test } from 'vitest'
import { Stalls } from '../../experiments/why/stalls.ts'
import { story } from './story.ts'

/** What is told of a story; `dry`: nothing was left to happen, and something was expected. */
function told(text: string, dry = false) {
  const stalls = new Stalls()
  for (const record of story(text)) stalls.record(record)
  return stalls.told(dry).flatMap(({ sentence, waits }) => [sentence, ...waits])
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
  expect(told(text, true)).toMatchInlineSnapshot(`
    [
      "nothing was left to happen after 20 ms",
      "alice's call stands in established since 0 s, waiting for BYE, hang up",
    ]
  `)
  expect(told(text, false)).toEqual([])
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
