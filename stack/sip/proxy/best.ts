// Which of the final responses that a proxy gathered goes back: RFC 3261 §16.7 step 6.

import type { Response } from '../message/message.ts'

/** From the best to the worst; `of` is the statuses of a row. Among equals, the first that came. */
// biome-ignore format: a table
const PREFERENCE: readonly { readonly of: (status: number) => boolean; readonly why: string }[] = [
  { of: (status) => status >= 600,                             why: 'a 6xx, if there is one, MUST be chosen' },
  { of: (status) => status >= 300 && status < 400,             why: 'else the lowest class' },
  { of: (status) => [401, 407, 415, 420, 484].includes(status), why: 'in the 4xx class, what tells the client how to do better' },
  { of: (status) => status >= 400 && status < 500 && ![408, 487].includes(status), why: 'a callee’s word before silence' },
  { of: (status) => status === 487,                            why: 'what a CANCEL brought about' },
  { of: (status) => status === 408,                            why: 'silence' },
  { of: (status) => status >= 500 && status !== 503,           why: 'the next class' },
  { of: (status) => status === 503,                            why: 'it goes on as a 500' },
]

/** The best of at least one final response, 300–699. */
export function bestResponse(responses: readonly Response[]): Response {
  for (const { of } of PREFERENCE) {
    const found = responses.find(({ status }) => of(status))
    if (found !== undefined) return found
  }
  return responses[0]!
}

/** The challenges of all responses but `best`, to be added to it where it is a 401 or a 407 (§16.7 step 7). */
export function otherChallenges(
  responses: readonly Response[],
  best: Response,
): readonly (readonly [string, string])[] {
  if (best.status !== 401 && best.status !== 407) return []
  return responses
    .filter((response) => response !== best && (response.status === 401 || response.status === 407))
    .flatMap((response) =>
      ['WWW-Authenticate', 'Proxy-Authenticate'].flatMap((name) =>
        response.all(name).map((value) => [name, value] as const),
      ),
    )
}
