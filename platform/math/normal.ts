// The standard normal law: from a chance to the value that lies above it. Wichura's rational approximations (Algorithm AS 241, PPND16).

import { ln } from './exponential.ts'

// Each row: a polynomial's coefficients from the lowest, above and below the fraction bar.
const CENTRE = [
  [
    3.3871328727963665, 133.14166789178438, 1971.5909503065513, 13731.69376550946, 45921.95393154987, 67265.7709270087,
    33430.57558358813, 2509.0809287301227,
  ],
  [
    1, 42.31333070160091, 687.1870074920579, 5394.196021424751, 21213.794301586597, 39307.89580009271,
    28729.085735721943, 5226.495278852854,
  ],
] as const
const SIDE = [
  [
    1.4234371107496835, 4.630337846156546, 5.769497221460691, 3.6478483247632045, 1.2704582524523684,
    0.2417807251774506, 0.022723844989269184, 0.0007745450142783414,
  ],
  [
    1, 2.053191626637759, 1.6763848301838038, 0.6897673349851, 0.14810397642748008, 0.015198666563616457,
    0.0005475938084995345, 1.0507500716444169e-9,
  ],
] as const
const TAIL = [
  [
    6.657904643501103, 5.463784911164114, 1.7848265399172913, 0.29656057182850487, 0.026532189526576124,
    0.0012426609473880784, 0.000027115555687434876, 2.0103343992922881e-7,
  ],
  [
    1, 0.599832206555888, 0.1369298809227358, 0.014875361290850615, 0.0007868691311456133, 0.000018463183175100548,
    1.421511758316446e-7, 2.0442631033899397e-15,
  ],
] as const

/** The value that a standard normal variable stays below with the chance `p`, 0 < p < 1; relative error below 10⁻¹⁵. ∓Infinity at 0 and 1. */
export function inverseNormal(p: number): number {
  const q = p - 0.5
  if (Math.abs(q) <= 0.425) return q * quotient(CENTRE, 0.180625 - q * q)
  const outside = q < 0 ? p : 1 - p
  if (outside <= 0) return q < 0 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
  const r = Math.sqrt(-ln(outside))
  const value = r <= 5 ? quotient(SIDE, r - 1.6) : quotient(TAIL, r - 5)
  return q < 0 ? -value : value
}

function quotient([above, below]: readonly [readonly number[], readonly number[]], x: number): number {
  return polynomial(above, x) / polynomial(below, x)
}

function polynomial(coefficients: readonly number[], x: number): number {
  let value = 0
  for (let n = coefficients.length - 1; n >= 0; n--) value = value * x + coefficients[n]!
  return value
}
