// Which kind of document a file is, by its keys, and what to do with one that is another than a command reads.

import type { YamlDocument } from '../../topologies/yaml/document.ts'
import { Ending, EXIT } from './exit.ts'
import { shellWord } from './shell.ts'

/** The kinds of documents that commands read. */
export type DocumentKind = 'topology' | 'experiment' | 'manifest'

/** By the keys that only one kind has; undefined where it has none of them. */
export function kindOf({ value }: YamlDocument): DocumentKind | undefined {
  const keys = typeof value === 'object' && value !== null ? Object.keys(value) : []
  if (keys.includes('format') && keys.includes('digests')) return 'manifest'
  if (keys.some((key) => ['question', 'scenario', 'topology', 'expect'].includes(key))) return 'experiment'
  return keys.includes('nodes') ? 'topology' : undefined
}

/** The document, if it may be of the kind that is wanted; ends with exit 2, and what to do instead, where it is of another. */
export function ofKind(wanted: 'experiment' | 'manifest', document: YamlDocument): YamlDocument {
  const kind = kindOf(document)
  if (kind === undefined || kind === wanted) return document
  const { file } = document
  const name = shellWord(file)
  const article = kind === 'experiment' ? 'an' : 'a'
  throw new Ending(EXIT.input, `${file} is ${article} ${kind}, no ${wanted}: ${INSTEAD[kind](name)}`)
}

const INSTEAD: Readonly<Record<DocumentKind, (file: string) => string>> = {
  topology: (file) =>
    `an experiment names it under \`topology:\`, and siptwin init writes one of each; siptwin validate ${file} checks it`,
  experiment: (file) => `siptwin run ${file}`,
  manifest: (file) => `siptwin replay ${file}`,
}
