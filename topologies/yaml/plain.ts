// A value that no file has, as a document: its mistakes are shown by their path, such as `scenario[0].do`.

import type { Path, YamlDocument } from './document.ts'

const LONGEST = 100

/** `value` as a document named `name`; a mistake shows the value that it is about. */
export function plainDocument(name: string, value: unknown): YamlDocument {
  return {
    file: name,
    value,
    mistakes: [],
    mistake: (path, expected) => {
      const text = (JSON.stringify(nearestValue(value, path)) ?? 'nothing').slice(0, LONGEST)
      const at = path.length === 0 ? name : `${name}: ${printPath(path)}`
      return { at, file: name, line: 1, column: 1, length: text.length, text, expected }
    },
  }
}

function printPath(path: Path): string {
  return path.map((step, i) => (typeof step === 'number' ? `[${step}]` : i === 0 ? step : `.${step}`)).join('')
}

/** The value at `path`, or as near to it as there is one. */
function nearestValue(root: unknown, path: Path): unknown {
  let at = root
  for (const step of path) {
    const next = typeof at === 'object' && at !== null ? (at as Readonly<Record<string, unknown>>)[step] : undefined
    if (next === undefined) return at
    at = next
  }
  return at
}
