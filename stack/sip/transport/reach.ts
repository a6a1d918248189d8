// The one place that a request goes to for which no other is tried: an ACK, a keep-alive.

import type { Endpoint, Host } from '../../../platform/host.ts'
import type { Uri } from '../message/uri.ts'
import { locate } from './locate.ts'

/** Gives the best endpoint of `uri`, at once or later; or undefined and why there is none, such as `no such name`. */
export function reach(
  host: Host,
  uri: Uri,
  found: (next: Endpoint | undefined, why: string) => void,
  preferred: 'udp' | 'tcp' = 'udp',
): void {
  locate(host, uri, (places, why) => found(places[0], why), preferred)
}
