// SIP messages in parts, as text: written here without the stack's own printer, so that each checks the other.

import { type Arbitrary, array, boolean, constant, constantFrom, integer, oneof, record } from 'fast-check'
import { sdpText } from './sdp.ts'

/** A message before it is written. */
export interface Parts {
  /** The start line. */
  readonly start: string
  readonly isRequest: boolean
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: string
}

const METHODS = [
  'OPTIONS',
  'INVITE',
  'BYE',
  'CANCEL',
  'REGISTER',
  'MESSAGE',
  'SUBSCRIBE',
  'NOTIFY',
  'REFER',
  'INFO',
  'UPDATE',
  'PRACK',
  'PUBLISH',
] as const
const STATUSES = [
  ...['200 OK', '100 Trying', '180 Ringing', '183 Session Progress', '202 Accepted', '302 Moved Temporarily'],
  ...['401 Unauthorized', '404 Not Found', '408 Request Timeout', '481 Call/Transaction Does Not Exist'],
  ...['486 Busy Here', '487 Request Terminated', '500 Server Internal Error', '503 Service Unavailable', '603 Decline'],
] as const
const LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789'

const word = (most: number): Arbitrary<string> =>
  array(constantFrom(...LETTERS), { minLength: 1, maxLength: most }).map((letters) => letters.join(''))
const maybe = <T>(some: Arbitrary<T>): Arbitrary<T | undefined> =>
  oneof({ withCrossShrink: true }, constant(undefined), some)
const host = oneof(
  { withCrossShrink: true },
  constantFrom('example.com', '192.0.2.1', 'a.b-c.example'),
  word(12).map((name) => `${name}.example`),
)
const port = maybe(integer({ min: 1, max: 65_535 }))

const uri = record({ user: maybe(word(8)), host, port, transport: maybe(constantFrom('udp', 'tcp')) }).map(
  ({ user, host, port, transport }) =>
    `sip:${user === undefined ? '' : `${user}@`}${host}${port === undefined ? '' : `:${port}`}${transport === undefined ? '' : `;transport=${transport}`}`,
)
const name = oneof(
  { withCrossShrink: true },
  constant(''),
  word(6),
  word(6).map((some) => `"${some}"`),
)
const address = record({ name, uri }).map(({ name, uri }) => `${name === '' ? '' : `${name} `}<${uri}>`)
const via = record({ host, port, branch: word(10), rport: boolean() }).map(
  ({ host, port, branch, rport }) =>
    `SIP/2.0/UDP ${host}${port === undefined ? '' : `:${port}`};branch=z9hG4bK${branch}${rport ? ';rport' : ''}`,
)

/** Valid messages; shrinking goes towards an OPTIONS with what it must have. */
export const parts: Arbitrary<Parts> = record({
  kind: constantFrom<'request' | 'response'>('request', 'response'),
  method: constantFrom(...METHODS),
  status: constantFrom(...STATUSES),
  uri,
  vias: array(via, { minLength: 1, maxLength: 3 }),
  from: address,
  to: address,
  tags: record({ from: word(8), to: maybe(word(8)) }),
  callId: record({ left: word(12), right: host }).map(({ left, right }) => `${left}@${right}`),
  number: integer({ min: 0, max: 2_147_483_647 }),
  forwards: integer({ min: 1, max: 70 }),
  contact: uri,
  routes: array(uri, { maxLength: 2 }),
  subject: maybe(array(word(8), { minLength: 1, maxLength: 4 }).map((words) => words.join(' '))),
  agent: maybe(word(8)),
  body: maybe(sdpText),
}).map((drawn) => {
  const { kind, method, status, subject, agent, body = '' } = drawn
  const isRequest = kind === 'request'
  const toTag = isRequest ? drawn.tags.to : (drawn.tags.to ?? 'there')
  const needsContact = method === 'INVITE' || method === 'SUBSCRIBE' || method === 'REFER' || method === 'UPDATE'
  const headers: (readonly [string, string])[] = [
    ...drawn.vias.map((one) => ['Via', one] as const),
    ...(isRequest ? ([['Max-Forwards', String(drawn.forwards)]] as const) : []),
    ['From', `${drawn.from};tag=${drawn.tags.from}`],
    ['To', `${drawn.to}${toTag === undefined ? '' : `;tag=${toTag}`}`],
    ['Call-ID', drawn.callId],
    ['CSeq', `${drawn.number} ${method}`],
    ...(needsContact || method === 'NOTIFY' ? ([['Contact', `<${drawn.contact}>`]] as const) : []),
    ...drawn.routes.map((route) => [isRequest ? 'Route' : 'Record-Route', `<${route};lr>`] as const),
    ...(method === 'SUBSCRIBE' || method === 'NOTIFY' || method === 'PUBLISH'
      ? ([['Event', 'presence']] as const)
      : []),
    ...(method === 'NOTIFY' ? ([['Subscription-State', 'active;expires=60']] as const) : []),
    ...(method === 'REFER' ? ([['Refer-To', `<${drawn.uri}>`]] as const) : []),
    ...(method === 'PRACK' ? ([['RAck', `1 ${drawn.number} INVITE`]] as const) : []),
    ...(subject === undefined ? [] : [['Subject', subject] as const]),
    ...(agent === undefined ? [] : [[isRequest ? 'User-Agent' : 'Server', agent] as const]),
    ...(body === '' ? [] : [['Content-Type', 'application/sdp'] as const]),
    ['Content-Length', String(body.length)],
  ]
  const start = isRequest ? `${method} ${drawn.uri} SIP/2.0` : `SIP/2.0 ${status}`
  return { start, isRequest, headers, body }
})

/** The text of a message. */
export function write({ start, headers, body }: Parts): string {
  return `${[start, ...headers.map(([name, value]) => `${name}: ${value}`), '', ''].join('\r\n')}${body}`
}
