// `siptwin list`: the ready-made topologies and experiments, each with its title or question.

import { Argument, Command } from 'commander'
import { namesOn, open, type Shelf } from './library.ts'
import type { Terminal } from './terminal.ts'

/** The command. */
export function listCommand(terminal: Terminal): Command {
  return new Command('list')
    .description('lists the ready-made topologies and experiments')
    .addArgument(new Argument('[kind]', 'what to list; default both').choices(['topologies', 'experiments']))
    .option('--json', 'one JSON document on stdout')
    .action((kind: Shelf | undefined, options: { json?: boolean }) => {
      const shelves: readonly Shelf[] = kind === undefined ? ['experiments', 'topologies'] : [kind]
      const rows = shelves.flatMap((shelf) =>
        namesOn(shelf).map((name) => ({ kind: shelf, name, says: sayingOf(shelf, name) })),
      )
      if (options.json) terminal.out(`${JSON.stringify(rows, null, 2)}\n`)
      else
        for (const shelf of shelves)
          print(
            terminal,
            shelf,
            rows.filter((row) => row.kind === shelf),
          )
    })
}

function print(
  terminal: Terminal,
  shelf: Shelf,
  rows: readonly { readonly name: string; readonly says: string }[],
): void {
  const width = Math.max(0, ...rows.map(({ name }) => name.length))
  terminal.out(`${shelf}\n`)
  for (const { name, says } of rows) terminal.out(`  ${name.padEnd(width)}  ${says}\n`)
}

function sayingOf(shelf: Shelf, name: string): string {
  const value = open(shelf, name).value as { title?: unknown; question?: unknown } | null | undefined
  return String((shelf === 'topologies' ? value?.title : value?.question) ?? '')
}
