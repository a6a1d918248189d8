import { expect, test } from 'vitest'
import { drawLadder } from '../../experiments/ladder/draw.ts'
import { Ladder } from '../../experiments/ladder/ladder.ts'
import { NODES, story } from './story.ts'

function draw(text: string, width = 100, color = false): string {
  const ladder = new Ladder({ nodes: NODES })
  for (const record of story(text)) ladder.record(record)
  return `\n${drawLadder(ladder, { nodes: NODES, width, color }).join('\n')}\n`
}

const CALL = `
  0    alice#1 asked call
  0    alice#2 sent INVITE+sdp to proxy <- alice#1
  5    proxy#1 delivered alice#2
  5    proxy#2 sent 100_INVITE to alice <- proxy#1
  5    proxy#3 sent INVITE+sdp to bob as p <- proxy#1
  5    proxy#4 lost proxy#3 lost on the medium
  10   alice#3 delivered proxy#2
  505  proxy#5 transition inviteClient calling A! calling <- proxy#1
  505  proxy#6 sent INVITE+sdp to bob as p <- proxy#5
  510  bob#1 delivered proxy#6
  510  bob#2 sent 200_INVITE+sdp to proxy <- bob#1
  512  router#1 lost bob#2 TTL exceeded
  515  alice#4 sent RTP/1 to bob
  515  bob#3 sent RTP/1 to alice
  520  bob#4 delivered alice#4
  520  bob#5 lost bob#3 queue full
  600  alice#5 sent BYE to bob
  605  bob#6 lost alice#5 host without power
  32000 alice#6 remark call failed; status=408; reason=Request Timeout; local=true
  32001 alice#7 remark media ended; sent=0; received=0; lost=0; jitterMs=0
  32001 bob#7 remark media ended; lost=2; jitterMs=1.23456; ssrc=77`

test('a call with losses, a repeat, media and a note', () => {
  expect(draw(CALL)).toMatchInlineSnapshot(`
    "
                  alice               proxy                                 bob
                10.0.0.1            10.0.0.2                             10.0.0.3
                    │                   │                                    │
         0.000      ● asked to call     │                                    │
         0.000      │── INVITE (SDP) ──▶│                                    │
         0.005      │◀── 100 Trying ────│                                    │
         0.005      │                   │───────── INVITE (SDP) ──────────✗  │ lost on the medium
         0.505      │                   │── INVITE (SDP) (again: Timer A) ──▶│
         0.510      │                   │  ✗────────── 200 OK (SDP) ─────────│ TTL exceeded, at router
         0.515      │◀════════════ RTP 0.0 s, 1 →, ← 1, 1 lost ═════════════▶│
         0.600      │───────────────────────── BYE ─────────────────────────✗│ host without power
        32.000      ● call failed: 408 Request Timeout (local)               │
        32.001      │                   media ended (lost 2, jitterMs 1.235) ●
    "
  `)
})

test('a narrow terminal', () => {
  expect(draw(CALL, 60)).toMatchInlineSnapshot(`
    "
                  alice              proxy               bob
                10.0.0.1           10.0.0.2           10.0.0.3
                    │                  │                  │
         0.000      ● asked to call    │                  │
         0.000      │── INVITE (SDP) ─▶│                  │
         0.005      │◀── 100 Trying ───│                  │
                    │                  │ INVITE (SDP)     │
         0.005      │                  │───────────────✗  │
                    │                  │ ✗ lost on the medium
         0.505      │                  │── INVITE (SDP) ─▶│
                    │                  │ again: Timer A   │
                    │                  │ 200 OK (SDP)     │
         0.510      │                  │  ✗───────────────│
                    │                  ✗ TTL exceeded, at router
         0.515      │◀═══ RTP 0.0 s, 1 →, ← 1, 1 lost ═══▶│
         0.600      │──────────────── BYE ───────────────✗│
                    │ ✗ host without power                │
        32.000      ● call failed: 408 Request Timeout (local)
        32.001      │media ended (lost 2, jitterMs 1.235) ●
    "
  `)
})

test('colour says nothing that is not said in words', () => {
  const colored = draw(CALL, 100, true)
  expect(colored).toContain('\x1b[31;1m✗')
  expect(colored.replace(/\x1b\[[0-9;]*m/g, '')).toBe(draw(CALL))
})

test('lines keep to the width as long as twelve characters are left between columns', () => {
  for (const width of [45, 55, 70, 100]) {
    const lines = draw(CALL, width).split('\n')
    expect(Math.max(...lines.map((line) => [...line].length))).toBeLessThanOrEqual(width)
  }
})

test('a loopback, an unknown address, a copy that arrives too, an ICMP error', () => {
  const text = `
    0  alice#1 sent OPTIONS to alice
    0  alice#2 delivered alice#1
    1  alice#3 sent OPTIONS to 192.0.2.9
    2  router#1 lost alice#3 no route
    2  router#2 sent ICMP to alice <- router#1
    3  alice#4 delivered router#2
    4  alice#5 sent BYE to bob
    5  bob#1 delivered alice#5
    5  bob#2 delivered alice#5
    6  bob#3 faulted crash`
  expect(draw(text)).toMatchInlineSnapshot(`
    "
                  alice        bob      192.0.2.9    router
                10.0.0.1    10.0.0.3               10.0.0.254
                    │           │           │           │
         0.000      ⟲ OPTIONS   │           │           │
         0.001      │───── OPTIONS ──────✗  │           │ no route, at router
         0.002      │◀───── ICMP port unreachable ──────│
         0.004      │─── BYE ──▶│           │           │ arrived 2 times
         0.006      ╌╌╌╌╌╌╌╌╌╌╌ ✖ bob crashes ╌╌╌╌╌╌╌╌╌╌╌
    "
  `)
})

test('how many there were outlives the clip of a note', () => {
  const remark = (ms: number): string =>
    `${ms} bob#${ms} remark ICMP error withheld; reason=port unreachable; to=2001:db8::a; limit=1 every 500 ms`
  const lines = draw(['0 alice#1 sent BYE to bob', ...[1, 2, 3].map(remark)].join('\n'), 60).split('\n')
  expect(lines.filter((line) => line.includes('●')).map((line) => line.trim())).toEqual([
    '0.001      │           ● ICMP error withhel… and 2 more',
  ])
  expect(Math.max(...lines.map((line) => [...line].length))).toBeLessThanOrEqual(60)
})

test('a long run keeps its beginning and its end', () => {
  const ladder = new Ladder({ nodes: NODES, first: 3, last: 2 })
  for (let at = 1; at <= 5000; at += 1) {
    ladder.record({
      kind: 'remark',
      id: { node: 'bob', sequence: at },
      at: at * 1e6,
      cause: null,
      what: `no ${at}`,
      details: {},
    })
  }
  expect(drawLadder(ladder, { nodes: NODES, width: 40 }).slice(3)).toEqual([
    '     0.001      ● no 1',
    '     0.002      ● no 2',
    '     0.003      ● no 3',
    '            ⋮ 4995 rows left out ⋮',
    '     4.999      ● no 4999',
    '     5.000      ● no 5000',
  ])
})

test('nothing said, nothing drawn', () =>
  expect(drawLadder(new Ladder({ nodes: NODES }), { nodes: NODES })).toEqual([]))

test('more columns than there is room for: a list', () => {
  const nodes = Array.from({ length: 12 }, (_, n) => ({ name: `phone${n}`, addresses: [`10.0.0.${n}`] }))
  const ladder = new Ladder({ nodes })
  const lines = nodes.slice(1).map((_, n) => `${n} phone${n}#1 sent INVITE to 10.0.0.${n + 1}`)
  for (const record of story(`${lines.join('\n')}\n20 phone3#2 lost phone2#1 port closed\n30 phone4#2 remark ringing`))
    ladder.record(record)
  expect(drawLadder(ladder, { nodes, width: 80 })).toMatchInlineSnapshot(`
    [
      "     0.000  phone0  → phone1   INVITE",
      "     0.001  phone1  → phone2   INVITE",
      "     0.002  phone2  ✗ phone3   INVITE ✗ port closed",
      "     0.003  phone3  → phone4   INVITE",
      "     0.004  phone4  → phone5   INVITE",
      "     0.005  phone5  → phone6   INVITE",
      "     0.006  phone6  → phone7   INVITE",
      "     0.007  phone7  → phone8   INVITE",
      "     0.008  phone8  → phone9   INVITE",
      "     0.009  phone9  → phone10  INVITE",
      "     0.010  phone10 → phone11  INVITE",
      "     0.030  phone4             ● ringing",
    ]
  `)
  expect(drawLadder(ladder, { nodes, width: 300 })[0]).toContain('phone11')
})
