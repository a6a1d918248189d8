// `siptwin init`: a commented topology and experiment to start from.

import { closeSync, existsSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Command } from 'commander'
import { makeDirectory } from './directory.ts'
import { Ending, EXIT } from './exit.ts'
import { whyNot } from './library.ts'
import { shellWord } from './shell.ts'
import { EXPERIMENT_TEMPLATE, TOPOLOGY_TEMPLATE } from './templates.ts'
import type { Terminal } from './terminal.ts'

const FILES = { 'topology.yaml': TOPOLOGY_TEMPLATE, 'experiment.yaml': EXPERIMENT_TEMPLATE } as const

/** The command. */
export function initCommand(terminal: Terminal): Command {
  return new Command('init')
    .description('writes a commented topology and experiment to begin with')
    .argument('[folder]', 'where to; default here', '.')
    .option('--json', 'one JSON document on stdout')
    .option('--quiet', 'says nothing')
    .action((folder: string, options: { json?: boolean; quiet?: boolean }) => {
      if (folder === '') throw new Ending(EXIT.input, 'the name of the folder is empty; without one, init writes here')
      const there = Object.keys(FILES).find((name) => existsSync(join(folder, name)))
      if (there !== undefined)
        throw new Ending(EXIT.environment, `${join(folder, there)} is there already, and is left as it is`)
      write(folder)
      const paths = Object.keys(FILES).map((name) => join(folder, name))
      if (options.json) terminal.out(`${JSON.stringify({ written: paths }, null, 2)}\n`)
      else if (!options.quiet)
        terminal.out(`${paths.join(' and ')} written; try: siptwin run ${shellWord(join(folder, 'experiment.yaml'))}\n`)
    })
}

function write(folder: string): void {
  const made: string[] = []
  try {
    makeDirectory(folder)
    for (const [name, text] of Object.entries(FILES)) {
      const path = join(folder, name)
      closeSync(openSync(path, 'wx'))
      made.push(path)
      writeFileSync(path, text)
    }
  } catch (error) {
    // Half of it would only be in the way of the next try.
    for (const path of made) rmSync(path)
    throw new Ending(EXIT.environment, `${folder} cannot be written to: ${whyNot(error)}`)
  }
}
