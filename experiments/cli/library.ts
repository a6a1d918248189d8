// The ready-made topologies and experiments, and the files that users name on the command line.

import { closeSync, existsSync, openSync, readdirSync, readFileSync, readSync, statSync } from 'node:fs'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { nearest } from '../../platform/nearest.ts'
import { readYaml, type YamlDocument } from '../../topologies/yaml/document.ts'
import type { TopologyFinder } from '../experiment.ts'
import { Ending, EXIT } from './exit.ts'
import { withFiles } from './inlined.ts'
import { noDocument } from './nature.ts'

export type Shelf = 'topologies' | 'experiments'

/** Files larger than this are not read: no experiment is. */
const LARGEST_BYTES = 64e6

/** The folder with `package.json`: above this file in the sources as well as in `dist`. */
export function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url))
  while (!existsSync(join(folder, 'package.json')) && dirname(folder) !== folder) folder = dirname(folder)
  return folder
}

/** The folder of experiments that are cases of the gallery of field bugs: `field/drops-at-32-s`. */
export const FIELD = 'field'

/** The names of a shelf's ready-made files, sorted; the gallery's after the others. */
export function namesOn(shelf: Shelf): readonly string[] {
  const folder = join(packageRoot(), shelf)
  const gallery = shelf === 'experiments' ? yamlIn(join(folder, FIELD)).map((name) => `${FIELD}/${name}`) : []
  return [...yamlIn(folder), ...gallery]
}

function yamlIn(folder: string): readonly string[] {
  if (!existsSync(folder)) return []
  const files = readdirSync(folder).filter((file) => file.endsWith('.yaml'))
  return files.map((file) => basename(file, '.yaml')).sort()
}

/** Reads the ready-made `name`, or the file of that path; ends with exit 2 where there is neither. */
export function open(shelf: Shelf, name: string): YamlDocument {
  const found = look(shelf, name, process.cwd())
  if ('hint' in found)
    throw new Ending(
      EXIT.input,
      `there is no ${shelf === 'topologies' ? 'topology' : 'experiment'} "${name}": ${found.hint}`,
    )
  return found
}

/** Finds the topologies that the experiment in `file` names: ready-made ones, or paths from its folder. */
export function topologiesBeside(file: string): TopologyFinder {
  return (name) => look('topologies', name, dirname(resolve(file)))
}

/** Reads any file as YAML; ends with exit 2 where it cannot be read. */
export function openFile(path: string): YamlDocument {
  try {
    const foreign = statSync(path).isFile() ? noDocument(path, startOf(path)) : undefined
    if (foreign !== undefined) throw new Ending(EXIT.input, foreign)
    if (statSync(path).size > LARGEST_BYTES)
      throw new Ending(EXIT.input, `${path}: a file of at most 64 MB, this has ${statSync(path).size} bytes`)
    return withFiles(readYaml(path, readFileSync(path, 'utf8')), dirname(resolve(path)), whyNot)
  } catch (error) {
    if (error instanceof Ending) throw error
    throw new Ending(EXIT.input, `${path} cannot be read: ${whyNot(error)}`)
  }
}

/** The first bytes of a file: a few hundred, or all that there are. Throws what Node does. */
function startOf(path: string): Uint8Array {
  const start = new Uint8Array(400)
  const file = openSync(path, 'r')
  try {
    return start.subarray(0, readSync(file, start))
  } finally {
    closeSync(file)
  }
}

/** What went wrong with a file, without Node's own wording. */
export function whyNot(error: unknown): string {
  const code = (error as { code?: string }).code ?? ''
  return REASONS[code] ?? (error instanceof Error ? error.message : String(error))
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of its path is a file',
  EACCES: 'permission denied',
  EPERM: 'not permitted',
  EROFS: 'it is on a read-only file system',
  ENOSPC: 'no space is left',
  EDQUOT: 'no space is left within the quota',
  EFBIG: 'it would be larger than a file may be',
}

function look(shelf: Shelf, name: string, from: string): YamlDocument | { readonly hint: string } {
  const path = resolve(from, name)
  const names = namesOn(shelf)
  if (names.includes(name)) return openFile(shown(join(packageRoot(), shelf, `${name}.yaml`)))
  if (/[/\\]|\.ya?ml$|\.json$/.test(name)) {
    return existsSync(path)
      ? openFile(relative(process.cwd(), path) || path)
      : { hint: `${relative(process.cwd(), path)} does not exist` }
  }
  const close = nearest(name, names)
  if (existsSync(path) && statSync(path).isFile()) return openFile(name)
  if (existsSync(path) && close === undefined) return { hint: 'a folder has this name; name a file in it' }
  return { hint: close === undefined ? `siptwin list ${shelf} shows them all` : `did you mean ${close}?` }
}

/** A path as people want to see it: from here, unless that is the longer way. */
function shown(path: string): string {
  const short = relative(process.cwd(), path)
  return short !== '' && short.length < path.length ? short : path
}
