import { expect, test } from 'vitest'
import { Repetitions } from '../../experiments/repetition.ts'
import { printRecordId } from '../../platform/trace.ts'
import { story } from './story.ts'

/** What was sent again, and by which timer. */
function again(text: string): string[] {
  const repetitions = new Repetitions()
  const found: string[] = []
  for (const record of story(text)) {
    repetitions.record(record)
    if (record.kind !== 'sent') continue
    const timer = repetitions.again(record.id)
    if (timer !== undefined) found.push(`${printRecordId(record.id)} ${record.packet.label.name}: ${timer}`)
  }
  return found
}

test('a timer that leaves its machine where it is sends again', () => {
  const text = `
    0    alice#1 transition call idle call calling
    0    alice#2 sent INVITE to proxy <- alice#1
    500  alice#3 transition inviteClient calling A! calling <- alice#1
    500  alice#4 sent INVITE to proxy <- alice#3
    1500 alice#5 transition inviteClient calling A! calling <- alice#3
    1500 alice#6 sent INVITE to proxy <- alice#5`
  expect(again(text)).toEqual(['alice#4 INVITE: Timer A', 'alice#6 INVITE: Timer A'])
})

test('a timer that moves its machine on says something new', () => {
  const text = `
    0     alice#1 sent INVITE to proxy
    180000 alice#2 transition response proceeding C! cancelling <- alice#1
    180000 alice#3 sent CANCEL to proxy <- alice#2`
  expect(again(text)).toEqual([])
})

test('a timer that stays but says something else says something new', () => {
  const text = `
    0    alice#1 sent INVITE to proxy
    500  alice#2 transition registration registered refresh! registered <- alice#1
    500  alice#3 sent INVITE to proxy as other <- alice#2`
  expect(again(text)).toEqual([])
})

const LOST_200 = `
  0    bob#1 transition call ringing answer answered
  0    bob#2 sent 200_INVITE+sdp to proxy <- bob#1
  5    proxy#1 delivered bob#2
  5    proxy#2 sent 200_INVITE+sdp to alice as x <- proxy#1
  5    proxy#3 lost proxy#2 fault: drop
  500  bob#3 transition call answered 2xx_core! answered <- bob#1
  500  bob#4 sent 200_INVITE+sdp to proxy <- bob#3
  505  proxy#4 delivered bob#4
  505  proxy#5 sent 200_INVITE+sdp to alice as y <- proxy#4
  510  alice#1 delivered proxy#5
  510  alice#2 transition call ringback 2xx established <- alice#1
  510  alice#3 sent ACK to bob <- alice#2
  1500 bob#5 transition call answered 2xx_core! answered <- bob#3
  1500 bob#6 sent 200_INVITE+sdp to proxy <- bob#5
  1505 proxy#6 delivered bob#6
  1505 proxy#7 sent 200_INVITE+sdp to alice as z <- proxy#6
  1510 alice#4 delivered proxy#7
  1510 alice#5 sent ACK to bob as z <- alice#4`

test('a proxy forwards the repeat of the 2xx core, whatever the bytes; who first hears a repeat repeats nothing', () => {
  expect(again(LOST_200)).toEqual([
    'bob#4 200 INVITE: 2xx core',
    'proxy#5 200 INVITE: 2xx core',
    'bob#6 200 INVITE: 2xx core',
    'proxy#7 200 INVITE: 2xx core',
    'alice#5 ACK: 2xx core',
  ])
})

test('what answers a repeat is sent again by the timer that began it', () => {
  const text = `
    0    alice#1 sent INVITE to proxy
    5    proxy#1 delivered alice#1
    5    proxy#2 transition inviteServer none INVITE proceeding <- proxy#1
    5    proxy#3 sent 100_INVITE to alice <- proxy#2
    6    proxy#4 lost proxy#3 queue full
    500  alice#2 transition inviteClient calling A! calling
    500  alice#3 sent INVITE to proxy <- alice#2
    505  proxy#5 delivered alice#3
    505  proxy#6 transition inviteServer proceeding INVITE proceeding <- proxy#5
    505  proxy#7 sent 100_INVITE to alice <- proxy#6`
  expect(again(text)).toEqual(['alice#3 INVITE: Timer A', 'proxy#7 100 INVITE: Timer A'])
})

test('what the scenario asks for twice is no repeat', () => {
  expect(
    again(
      '0 alice#1 asked options\n0 alice#2 sent OPTIONS to bob <- alice#1\n9 alice#3 asked options\n9 alice#4 sent OPTIONS to bob <- alice#3',
    ),
  ).toEqual([])
})
