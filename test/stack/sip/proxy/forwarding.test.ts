import { expect, test } from 'vitest'
import { change } from '../../../../stack/sip/message/change.ts'
import { parseUri, printUri, type Uri } from '../../../../stack/sip/message/uri.ts'
import { forwarded } from '../../../../stack/sip/proxy/forwarding.ts'
import { linesOf, requestOf } from '../written.ts'

function uri(text: string): Uri {
  const parsed = parseUri(text)
  if (!parsed.ok) throw new Error(parsed.issue.expected)
  return parsed.value
}

/** What a proxy sends on: the start line, the headers that it may change, and whose address it goes to. */
function onward(lines: string[], target: string, path: string[] = [], recordRoute?: string): string[] {
  const request = requestOf('INVITE sip:bob@example.com', ...lines)
  const { edits, next } = forwarded(request, { uri: uri(target), q: 1, path }, recordRoute)
  const kept = linesOf(change(request, edits)).filter((line) =>
    /^(?:INVITE|Max-Forwards|Record-Route|Route)/.test(line),
  )
  return [...kept, `→ ${printUri(next)}`]
}

test('the target becomes the Request-URI, Max-Forwards goes down by one', () => {
  expect(onward(['Max-Forwards: 9'], 'sip:bob@10.0.0.2:5062')).toEqual([
    'INVITE sip:bob@10.0.0.2:5062 SIP/2.0',
    'Max-Forwards: 8',
    '→ sip:bob@10.0.0.2:5062',
  ])
})

test('a target’s headers and method stay behind (§16.6 step 2)', () => {
  expect(onward(['Max-Forwards: 9'], 'sip:bob@10.0.0.2;method=INVITE;x=y?Subject=hi')[0]).toBe(
    'INVITE sip:bob@10.0.0.2;x=y SIP/2.0',
  )
})

test('a Record-Route goes on top', () => {
  expect(onward(['Record-Route: <sip:p1;lr>'], 'sip:bob@10.0.0.2', [], '<sip:p2;lr>')).toEqual([
    'INVITE sip:bob@10.0.0.2 SIP/2.0',
    'Max-Forwards: 69',
    'Record-Route: <sip:p2;lr>',
    'Record-Route: <sip:p1;lr>',
    '→ sip:bob@10.0.0.2',
  ])
})

test('a loose Route leads, and stays', () => {
  expect(onward(['Route: <sip:p3;lr>, <sip:p4>'], 'sip:bob@10.0.0.2')).toEqual([
    'INVITE sip:bob@10.0.0.2 SIP/2.0',
    'Max-Forwards: 69',
    'Route: <sip:p3;lr>, <sip:p4>',
    '→ sip:p3;lr',
  ])
})

test('a strict Route is the Request-URI, and the target the last Route (§16.6 step 6)', () => {
  expect(onward(['Route: <sip:p3;x=y>, <sip:p4;lr>'], 'sip:bob@10.0.0.2')).toEqual([
    'INVITE sip:p3;x=y SIP/2.0',
    'Max-Forwards: 69',
    'Route: <sip:p4;lr>',
    'Route: <sip:bob@10.0.0.2>',
    '→ sip:p3;x=y',
  ])
})

test('a binding’s Path comes before all Routes (RFC 3327 §5.3)', () => {
  expect(onward(['Route: <sip:p3;lr>'], 'sip:bob@10.0.0.2', ['<sip:e1;lr>', '<sip:e2;lr>']).slice(2)).toEqual([
    'Route: <sip:e1;lr>',
    'Route: <sip:e2;lr>',
    'Route: <sip:p3;lr>',
    '→ sip:e1;lr',
  ])
})
