// `siptwin explain`: a SIP message field by field, with what each is for and what is wrong with it.

import { Command } from 'commander'
import { explain } from '../explain/explanation.ts'
import { printExplanation, printProblems } from '../explain/print.ts'
import { Ending, EXIT } from './exit.ts'
import { whyNot } from './library.ts'
import type { Terminal } from './terminal.ts'
import { readUpTo } from './wholeFile.ts'

const LARGEST_BYTES = 64e6

/** The command. */
export function explainCommand(terminal: Terminal): Command {
  return new Command('explain')
    .description(
      'explains a SIP message field by field, and points at what is wrong with it; exits 1 where it would be refused',
    )
    .argument('<message>', 'a file with one message, or - for stdin')
    .option('--json', 'one JSON document on stdout')
    .option('--quiet', 'shows what is wrong or doubtful only')
    .action((path: string, { json, quiet }: { json?: boolean; quiet?: boolean }) => {
      const explanation = explain(read(path))
      const print = quiet ? printProblems : printExplanation
      terminal.out(json ? `${JSON.stringify(explanation, null, 2)}\n` : print(explanation))
      if (!explanation.accepted) terminal.code = EXIT.failed
    })
}

function read(path: string): Uint8Array {
  if (path === '') throw new Ending(EXIT.input, 'the name of the message is empty; - reads it from stdin')
  try {
    const bytes = readUpTo(path === '-' ? 0 : path, LARGEST_BYTES)
    if (bytes !== undefined) return bytes
  } catch (error) {
    throw new Ending(EXIT.input, `${path} cannot be read: ${whyNot(error)}`)
  }
  throw new Ending(EXIT.input, `${path} is too large: a message of at most 64 MB can be explained`)
}
