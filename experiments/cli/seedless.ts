// The commands that take no seed, and what they say to who gives them one.

import { type Command, Option } from 'commander'
import { Ending, EXIT } from './exit.ts'

/** What to do instead, by the command's name; the others draw nothing at all. */
const INSTEAD: Readonly<Record<string, string>> = {
  replay: 'a replay has the seed that its run had; siptwin run with --seed runs the experiment with another',
  live: 'on real sockets chance is the machine’s own; siptwin run with --seed draws it anew in a simulated network',
  diff: 'what it compares has been run; siptwin run with --seed and --out makes a run with another seed',
  why: 'what it asks of has been run; siptwin run with --seed and --out makes a run with another seed',
  validate: 'whether a file is sound does not depend on chance; siptwin run takes a --seed',
}

/** The command; one that has no `--seed` answers it with a sentence and exit 2. */
export function withSeedRefused(command: Command): Command {
  if (command.options.some(({ long }) => long === '--seed')) return command
  const why = INSTEAD[command.name()] ?? 'nothing is left to chance in it; siptwin run and siptwin hunt take one'
  const refuse = (): never => {
    throw new Ending(EXIT.input, `${command.name()} takes no --seed: ${why}`)
  }
  return command.addOption(new Option('--seed <seed>').hideHelp().argParser(refuse))
}
