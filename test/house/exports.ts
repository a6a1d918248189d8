// An export that nobody imports is dead: it says "others use this", and nobody does.

import { importsOf, type Source, withoutComments } from './sources.ts'

/** Files that outsiders enter by; their exports are used by people, not by files. */
export type Entrances = readonly string[]

/** Each dead export as `file: name`. */
export function deadExports(sources: readonly Source[], entrances: Entrances): string[] {
  const used = new Set(sources.flatMap(importedNames))
  return sources
    .filter(({ path }) => !entrances.includes(path))
    .flatMap((source) =>
      exportedNames(source)
        .filter((name) => !used.has(`${source.path} ${name}`))
        .map((name) => `${source.path}: ${name}`),
    )
}

/** A type that another export of its own file speaks of is part of that export, and not listed. */
function exportedNames({ path, text }: Source): string[] {
  if (path.endsWith('.d.ts')) return []
  const code = withoutComments(text)
  const found = code.matchAll(/^export (?:declare )?(?:abstract )?(const|let|function\*?|class|interface|type) (\w+)/gm)
  return [...found]
    .filter(([, word, name]) => !(isType(word!) && code.match(new RegExp(`\\b${name}\\b`, 'g'))!.length > 1))
    .map(([, , name]) => name!)
}

function isType(word: string): boolean {
  return word === 'interface' || word === 'type'
}

/** The names that a file imports from files of the house, as `file name`. */
function importedNames(source: Source): string[] {
  const code = withoutComments(source.text)
  const named = [...code.matchAll(/\b(?:import|export)\s+(?:type\s+)?\{([^}]*)\}\s*from\s*'([^']+)'/g)].flatMap(
    ([, names, target]) => {
      const [file] = importsOf({ path: source.path, text: `import '${target}'` })
      return names!.split(',').map(
        (name) =>
          `${file} ${
            name
              .trim()
              .replace(/^type /, '')
              .split(/\s+as\s+/)[0]
          }`,
      )
    },
  )
  const whole = [...code.matchAll(/\bimport\s+\*\s+as\s+(\w+)\s+from\s*'([^']+)'/g)].flatMap(([, alias, target]) => {
    const [file] = importsOf({ path: source.path, text: `import '${target}'` })
    return [...code.matchAll(new RegExp(`\\b${alias}\\.(\\w+)`, 'g'))].map(([, name]) => `${file} ${name}`)
  })
  const inline = [...code.matchAll(/\bimport\('([^']+)'\)\.(\w+)/g)].map(([, target, name]) => {
    const [file] = importsOf({ path: source.path, text: `import '${target}'` })
    return `${file} ${name}`
  })
  return [...named, ...whole, ...inline]
}
