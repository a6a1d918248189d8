// The ready-made topologies and experiments, and the files that users name on the command line.

import { closeSync, existsSync, openSync, readdirSync, readSync, statSync } from 'node:fs'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { nearest } from '../../platform/nearest.ts'
import { readYaml, type YamlDocument } from '../../topologies/yaml/document.ts'
import type { TopologyFinder } from '../experiment.ts'
import { Ending, EXIT } from './exit.ts'
import { noDocument } from './fileType.ts'
import { withFiles } from './inlined.ts'
import { readUpTo } from './wholeFile.ts'

export type Shelf = 'topologies' | 'experiments'

/** Files larger than this are not read: no experiment is. */
const LARGEST_BYTES = 64e6
/** Nor those with more keys and values than this: each takes a kilobyte or so before anything is known of it. */
const MOST_PARTS = 1_000_000
/** What stands before a value or between two, in YAML or JSON. */
const PART = /":|,"|[:,-] /g

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
  return found([shelf], name)
}

/** The same on either shelf. */
export function openAny(name: string): YamlDocument {
  return found(['topologies', 'experiments'], name)
}

function found(shelves: readonly Shelf[], name: string): YamlDocument {
  const document = look(shelves, name, process.cwd())
  if (!('hint' in document)) return document
  const what = shelves.map((shelf) => ({ topologies: 'topology', experiments: 'experiment' })[shelf]).join(' or ')
  throw new Ending(EXIT.input, `there is no ${what} "${name}": ${document.hint}`)
}

/** Finds the topologies that the experiment in `file` names: ready-made ones, or paths from its folder. */
export function topologiesBeside(file: string): TopologyFinder {
  return (name) => look(['topologies'], name, dirname(resolve(file)))
}

/** Reads any file as YAML; ends with exit 2 where it cannot be read. */
export function openFile(path: string): YamlDocument {
  try {
    if (statSync(path).isDirectory()) throw new Ending(EXIT.input, `${path} is a folder: ${inFolder(path)}`)
    const foreign = statSync(path).isFile() ? noDocument(path, startOf(path)) : undefined
    if (foreign !== undefined) throw new Ending(EXIT.input, foreign)
    return withFiles(readYaml(path, textOf(path)), dirname(resolve(path)), whyNot)
  } catch (error) {
    if (error instanceof Ending) throw error
    throw new Ending(EXIT.input, `${path} cannot be read: ${whyNot(error)}`)
  }
}

/** The text of a file; ends with exit 2 where there is too much of it, or its lines end as none do any more. */
function textOf(path: string): string {
  const refuse = (why: string): never => {
    throw new Ending(EXIT.input, `${path} ${why}`)
  }
  const bytes = readUpTo(path, LARGEST_BYTES) ?? refuse('is too large: a file of at most 64 MB can be read')
  const text = new TextDecoder().decode(bytes)
  if (text.includes('\r') && !text.includes('\n'))
    refuse('has lines that end with a carriage return alone: save it with line feeds')
  let parts = 0
  for (const _ of text.matchAll(PART))
    if (++parts > MOST_PARTS)
      refuse(
        `says too much: a file of at most ${MOST_PARTS} keys and values can be read; tables may stand in files of their own`,
      )
  return text
}

/** What to name instead of a folder. */
function inFolder(folder: string): string {
  const names = readdirSync(folder).sort()
  if (names.includes('manifest.json'))
    return `it holds a run, which siptwin replay, why, diff and audit read; its document is ${join(folder, 'manifest.json')}`
  const file = names.find((name) => /\.ya?ml$/.test(name))
  return file === undefined ? 'name a file in it' : `name a file in it, such as ${join(folder, file)}`
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
  ELOOP: 'its links lead in a circle',
  ENAMETOOLONG: 'its name is too long',
  ENOSPC: 'no space is left',
  EDQUOT: 'no space is left within the quota',
  EFBIG: 'it would be larger than a file may be',
}

function look(shelves: readonly Shelf[], name: string, from: string): YamlDocument | { readonly hint: string } {
  if (name === '-') return { hint: 'what comes on standard input is read from /dev/stdin' }
  const path = resolve(from, name)
  const shelf = shelves.find((one) => namesOn(one).includes(name))
  if (shelf !== undefined) return openFile(shown(join(packageRoot(), shelf, `${name}.yaml`)))
  if (/[/\\]|\.ya?ml$|\.json$/.test(name)) {
    return existsSync(path)
      ? openFile(relative(process.cwd(), path) || path)
      : { hint: `${relative(process.cwd(), path)} does not exist` }
  }
  const close = nearest(
    name,
    shelves.flatMap((one) => namesOn(one)),
  )
  const isThere = name !== '' && existsSync(path)
  if (isThere && !statSync(path).isDirectory()) return openFile(name)
  if (isThere && close === undefined) return { hint: `a folder has this name; ${inFolder(name)}` }
  const elsewhere = ELSEWHERE.find(([other]) => !shelves.includes(other) && namesOn(other).includes(name))
  if (elsewhere !== undefined) return { hint: elsewhere[1] }
  const list = shelves.length === 1 ? `siptwin list ${shelves[0]}` : 'siptwin list'
  return { hint: close === undefined ? `${list} shows them all` : `did you mean ${close}?` }
}

/** What to do with a name that is on the other shelf. */
const ELSEWHERE: readonly (readonly [Shelf, string])[] = [
  [
    'topologies',
    'that is a topology, and an experiment says what happens in one; siptwin init writes both to begin with',
  ],
  ['experiments', 'that is an experiment, which has its topology; siptwin run runs it'],
]

/** A path as people want to see it: from here, unless that is the longer way. */
function shown(path: string): string {
  const short = relative(process.cwd(), path)
  return short !== '' && short.length < path.length ? short : path
}
