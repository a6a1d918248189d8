// In which order a bench goes through very many things: what a cache can foresee, and what it cannot.

/** Which of `count` things the n-th packet is for. */
export type Order = (n: number, count: number) => number

/** One after the other. */
export function inTurn(n: number, count: number): number {
  return n % count
}

/** In an order in which no neighbours follow each other: what a cache cannot foresee. */
export function scattered(n: number, count: number): number {
  let hash = Math.imul(n + 1, 0x9e3779b1)
  hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b)
  return ((hash ^ (hash >>> 13)) >>> 0) % count
}
