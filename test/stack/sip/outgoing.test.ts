// A phone that calls far ends which answer by a script: forks, redirections, strict routes, bad answers (RFC 3261 §8.1.3.4, §13.2.2).

import { describe, expect, it } from 'vitest'
import { classify } from '../../../experiments/classify.ts'
import type { Host } from '../../../platform/host.ts'
import { utf8Encode } from '../../../platform/text.ts'
import { Network } from '../../../sim/network/network.ts'
import { phone } from '../../../stack/programs/phone.ts'
import type { PhoneOptions } from '../../../stack/programs/phoneOptions.ts'
import { answer } from '../../../stack/sip/message/answer.ts'
import type { Header } from '../../../stack/sip/message/build.ts'
import type { Request } from '../../../stack/sip/message/message.ts'
import { printUri } from '../../../stack/sip/message/uri.ts'
import { TransactionLayer } from '../../../stack/sip/transaction/layer.ts'
import { RFC_TIMERS } from '../../../stack/sip/transaction/timers.ts'
import { SipTransport } from '../../../stack/sip/transport/transport.ts'

const SDP = 'v=0\r\no=- 1 1 IN IP4 10.0.0.9\r\ns=-\r\nc=IN IP4 10.0.0.9\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0\r\n'

/** One response: so long after the request, with this To tag and these headers; a 200 to INVITE has an SDP body if `body` says no other. */
interface Scripted {
  readonly ms: number
  readonly status: number
  readonly tag?: string
  readonly headers?: readonly Header[]
  readonly body?: string
  /** Its port is closed after this response. */
  readonly closes?: boolean
}

/** Requests that came, as `20 far INVITE sip:bob@10.0.0.2 1`, with the tag they were for. */
function play(
  far: Readonly<Record<string, readonly Scripted[]>>,
  asked: readonly string[],
  options: Partial<PhoneOptions> = {},
) {
  const heard: string[] = []
  const requests: Request[] = []
  const remarks: string[] = []
  const steps: string[] = []
  const network = new Network({
    ...{ seed: 'outgoing', level: 'signalling', classify },
    sinks: [
      (record) => {
        if (record.kind === 'remark' && record.id.node === 'alice')
          remarks.push([record.what, ...Object.values(record.details).slice(1)].join(' '))
        if (record.kind === 'transition' && record.machine === 'call') steps.push(record.to)
      },
    ],
  })
  network.host('alice', { interfaces: [{ address: '10.0.0.1/24' }] })
  network.router('lan')
  for (const name of ['far', 'farther']) {
    network.host(name, { interfaces: [{ address: name === 'far' ? '10.0.0.2/24' : '10.0.0.3/24' }], gateway: 'lan' })
    network.link({ between: [name, 'lan'], up: { delayNs: 5e6 }, down: { delayNs: 5e6 } })
  }
  network.link({ between: ['alice', 'lan'], up: { delayNs: 5e6 }, down: { delayNs: 5e6 } })
  network.seal()
  const script = (host: Host): void => {
    const note = (request: Request): void => {
      const tag = request.to.parameters.get('tag')
      requests.push(request)
      heard.push(
        `${host.now()} ${host.name} ${request.method} ${printUri(request.uri)} ${request.cseq.number}${tag === undefined ? '' : ` ${tag}`}`,
      )
    }
    const transport = new SipTransport(host)
    const layer: TransactionLayer = new TransactionLayer(host, transport, RFC_TIMERS, {
      request: (request, server) => {
        note(request)
        for (const { ms, status, tag = 'x', headers = [], body, closes } of far[`${host.name} ${request.method}`] ?? [
          { ms: 0, status: 200 },
        ]) {
          const sdp = body ?? (request.method === 'INVITE' && status === 200 ? SDP : '')
          const contact: Header[] = headers.some(([name]) => name === 'Contact')
            ? []
            : [['Contact', `<sip:${tag}@${host.addresses()[0]}>`]]
          const type: Header[] = sdp === '' ? [] : [['Content-Type', 'application/sdp']]
          const all = [...contact, ...headers, ...type]
          host.after(ms, () => {
            server.respond(answer(request, status, { toTag: tag, headers: all, body: utf8Encode(sdp) }))
            if (closes !== true) return
            layer.close()
            transport.close()
          })
        }
        if (request.method === 'CANCEL' && far[`${host.name} CANCEL`] === undefined)
          layer.invited(request)?.respond(answer(requests[0]!, 487, { toTag: 'x' }))
      },
      ack: note,
    })
  }
  script(network.hostOf('far'))
  script(network.hostOf('farther'))
  const alice = phone.start(network.hostOf('alice'), { aor: 'sip:alice@a.example', talk: false, ...options })
  for (const line of ['0 call', ...asked]) {
    const [ms = '', verb = ''] = line.split(/ (.*)/)
    network.ask(Number(ms) * 1e6, 'alice', () => alice.do(verb, { to: 'sip:bob@10.0.0.2' }))
  }
  network.run()
  expect(network.kernel.pending).toBe(0)
  return { heard, requests, remarks, steps: steps.join(' ') }
}

describe('forks', () => {
  it('the first 200 is the call; another one is acknowledged and hung up, its copies acknowledged', () => {
    const copies = [
      { ms: 30, status: 200, tag: 'y' },
      { ms: 600, status: 200, tag: 'y' },
    ]
    const { heard, remarks } = play(
      {
        'far INVITE': [
          { ms: 0, status: 180, tag: 'x' },
          { ms: 0, status: 180, tag: 'y' },
          { ms: 20, status: 200, tag: 'x' },
          ...copies,
        ],
      },
      ['1000 hang up'],
    )
    expect(heard).toEqual([
      '10 far INVITE sip:bob@10.0.0.2 1',
      '50 far ACK sip:x@10.0.0.2 1 x',
      '60 far ACK sip:y@10.0.0.2 1 y',
      '60 far BYE sip:y@10.0.0.2 2 y',
      '630 far ACK sip:y@10.0.0.2 1 y',
      '1010 far BYE sip:x@10.0.0.2 2 x',
    ])
    expect(remarks).toContain('answered too late y')
  })
  it('a fork that answers although the call was cancelled is hung up as well', () => {
    const responses = [
      { ms: 0, status: 180 },
      { ms: 3000, status: 200 },
    ]
    const { heard, steps } = play({ 'far INVITE': responses, 'far CANCEL': [{ ms: 0, status: 200 }] }, ['500 cancel'])
    expect(heard.slice(1)).toEqual([
      '510 far CANCEL sip:bob@10.0.0.2 1',
      '3030 far ACK sip:x@10.0.0.2 1 x',
      '3030 far BYE sip:x@10.0.0.2 2 x',
    ])
    expect(steps).toBe('calling ringback cancelling ending ended')
  })
})

describe('redirection', () => {
  const moved = (...contacts: string[]) => [
    { ms: 0, status: 302, headers: contacts.map((contact): Header => ['Contact', contact]) },
  ]

  it('is followed: same Call-ID and parties, next CSeq', () => {
    const { heard, requests, steps } = play({ 'far INVITE': moved('<sip:bob@10.0.0.3>') }, ['1000 hang up'])
    expect(heard).toEqual([
      '10 far INVITE sip:bob@10.0.0.2 1',
      '30 farther INVITE sip:bob@10.0.0.3 2',
      '50 farther ACK sip:x@10.0.0.3 2 x',
      '1010 farther BYE sip:x@10.0.0.3 3 x',
    ])
    const invites = requests.filter(({ method }) => method === 'INVITE')
    for (const header of ['Call-ID', 'From', 'To'])
      expect(new Set(invites.map((invite) => invite.first(header))).size).toBe(1)
    expect(steps).toBe('calling calling established ending ended')
  })
  it('goes to the best q first, and on to the next when that fails', () => {
    // What makes no sense is 1.
    const contacts = moved('<sip:worse@10.0.0.3>;q=0.2', '<sip:best@10.0.0.3>;q=best')
    const { heard } = play({ 'far INVITE': contacts, 'farther INVITE': [{ ms: 0, status: 486 }] }, [])
    expect(heard.filter((line) => line.includes('INVITE')).map((line) => line.split(' ')[3])).toEqual([
      'sip:bob@10.0.0.2',
      'sip:best@10.0.0.3',
      'sip:worse@10.0.0.3',
    ])
  })
  it('ends with a 6xx', () => {
    const contacts = moved('<sip:a@10.0.0.3>', '<sip:b@10.0.0.3>')
    const { remarks } = play({ 'far INVITE': contacts, 'farther INVITE': [{ ms: 0, status: 603 }] }, [])
    expect(remarks).toContain('call failed 603 Decline false')
  })
  it.each([305, 380])('does not go to the Contact of a %s: it is nobody to call instead', (status) => {
    const [response] = moved('<sip:other@10.0.0.3>')
    const { heard } = play({ 'far INVITE': [{ ...response!, status }] }, [])
    expect(heard.length).toBe(1)
  })
  it.each([
    ['in a circle', ['<sip:bob@10.0.0.2>']],
    ['to what is no SIP URI', ['<mailto:bob@b.example>']],
    ['to nobody', []],
  ])('%s fails', (_name, contacts) => {
    const { remarks, heard } = play(
      {
        'far INVITE': moved(...contacts).map((one) =>
          contacts.length === 0 ? { ...one, headers: [['Contact', '*']] } : one,
        ) as Scripted[],
      },
      [],
    )
    expect(remarks).toContain('call failed 302 Moved Temporarily false')
    expect(heard.length).toBe(1)
  })
  it.each([
    [undefined, 10],
    [3, 3],
    [0, 0],
  ])('to a new URI each time ends: limit %s, %s followed', (redirectLimit, followed) => {
    let count = 0
    const { heard, remarks } = play(
      {
        get 'far INVITE'() {
          return moved(`<sip:bob${++count}@10.0.0.2>`)
        },
      },
      [],
      redirectLimit === undefined ? {} : { redirectLimit },
    )
    expect(heard.length).toBe(followed + 1)
    expect(remarks.slice(0, 2)).toEqual([
      `3xx not followed: limit reached ${followed}`,
      'call failed 302 Moved Temporarily false',
    ])
  })
  it('is not disturbed by what becomes of the one who refused', () => {
    const gone = moved('<sip:bob@10.0.0.3>').map((response) => ({ ...response, closes: true }))
    const slow = [{ ms: 500, status: 200 }]
    const { steps } = play({ 'far INVITE': gone, 'farther INVITE': slow }, ['1000 hang up'])
    expect(steps).toBe('calling calling established ending ended')
  })
  it('is reported where that is wished', () => {
    const { remarks } = play({ 'far INVITE': moved('<sip:bob@10.0.0.3>') }, [], { redirects: 'report' })
    expect(remarks).toContain('call failed 302 Moved Temporarily false')
  })
})

describe('routes', () => {
  it('a strict router gets the request line, the contact goes last', () => {
    const strict: Header[] = [['Record-Route', '<sip:10.0.0.3>']]
    const { heard, requests } = play({ 'far INVITE': [{ ms: 0, status: 200, headers: strict }] }, ['1000 hang up'])
    expect(heard.slice(1)).toEqual(['30 farther ACK sip:10.0.0.3 1 x', '1010 farther BYE sip:10.0.0.3 2 x'])
    expect(requests.at(-1)?.all('Route')).toEqual(['<sip:x@10.0.0.2>'])
  })
  it('the target of a 200 wins over that of its 180', () => {
    const responses = [
      { ms: 0, status: 180, headers: [['Contact', '<sip:early@10.0.0.3>']] as Header[] },
      { ms: 10, status: 200, headers: [['Contact', '<sip:late@10.0.0.2>']] as Header[] },
    ]
    expect(play({ 'far INVITE': responses }, ['1000 hang up']).heard.at(-1)).toBe('1010 far BYE sip:late@10.0.0.2 2 x')
  })
})

describe('trouble', () => {
  it.each([
    ['none', ''],
    ['garbage', 'v=1'],
    ['without a codec of ours', SDP.replace('AVP 0', 'AVP 18')],
  ])('an answer that is no good (%s): ACK, then BYE', (_name, body) => {
    const { heard, steps } = play({ 'far INVITE': [{ ms: 0, status: 200, body }] }, [])
    expect(heard.slice(1)).toEqual(['30 far ACK sip:x@10.0.0.2 1 x', '30 far BYE sip:x@10.0.0.2 2 x'])
    expect(steps).toBe('calling established ending ended')
  })
  it('a BYE that is refused ends the call all the same', () => {
    const { steps } = play({ 'far INVITE': [{ ms: 0, status: 200 }], 'far BYE': [{ ms: 0, status: 481 }] }, [
      '1000 hang up',
    ])
    expect(steps).toBe('calling established ending ended')
  })
  it('an answer to the CANCEL alone: given up 64·T1 later (§9.1)', () => {
    const far = { 'far INVITE': [{ ms: 0, status: 183 }], 'far CANCEL': [{ ms: 0, status: 200 }] }
    const { heard, remarks } = play(far, ['500 cancel'])
    expect(heard[1]).toBe('510 far CANCEL sip:bob@10.0.0.2 1')
    expect(remarks).toContain('call failed 408 Request Timeout true')
  })
})
