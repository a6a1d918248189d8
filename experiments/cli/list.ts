// `siptwin list`: the ready-made topologies and experiments, each with its title or question; and what a hunt can ask, of which worlds.

import { Command } from 'commander'
import { nearest } from '../../platform/nearest.ts'
import { CAMPAIGNS } from '../campaigns/table.ts'
import { PROPERTIES } from '../hunt/properties.ts'
import { Ending, EXIT } from './exit.ts'
import { FIELD, namesOn, open, type Shelf } from './library.ts'
import type { Terminal } from './terminal.ts'

const KINDS = ['topologies', 'experiments', 'properties'] as const

interface ListOptions {
  readonly json?: boolean
  readonly quiet?: boolean
}

/** The command. */
export function listCommand(terminal: Terminal): Command {
  return new Command('list')
    .description('lists the ready-made topologies and experiments, or the properties and campaigns of hunts')
    .argument('[kind]', `what to list: ${KINDS.join(', ')}; default topologies and experiments`)
    .option('--json', 'one JSON document on stdout')
    .option('--quiet', 'shows names only, one a line')
    .action((word: string | undefined, options: ListOptions) => {
      const kind = word === undefined ? undefined : kindOf(word)
      if (kind === 'properties') {
        listProperties(terminal, options)
        return
      }
      const shelves: readonly Shelf[] = kind === undefined ? ['experiments', 'topologies'] : [kind]
      const rows = shelves.flatMap((shelf) =>
        namesOn(shelf).map((name) => ({ kind: shelf, name, says: sayingOf(shelf, name) })),
      )
      if (options.json) terminal.out(`${JSON.stringify(rows, null, 2)}\n`)
      else if (options.quiet) printNames(terminal, rows)
      else
        for (const shelf of shelves) {
          const shown = rows.filter((row) => row.kind === shelf)
          const inGallery = ({ name }: { readonly name: string }): boolean => name.startsWith(`${FIELD}/`)
          print(
            terminal,
            shelf,
            shown.filter((row) => !inGallery(row)),
          )
          const gallery = shown.filter(inGallery)
          if (gallery.length > 0) print(terminal, 'field bugs: run them as they are, or --cured', gallery)
        }
    })
}

function kindOf(word: string): (typeof KINDS)[number] {
  const kind = KINDS.find((one) => one === word)
  if (kind !== undefined) return kind
  const close = nearest(word, KINDS)
  const hint = close === undefined ? `${KINDS.join(', ')} can be listed` : `did you mean ${close}?`
  throw new Ending(EXIT.input, `there are no ${word === '' ? '""' : word} to list: ${hint}`)
}

function listProperties(terminal: Terminal, { json, quiet }: ListOptions): void {
  const campaigns = [...CAMPAIGNS.values()].map(({ name, question }) => ({ name, says: question }))
  const properties = PROPERTIES.map(({ name, section, says }) => ({ name, says: `${says} (${section})` }))
  if (json) terminal.out(`${JSON.stringify({ campaigns, properties: PROPERTIES }, null, 2)}\n`)
  else if (quiet) printNames(terminal, [...campaigns, ...properties])
  else {
    print(terminal, 'campaigns: worlds that siptwin hunt draws', campaigns)
    print(terminal, 'properties: what is asked of each; --property asks of one alone', properties)
  }
}

function printNames(terminal: Terminal, rows: readonly { readonly name: string }[]): void {
  terminal.out(rows.map(({ name }) => `${name}\n`).join(''))
}

function print(
  terminal: Terminal,
  heading: string,
  rows: readonly { readonly name: string; readonly says: string }[],
): void {
  const width = Math.max(0, ...rows.map(({ name }) => name.length))
  terminal.out(`${heading}\n`)
  for (const { name, says } of rows) terminal.out(`  ${name.padEnd(width)}  ${says}\n`)
}

function sayingOf(shelf: Shelf, name: string): string {
  const value = open(shelf, name).value as { title?: unknown; question?: unknown } | null | undefined
  return String((shelf === 'topologies' ? value?.title : value?.question) ?? '')
}
