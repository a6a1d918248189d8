// The hash of two integers, for tables that know their rows by two numbers each.

/** 32 bits, as a signed integer, each of which depends on all bits of both. */
export function hashOfPair(a: number, b: number): number {
  let hash = Math.imul(a, 0x9e3779b1) ^ Math.imul(b + 1, 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d)
  return hash ^ (hash >>> 13)
}
