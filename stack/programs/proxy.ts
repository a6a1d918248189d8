// The proxy as a program that a host runs.

import { bug } from '../../platform/assert.ts'
import type { Host, Program, RunningProgram } from '../../platform/host.ts'
import type { Issue } from '../../platform/result.ts'
import { REDIRECT_LIMIT } from '../sip/call/redirection.ts'
import type { Algorithm } from '../sip/digest/algorithm.ts'
import { Gatekeeper } from '../sip/digest/gatekeeper.ts'
import { StaticLocations } from '../sip/location.ts'
import { parseUri, type Uri } from '../sip/message/uri.ts'
import { ProxyCore } from '../sip/proxy/proxy.ts'
import type { BindingPolicy } from '../sip/registrar/binding.ts'
import { Registrar, RFC_BINDINGS } from '../sip/registrar/registrar.ts'
import { RFC_TIMERS, type SipTimers } from '../sip/transaction/timers.ts'
import { SipTransport } from '../sip/transport/transport.ts'
import { stunReply } from '../stun/server.ts'

export interface ProxyOptions {
  /** The domain that it is responsible for, such as `example.com`. */
  readonly domain: string
  /** By user name, where each is: one SIP URI or several; none: known but not registered. Malformed URIs are bugs. */
  readonly users?: Readonly<Record<string, string | readonly string[]>>
  /** Whether it stays on the path of later requests; default false. */
  readonly recordRoute?: boolean
  /** Default 5060. */
  readonly port?: number
  /** `tcp`: takes TCP as well as UDP, and sends over it where a URI asks for it or a request is large (§18.1.1). Default udp. */
  readonly transport?: 'udp' | 'tcp'
  /** Default: the RFC's. */
  readonly timers?: SipTimers
  /** Timer C, ms; default 180,001. */
  readonly timerCMs?: number
  /** Whether it tries the Contacts of a 3xx itself; default false. */
  readonly recurse?: boolean
  /** How many 3xx to one request it follows so, 0 or more; the next one goes back to the caller. Default 10. */
  readonly redirectLimit?: number
  /** Whether it answers requests for its users with a 302 that says where they are, and forwards none of them (§8.3); default false. */
  readonly redirect?: boolean
  /** Whether its users' phones can register, for how long, and whose binding is whose; default: they cannot. What is left out is 3600 s, 60 s, a day, and by Contact alone. */
  readonly registrar?: Partial<BindingPolicy>
  /** Whether every name of the domain is a user's; default false: those of `users` and `passwords` are. */
  readonly anyone?: boolean
  /** By user name; who is here is a user, too. With any, REGISTERs are challenged (401). */
  readonly passwords?: Readonly<Record<string, string>>
  /** What challenges offer, the best first; default SHA-256, MD5. */
  readonly algorithms?: readonly Algorithm[]
  /** Whether calls and other requests from the domain are challenged (407) as well; default false. */
  readonly challengeRequests?: boolean
  /** Whether requests to a Contact go where a request with it came from last, so that NATs let them in; default false. */
  readonly symmetric?: boolean
}

/** A stateful SIP proxy with a location table (RFC 3261 §16). It has no verbs. */
export const proxy: Program<ProxyOptions> = {
  name: 'proxy',
  start(host: Host, options: ProxyOptions): RunningProgram {
    const transport = new SipTransport(host, {
      port: options.port ?? 5060,
      tcp: options.transport === 'tcp' ? 'taken' : undefined,
    })
    const users = new StaticLocations(options.domain, usersOf(options), options.anyone)
    const registrar = options.registrar && new Registrar(host, users, { ...RFC_BINDINGS, ...options.registrar })
    const core = new ProxyCore(host, transport, registrar ?? users, {
      recordRoute: options.recordRoute ?? false,
      timerCMs: options.timerCMs ?? 180_001,
      recurse: options.recurse ?? false,
      redirectLimit: options.redirectLimit ?? REDIRECT_LIMIT,
      redirect: options.redirect ?? false,
      timers: options.timers ?? RFC_TIMERS,
      registrar,
      gatekeeper: gatekeeperOf(host, options),
      challengeRequests: options.challengeRequests ?? false,
      symmetric: options.symmetric ?? false,
    })
    transport.listenForStun((datagram) => {
      // RFC 5626 §8: its phones' keep-alives.
      const place = { here: datagram.to, other: undefined }
      const reply = stunReply(datagram.bytes(), datagram.from, place, { software: 'siptwin' }, host.now())
      if (reply !== undefined) transport.send(reply.bytes, datagram.from)
    })
    return {
      holdings: {
        ...{ dialogs: () => [], held: () => core.held },
        ...{ ownPorts: () => [options.port ?? 5060], standingTimers: () => transport.timers },
      },
      do: (verb): Issue => transport.issue ?? { at: 'do', expected: `no verb: a proxy has none, not ${verb}` },
      stop: () => {
        core.layer.close()
        transport.close()
      },
    }
  },
}

function usersOf({ users = {}, passwords = {} }: ProxyOptions): Map<string, Uri[]> {
  const known = Object.keys(passwords).map((user): [string, Uri[]] => [user, []])
  return new Map([
    ...known,
    ...Object.entries(users).map(([user, uris]): [string, Uri[]] => [user, [uris].flat().map(uriOf)]),
  ])
}

function gatekeeperOf(host: Host, { domain, passwords, algorithms }: ProxyOptions): Gatekeeper | undefined {
  if (passwords === undefined) return undefined
  const options = { realm: domain, passwords: new Map(Object.entries(passwords)) }
  return new Gatekeeper(host, algorithms === undefined ? options : { ...options, algorithms })
}

function uriOf(text: string): Uri {
  const parsed = parseUri(text)
  return parsed.ok ? parsed.value : bug(`a user's URI is ${text}, not ${parsed.issue.expected}`)
}
