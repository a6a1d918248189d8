// What a redirect server answers: where somebody is, and whoever asked goes there himself (RFC 3261 §8.3).

import type { Target } from '../location.ts'
import { answer } from '../message/answer.ts'
import { uriEqual } from '../message/equality.ts'
import type { Request, Response } from '../message/message.ts'
import { printNameAddr } from '../message/nameAddr.ts'
import { NO_PARAMETERS } from '../message/parameters.ts'

/** The 302 that names these targets, the best first; 404 where none is but the URI that was asked for: nobody is sent where he comes from. */
export function redirection(request: Request, targets: readonly Target[], toTag: string): Response {
  const others = targets.filter(({ uri }) => !uriEqual(uri, request.uri))
  if (others.length === 0) return answer(request, 404, { toTag })
  const contacts = others.map(({ uri, q }) => {
    return printNameAddr({
      display: undefined,
      uri,
      parameters: q === 1 ? NO_PARAMETERS : NO_PARAMETERS.with('q', String(q)),
    })
  })
  return answer(request, 302, { toTag, headers: [['Contact', contacts.join(', ')]] })
}
