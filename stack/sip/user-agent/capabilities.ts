// What a user agent says that it can do (RFC 3261 §11.2, §13.2.1): in INVITE, in responses to it and to OPTIONS.

import type { Header } from '../message/build.ts'
import { ALLOW } from './methods.ts'

/** The types of body that are understood: Accept's value. */
export const ACCEPT = 'application/sdp'

/** The extensions that are supported, option tags. */
export const SUPPORTED: readonly string[] = []

/** Allow, and Supported where there is an extension to name: for what begins or answers a call. */
export function capabilities(): readonly Header[] {
  return SUPPORTED.length === 0 ? [['Allow', ALLOW]] : [['Allow', ALLOW], supported()]
}

function supported(): Header {
  return ['Supported', SUPPORTED.join(', ')]
}

/** All that an answer to OPTIONS says, but for Allow, which a proxy leaves out (§11.2). */
export function description(): readonly Header[] {
  return [supported(), ['Accept', ACCEPT], ['Accept-Encoding', 'identity'], ['Accept-Language', 'en']]
}
