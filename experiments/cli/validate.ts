// `siptwin validate`: reads a topology, an experiment or a manifest, and shows every mistake where it stands.

import { Command } from 'commander'
import { readTopology } from '../../topologies/topology.ts'
import type { YamlDocument } from '../../topologies/yaml/document.ts'
import { type Mistake, printMistake } from '../../topologies/yaml/mistake.ts'
import type { Reading } from '../../topologies/yaml/read.ts'
import { readExperiment } from '../experiment.ts'
import { readMatrix } from '../matrix/cells.ts'
import { readManifest } from '../run/manifest.ts'
import { type DocumentKind, kindOf } from './documentKind.ts'
import { Ending, EXIT } from './exit.ts'
import { openAny, topologiesBeside } from './library.ts'
import type { Terminal } from './terminal.ts'

/** The command. */
export function validateCommand(terminal: Terminal): Command {
  return new Command('validate')
    .description('checks a topology, experiment or manifest, and shows every mistake where it stands')
    .argument('<file>', 'a file, or the name of a ready-made topology or experiment')
    .option('--json', 'one JSON document on stdout')
    .option('--quiet', 'says nothing about a sound file')
    .action((file: string, options: { json?: boolean; quiet?: boolean }) => {
      const document = openAny(file)
      const kind = kindOf(document) ?? 'topology'
      const reading = READERS[kind](document)
      const mistakes = reading.ok ? [] : reading.mistakes
      const remarks = reading.ok ? (reading.remarks ?? []) : []
      const told = remarks.length === 0 ? {} : { remarks }
      if (options.json) terminal.out(`${JSON.stringify({ file, kind, mistakes, ...told }, null, 2)}\n`)
      if (!reading.ok) throw new Ending(EXIT.input, mistakesIn(mistakes))
      if (options.json || options.quiet) return
      terminal.err(remarks.map((one) => `! ${printMistake(one)}\n`).join(''))
      terminal.out(`${file}: a sound ${kind}\n`)
    })
}

/** All mistakes for people, and how many there are. */
export function mistakesIn(mistakes: readonly Mistake[]): string {
  const count = mistakes.length === 1 ? '' : `\n${mistakes.length} mistakes`
  return `${mistakes.map(printMistake).join('\n')}${count}`
}

const READERS = {
  topology: readTopology,
  experiment: (document) => {
    const find = topologiesBeside(document.file)
    const reading = readExperiment(document, find)
    return reading.ok ? (readMatrix(document, find) ?? reading) : reading
  },
  manifest: readManifest,
} satisfies Readonly<Record<DocumentKind, (document: YamlDocument) => Reading<unknown>>>
