// How two values of JSON differ: the settings of two runs.

/** One place in which they differ; a side that has nothing there is undefined. */
export interface Change {
  /** Such as `topology.links.0.up.delay`. */
  readonly path: string
  readonly left: unknown
  readonly right: unknown
}

/** All places, by their order in the left value, then in the right. */
export function changesBetween(left: unknown, right: unknown, path = ''): readonly Change[] {
  if (isTree(left) && isTree(right) && Array.isArray(left) === Array.isArray(right)) {
    const [a, b] = [left as Readonly<Record<string, unknown>>, right as Readonly<Record<string, unknown>>]
    const names = new Set([...Object.keys(a), ...Object.keys(b)])
    return [...names].flatMap((name) => changesBetween(a[name], b[name], path === '' ? name : `${path}.${name}`))
  }
  return JSON.stringify(left) === JSON.stringify(right) ? [] : [{ path, left, right }]
}

function isTree(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
