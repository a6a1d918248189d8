// The house's own source files as text, and what each of them imports and exports: what the house tests look at.

import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'

/** One TypeScript file of the house. */
export interface Source {
  /** Relative to the repository's root, with `/`. */
  readonly path: string
  readonly text: string
}

/** Every TypeScript file that git tracks, or would track, in the order of its path. */
export function houseSources(): Source[] {
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.ts', '*.tsx'], {
    encoding: 'utf8',
  })
  const paths = [...new Set(listed.split('\n').filter((path) => path !== ''))].sort()
  return paths.flatMap((path) => readIfThere(path))
}

/** A file that git knows but that is gone from the work tree is no source. */
function readIfThere(path: string): Source[] {
  try {
    return [{ path, text: readFileSync(path, 'utf8') }]
  } catch {
    return []
  }
}

/** What a file imports: paths in the house for relative imports, the module's name for others. */
export function importsOf({ path, text }: Source): string[] {
  const found = withoutComments(text).matchAll(IMPORT)
  return [...found].map((match) => {
    const target = match[1] ?? match[2]!
    return target.startsWith('.') ? normalize(join(dirname(path), target)) : target
  })
}

/** `import … from 'x'`, `export … from 'x'`, `import 'x'` at a line's start; `import('x')` anywhere. */
const IMPORT = /^\s*(?:(?:import|export)\b[^'"`;]*?\bfrom\s*|import\s*)'([^']+)'|\bimport\(\s*'([^']+)'/gm

/** The code without comments and regular expressions, and with its strings emptied: where a ban looks for calls. */
export function codeOf(text: string): string {
  return text.replace(TOKEN, (whole) => (/^['"]/.test(whole) ? "''" : whole.startsWith('`') ? whole : ' '))
}

/** The code without comments and regular expressions. Strings stay, so that import paths can be read. */
export function withoutComments(text: string): string {
  return text.replace(TOKEN, (whole) => (/^['"`]/.test(whole) ? whole : ' '))
}

/** A regular expression, a string of any kind or a comment: whichever begins first, so that none is taken for part of another. */
const TOKEN =
  /(?<=[(,=:[!&|?{};\n]\s*)\/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\/[dgimsuvy]*|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`|\/\/[^\n]*|\/\*[\s\S]*?\*\//g
