// What a host's TLS has and does: its certificates, whom it trusts, which versions it speaks.

import type { TlsVersion } from '../../../platform/tls.ts'

/** A certificate, as far as a verdict and the wire go. */
export interface Certificate {
  /** The host names and addresses that it is good for; `*.example.com` is any name one label longer. */
  readonly names: readonly string[]
  /** Who has signed it. Default `public`. */
  readonly authority?: string
  /** From when and until when it is valid, ms of a host's clock; default always. */
  readonly fromMs?: number
  readonly untilMs?: number
  /** The whole chain's length on the wire, bytes, 600–60,000; default 3000: a certificate and an intermediate one with RSA keys of 2048 bits. */
  readonly chainBytes?: number
}

export interface TlsSettings {
  /** By the names that programs call them; default one named `default`, for the host's name and its addresses. */
  readonly certificates?: Readonly<Record<string, Certificate>>
  /** The authorities that it trusts. Default `public` alone. */
  readonly trusts?: readonly string[]
  /** The versions that it speaks. Default both. */
  readonly versions?: readonly TlsVersion[]
  /** Whether it takes sessions up again, and lets others do so. Default true. */
  readonly resumption?: boolean
  /** How long a session can be taken up again, ms of its own clock; default 2 h. */
  readonly sessionMs?: number
  /**
   * What it encrypts stands in the clear where a real one would have ciphertext, so that captures, labels and fault rules can read it; the
   * sizes are the same. Default false: there are bytes that say nothing.
   */
  readonly plain?: boolean
}

/** The authority of a certificate that names none, and whom a host trusts that names none. */
export const PUBLIC_AUTHORITY = 'public'
/** 2 h. */
export const SESSION_MS = 7_200_000
