// SIP ALGs and their documented misbehaviours: each row one fault, all else right.

import type { AddressRewriter } from '../../../platform/rewriter.ts'
import { type AlgBehaviour, COMPLETE } from './behaviour.ts'
import { rewriter } from './rewriter.ts'

export interface Alg {
  /** What it does, for people. */
  readonly says: string
  readonly make: () => AddressRewriter
}

const without = (headers: readonly string[], ...names: string[]): readonly string[] =>
  headers.filter((name) => !names.includes(name))

/** By the name that a topology gives as `alg`. */
export const ALGS = {
  complete: row('rewrites all that it must, both ways', {}),
  'via only': row('rewrites Via but not Contact: later requests look for a private address', {
    outRequests: without(COMPLETE.outRequests, 'Contact'),
    outResponses: without(COMPLETE.outResponses, 'Contact'),
  }),
  'contact only': row('rewrites Contact but not Via: responses depend on rport', {
    outRequests: without(COMPLETE.outRequests, 'Via'),
    inResponses: without(COMPLETE.inResponses, 'Via'),
  }),
  'contact not restored': row(
    'leaves the outside address in the Contacts of responses: a phone does not find its own',
    {
      inResponses: without(COMPLETE.inResponses, 'Contact'),
    },
  ),
  'request line not restored': row('leaves the outside address in the Request-URI of what comes in', {
    inRequests: without(COMPLETE.inRequests, 'request line'),
  }),
  'responses not rewritten': row('rewrites requests only: the answer of a phone behind it has private addresses', {
    ...{ outResponses: [], bodies: 'requests' },
  }),
  'body without its length': row('rewrites the body, which grows or shrinks, and leaves Content-Length', {
    contentLength: false,
  }),
  'first media only': row('opens a way for the first m= line only', { media: 'first' }),
  'address without ports': row('writes its address into the description and opens no way for the media', {
    media: 'none',
  }),
  'bodies not rewritten': row('rewrites headers only: the description keeps its private address', { bodies: 'never' }),
  'port 5060 always': row('writes 5060 whatever port the box has mapped', { port: '5060' }),
  'large messages dropped': row('drops what is longer than its buffer of 512 bytes', { mostBytes: 512 }),
  'pinholes closed early': row('closes the ways in for media after 5 s, talked through or not', { pinholeMs: 5000 }),
} as const satisfies Readonly<Record<string, Alg>>

export type AlgName = keyof typeof ALGS

function row(says: string, fault: Partial<AlgBehaviour>): Alg {
  return { says, make: () => rewriter({ ...COMPLETE, ...fault }) }
}
