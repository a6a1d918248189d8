// JSON in one canonical form: keys sorted by code unit, no spaces. Equal values have equal texts, so that a text's hash names its value.

/** The canonical JSON of a value of plain objects, lists, texts, finite numbers, booleans and null; undefined members are left out. `indent`: spaces, for people; default 0. */
export function canonicalJson(value: unknown, indent = 0): string {
  return JSON.stringify(sorted(value), null, indent)
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([key, member]) => [key, sorted(member)]))
}
