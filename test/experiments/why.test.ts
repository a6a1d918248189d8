import { describe, expect, test } from 'vitest'
import { History } from '../../experiments/why/history.ts'
import { Question } from '../../experiments/why/question.ts'
import { explain } from '../../experiments/why/why.ts'
import { NODES, story } from './story.ts'

const SCOPE = {
  nodes: NODES.map(({ name }) => name),
  ownerOf: (address: string) => NODES.find((node) => node.addresses[0] === address)?.name,
}

/** The answer to a question about a run. */
function why(text: string, question: string): readonly string[] {
  const read = Question.read(question, NODES, SCOPE)
  if (!read.ok) return [`expected ${read.issue.expected}`]
  for (const record of story(text)) read.value.record(record)
  return read.value.answer().lines
}

const LOST_200 = `
  0    bob#1 asked answer
  0    bob#2 transition call ringing answer answered <- bob#1
  0    bob#3 sent 200_INVITE+sdp to proxy <- bob#2
  5    proxy#1 delivered bob#3
  5    proxy#2 sent 200_INVITE+sdp to alice as x <- proxy#1
  5    proxy#3 lost proxy#2 queue full
  500  bob#4 transition call answered 2xx_core! answered <- bob#2
  500  bob#5 sent 200_INVITE+sdp to proxy <- bob#4
  505  proxy#4 delivered bob#5
  505  proxy#5 sent 200_INVITE+sdp to alice as y <- proxy#4
  510  alice#1 delivered proxy#5
  510  alice#2 sent ACK to bob <- alice#1
  515  bob#6 delivered alice#2
  515  bob#7 transition call answered ACK established <- bob#6`

test('a repeat is explained by its timer, what that waited for, and what was lost before', () => {
  expect(why(LOST_200, 'the 2nd 200 INVITE is sent by proxy')).toMatchInlineSnapshot(`
    [
      "proxy#5, 505 ms: proxy sends 200 OK (SDP) to alice, again: 2xx core",
      "← proxy#4, 505 ms: 200 OK (SDP) from bob reaches proxy",
      "← bob#5, 500 ms: bob sends 200 OK (SDP) to proxy, again: 2xx core",
      "← bob#4, 500 ms: bob's call: stays answered, the timer "2xx core" fired",
      "    the timer "2xx core" fires as long as there is no ACK, BYE, hang up",
      "    what was sent before, at 0 s: 200 OK (SDP) from proxy was lost on proxy--net from proxy: queue full (more came than the link could send, and its queue had no room left (drop-tail))",
      "← bob#2, 0 s: bob's call: ringing → answered, on "answer"",
      "← bob#1, 0 s: the scenario asks bob to answer",
      "→ alice#1, 510 ms: 200 OK (SDP) from proxy reaches alice",
    ]
  `)
})

test('a loss is explained by its cause', () => {
  expect(why(LOST_200, 'proxy#3')).toMatchInlineSnapshot(`
    [
      "proxy#3, 5 ms: 200 OK (SDP) from proxy is lost on proxy--net from proxy: queue full",
      "    more came than the link could send, and its queue had no room left (drop-tail)",
      "← proxy#2, 5 ms: proxy sends 200 OK (SDP) to alice",
      "← proxy#1, 5 ms: 200 OK (SDP) from bob reaches proxy",
      "← bob#3, 0 s: bob sends 200 OK (SDP) to proxy",
      "← bob#2, 0 s: bob's call: ringing → answered, on "answer"",
      "← bob#1, 0 s: the scenario asks bob to answer",
    ]
  `)
})

test('what did not happen is explained by what became of what was sent', () => {
  expect(why(LOST_200, 'BYE is sent by alice')).toMatchInlineSnapshot(`
    [
      ""BYE is sent by alice" never came true, up to 515 ms.",
      "No BYE was ever sent.",
      "Who waited, and for what:",
      "  bob's call stood in established from 515 ms to the end of the run at 515 ms, waiting for BYE, hang up",
    ]
  `)
  expect(why(LOST_200, 'ACK is received by alice')).toMatchInlineSnapshot(`
    [
      ""ACK is received by alice" never came true, up to 515 ms.",
      "alice sent ACK to bob at 510 ms: nothing was lost; the last to arrive was at bob, at 515 ms",
      "Who waited, and for what:",
      "  bob's call stood in established from 515 ms to the end of the run at 515 ms, waiting for BYE, hang up",
    ]
  `)
})

const DEAD = `
  0     alice#1 asked call
  0     alice#2 transition call idle call calling <- alice#1
  0     alice#3 transition inviteClient calling request calling <- alice#2
  0     alice#4 sent INVITE+sdp to bob <- alice#3
  5     bob#1 lost alice#4 host without power
  500   alice#5 transition inviteClient calling A! calling <- alice#3
  500   alice#6 sent INVITE+sdp to bob <- alice#5
  505   bob#2 lost alice#6 host without power
  32000 alice#7 transition inviteClient calling B! terminated <- alice#3
  32000 alice#8 transition call calling timeout ended <- alice#7
  32000 alice#9 remark call failed; status=408; reason=Request Timeout; local=true <- alice#8`

test('a message that was not lost arrived last where one of its label did, whatever followed from it', () => {
  const heard = why(LOST_200.replace('proxy#3 lost proxy#2 queue full', 'proxy#3 remark hm'), '200 INVITE is lost')
  expect(heard.join('\n')).toContain(
    'bob sent 200 INVITE to proxy at 500 ms: nothing was lost; the last to arrive was at alice, at 510 ms',
  )
})

const UNTOLD = `
  0    alice#1 transition inviteClient idle call calling
  0    alice#2 sent INVITE+sdp to bob <- alice#1
  5    router#1 lost alice#2 no route
  5    router#2 remark ICMP error withheld; reason=host unreachable; to=2001:db8::a; limit=1 every 500 ms <- router#1
  500  alice#3 transition inviteClient calling A! calling <- alice#1
  500  alice#4 sent INVITE+sdp to bob <- alice#3
  505  router#3 lost alice#4 no route
  505  router#4 remark ICMP error withheld; reason=host unreachable; to=2001:db8::a; limit=1 every 500 ms <- router#3
  600  alice#5 sent BYE to bob
  605  router#5 lost alice#5 no route`

test('a sender that is not told, and why not', () => {
  expect(why(UNTOLD, 'alice#2')).toMatchInlineSnapshot(`
    [
      "alice#2, 0 s: alice sends INVITE (SDP) to bob",
      "← alice#1, 0 s: alice's inviteClient: idle → calling, on "call"",
      "→ router#1, 5 ms: INVITE (SDP) from alice is lost on router--net from router: no route",
      "→ the node knows no way to the destination; its sender is not told: router has sent as many ICMP errors as it may (1 every 500 ms) and withholds "host unreachable"",
    ]
  `)
  expect(why(UNTOLD, 'alice#5')).toMatchInlineSnapshot(`
    [
      "alice#5, 600 ms: alice sends BYE to bob",
      "→ router#5, 605 ms: BYE from alice is lost on router--net from router: no route",
      "→ the node knows no way to the destination; its sender is told by ICMP",
    ]
  `)
  expect(why(UNTOLD, '200 INVITE is received by alice')).toMatchInlineSnapshot(`
    [
      ""200 INVITE is received by alice" never came true, up to 605 ms.",
      "No 200 INVITE was ever sent.",
      "Who waited, and for what:",
      "  alice's inviteClient stood in calling from 0 s to the end of the run at 605 ms, waiting for 1xx, 2xx, 300-699",
      "    INVITE (SDP) to bob, 2 times, at 0 s, 500 ms: INVITE (SDP) from alice was lost on router--net from router: no route (the node knows no way to the destination; its sender is not told: router has sent as many ICMP errors as it may (1 every 500 ms) and withholds "host unreachable"), 2 times",
      "What the programs said:",
      "  router#2, 5 ms: router: ICMP error withheld: host unreachable (to 2001:db8::a, limit 1 every 500 ms), and 1 more",
    ]
  `)
})

test('media whose sender is not told of each packet', () => {
  const TALK = `
  0    alice#1 sent RTP/1 to bob
  0    alice#2 sent RTP/2 to bob
  5    bob#1 lost alice#1 port closed
  25   bob#2 lost alice#2 port closed
  25   bob#3 remark ICMP error withheld; reason=port unreachable; to=2001:db8::a; limit=1 every 1 s <- bob#2`
  expect(why(TALK, 'bob hears alice')).toMatchInlineSnapshot(`
    [
      ""bob hears alice" never came true, up to 25 ms.",
      "alice sent RTP to 10.0.0.3:10000, an address of bob: 2 packets, from 0 s to 0 s",
      "  2 were lost on bob--net from bob: port closed (no program listens on that port; the sender is told by ICMP, but not of 1: those ICMP errors are withheld); the first is bob#1",
      "What the programs said:",
      "  bob#3, 25 ms: bob: ICMP error withheld: port unreachable (to 2001:db8::a, limit 1 every 1 s)",
    ]
  `)
})

test('media of which the sender learns nothing', () => {
  const lines = why(
    `
  0    alice#1 sent RTP/1 to bob
  5    bob#1 lost alice#1 port closed
  5    bob#2 remark ICMP error withheld; reason=port unreachable; to=10.0.0.1; limit=1 every 1 s <- bob#1`,
    'bob hears alice',
  )
  expect(lines[2]).toBe(
    '  1 were lost on bob--net from bob: port closed (no program listens on that port; the sender is told of none: the ICMP errors are withheld); the first is bob#1',
  )
})

test('a cause that does not speak of ICMP, and an error that is withheld', () => {
  const media = why(
    `
  0    alice#1 sent RTP/1 to bob
  0    alice#2 sent RTP/2 to bob
  5    router#1 lost alice#1 filtered by firewall
  25   router#2 lost alice#2 filtered by firewall
  25   router#3 remark ICMP error withheld; reason=administratively prohibited; to=10.0.0.1; limit=1 every 1 s <- router#2`,
    'bob hears alice',
  )
  expect(media[2]).toContain(
    '2 were lost on router--net from router: filtered by firewall (a rule of the firewall is against it; the sender is not told of 1: those ICMP errors are withheld)',
  )
  const one = why(
    `
  0    alice#1 sent BYE to bob
  5    router#1 lost alice#1 filtered by firewall
  5    router#2 remark ICMP error withheld; reason=administratively prohibited; to=10.0.0.1; limit=1 every 1 s <- router#1`,
    'router#1',
  )
  expect(one[1]).toContain('; its sender is not told: router has sent as many ICMP errors as it may')
})

test('nobody is told about an ICMP error', () => {
  const lines = why('0 bob#1 sent ICMP to alice\n5 router#1 lost bob#1 no route', 'router#1')
  expect(lines[1]).toBe(
    '    the node knows no way to the destination; nobody is told: it is an ICMP error itself (RFC 1122 §3.2.2, RFC 4443 §2.4)',
  )
})

test('what never came is explained by who waited for it, and by which timer the wait ended', () => {
  expect(why(DEAD, 'call is established')).toMatchInlineSnapshot(`
    [
      ""call is established" never came true, up to 32 s.",
      "Who waited, and for what:",
      "  alice's inviteClient stood in calling from 0 s to 32 s, waiting for 1xx, 2xx, 300-699: Timer B ended the wait",
      "    INVITE (SDP) to bob, 2 times, at 0 s, 500 ms: INVITE (SDP) from alice was lost on bob--net from bob: host without power (the host is off: it takes what comes and says nothing, not even ICMP, so that senders learn it from their timers alone), 2 times",
      "What the programs said:",
      "  alice#9, 32 s: alice: call failed: 408 Request Timeout (local)",
    ]
  `)
})

test('a failure is explained down to the host that was off', () => {
  expect(why(DEAD, 'call of alice fails')).toMatchInlineSnapshot(`
    [
      "alice#9, 32 s: alice: call failed: 408 Request Timeout (local)",
      "← alice#8, 32 s: alice's call: calling → ended, on "timeout"",
      "← alice#7, 32 s: alice's inviteClient: calling → terminated, Timer B fired",
      "    alice's inviteClient stood in calling from 0 s to 32 s, waiting for 1xx, 2xx, 300-699: Timer B ended the wait",
      "    INVITE (SDP) to bob, 2 times, at 0 s, 500 ms: INVITE (SDP) from alice was lost on bob--net from bob: host without power (the host is off: it takes what comes and says nothing, not even ICMP, so that senders learn it from their timers alone), 2 times",
      "← alice#2, 0 s: alice's call: idle → calling, on "call"",
      "← alice#1, 0 s: the scenario asks alice to call",
    ]
  `)
})

describe('questions', () => {
  test('a record that is not there', () => expect(why(DEAD, 'alice#99')).toEqual(['The run has no record alice#99.']))
  test('a node that is not there', () =>
    expect(why(DEAD, 'carol#1')).toEqual(['expected a record of a node of the run: alice, proxy, bob, router']))
  test('no sentence', () =>
    expect(why(DEAD, 'why not')[0]).toContain('expected the name of a record such as alice#12, or '))
  test('a run in which nothing was asked for', () =>
    expect(why('5 alice#1 remark media started', 'call is established').at(-1)).toBe(
      'Nobody waited for anything: nothing was asked for that could have led to it.',
    ))
})

test('media is explained as well', () => {
  const history = new History(NODES)
  for (const record of story(
    '0 alice#1 asked call\n1 alice#2 sent RTP/1 to bob <- alice#1\n2 bob#1 lost alice#2 port closed',
  )) {
    history.record(record)
  }
  expect(explain(history, history.find({ node: 'alice', sequence: 2 })!)).toEqual([
    'alice#2, 1 ms: alice sends RTP to bob',
    '← alice#1, 0 s: the scenario asks alice to call',
    '→ bob#1, 2 ms: RTP from alice is lost on bob--net from bob: port closed',
    '→ no program listens on that port; the sender is told by ICMP',
  ])
})
