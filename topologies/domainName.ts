// A domain name as a file writes it: what DNS could carry, but for what only a slip of the pen can have put there.

import { labelsOf } from '../sim/dns/name.ts'
import { checked } from './yaml/shape.ts'

/** Why this is no domain name; undefined for one. White space is written as `\\032` (RFC 1035 §5.1). */
export function noDomainName(text: string): string | undefined {
  if (/[\s\u0000-\u001f\u007f]/.test(text))
    return `a domain name such as sip.example.com, without spaces, not "${text}"`
  // The last label has a letter (RFC 1123 §2.1), so that names are told from addresses.
  if (/(^|\.)\d+\.?$/.test(text))
    return `a domain name such as sip.example.com, or an address, and "${text}" is neither`
  const labels = labelsOf(text)
  return labels.ok ? undefined : labels.issue.expected
}

/** A domain name; `example` is what is said of what is no text. */
export function domainName(example: string) {
  return checked(example, noDomainName)
}
