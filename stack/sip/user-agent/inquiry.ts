// An OPTIONS outside any dialog: what somebody can do, without calling (RFC 3261 §11.1).

import type { Line, Requester } from '../call/line.ts'
import { forIdentity, forRequestLine } from '../dialog/routing.ts'
import type { Authorizer } from '../digest/authorizer.ts'
import { type Header, request } from '../message/build.ts'
import { printUri, type Uri } from '../message/uri.ts'
import { ACCEPT } from './capabilities.ts'

/** Asks `to`. A challenge is answered, if there is an `authorizer` that can (§22.2, §22.3); `owner` hears of whatever else comes. */
export function inquire(
  line: Line,
  to: Uri,
  authorizer: Pick<Authorizer, 'authorize'> | undefined,
  owner: Requester,
): void {
  line.meet(to, () => {
    const identity: readonly Header[] = [
      ['Max-Forwards', '70'],
      ['From', `${line.aor};tag=${line.token()}`],
      ['To', `<${printUri(forIdentity(to))}>`],
      ['Call-ID', `${line.token()}@${line.host.addresses()[0]}`],
    ]
    const abilities: readonly Header[] = [
      ['Contact', line.contactTowards(line.nextHost(to))],
      ['Accept', ACCEPT],
    ]
    const send = (sequence: number, credentials: readonly Header[]): void => {
      const uri = forRequestLine(to)
      const headers: readonly Header[] = [...identity, ['CSeq', `${sequence} OPTIONS`], ...abilities, ...credentials]
      const asked = request({ method: 'OPTIONS', uri, headers })
      line.request(line.firstHop({ request: asked, next: uri }), {
        response: (response) => {
          const isChallenge = response.status === 401 || response.status === 407
          const fresh = isChallenge ? (authorizer?.authorize(response, asked) ?? []) : []
          if (fresh.length === 0) owner.response(response)
          else send(sequence + 1, fresh)
        },
        failed: (why, cause) => owner.failed(why, cause),
      })
    }
    send(1, [])
  })
}
