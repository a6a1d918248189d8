// The command line: reads the arguments, runs one command, and turns every ending into an exit code.

import { Command, CommanderError } from 'commander'
import { auditCommand } from './audit.ts'
import { diffCommand } from './diff.ts'
import { Ending, EXIT, type ExitCode, MEANINGS } from './exit.ts'
import { explainCommand } from './explain.ts'
import { huntCommand } from './hunt.ts'
import { initCommand } from './init.ts'
import { whyNot } from './library.ts'
import { listCommand } from './list.ts'
import { liveCommand } from './live.ts'
import { replayCommand } from './replay.ts'
import { runCommand } from './run.ts'
import { schemaCommand } from './schema.ts'
import { withSeedRefused } from './seedless.ts'
import { shellWord } from './shell.ts'
import type { Terminal } from './terminal.ts'
import { Tripped } from './tripwires.ts'
import { validateCommand } from './validate.ts'
import { versionsHere } from './versions.ts'
import { whyCommand } from './why.ts'

const COMMANDS = [
  ...[runCommand, replayCommand, listCommand, validateCommand],
  ...[schemaCommand, initCommand, liveCommand, whyCommand, diffCommand, explainCommand],
  ...[auditCommand, huntCommand],
]

/** Runs the command that `argv` (as in `process.argv`) asks for, and gives the exit code. */
export async function main(argv: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const program = new Command('siptwin')
    .description('A deterministic network simulator and digital-twin testbed for SIP and RTP.')
    .version(versionsHere().siptwin)
    .showHelpAfterError('(siptwin --help shows the commands)')
    .configureOutput({ writeOut: (text) => terminal.out(text), writeErr: (text) => terminal.err(text) })
    .exitOverride()
    .addHelpText('after', () => `\nExit codes:\n${exitCodes().join('\n')}`)
  for (const command of COMMANDS)
    program.addCommand(withSeedRefused(command(terminal)).exitOverride().copyInheritedSettings(program))
  try {
    await program.parseAsync(argv)
    return terminal.code
  } catch (error) {
    return end(error, argv, terminal)
  }
}

/** True for what the operating system said no to: that is the machine's affair, wherever it was not foreseen. */
function isRefusal(error: unknown): error is NodeJS.ErrnoException {
  const { errno, syscall } = (error ?? {}) as NodeJS.ErrnoException
  return error instanceof Error && typeof errno === 'number' && typeof syscall === 'string'
}

function exitCodes(): readonly string[] {
  return Object.entries(MEANINGS).map(([code, meaning]) => `  ${code.padStart(3)}  ${meaning}`)
}

function end(error: unknown, argv: readonly string[], terminal: Terminal): ExitCode {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.input
  if (error instanceof Ending) {
    if (error.message !== '') terminal.err(`${error.message}\n`)
    return error.code
  }
  if (error instanceof Tripped) {
    terminal.err(`${error.stack ?? error.message}\n`)
    return EXIT.nondeterminism
  }
  if ((error as { syscall?: unknown } | null)?.syscall === 'uv_cwd') {
    terminal.err('the folder that siptwin was started in is no longer there\n')
    return EXIT.environment
  }
  if (isRefusal(error)) {
    terminal.err(`${error.path ?? 'the machine'}: ${whyNot(error)} (${error.syscall})\n`)
    return EXIT.environment
  }
  const what = error instanceof Error ? (error.stack ?? error.message) : String(error)
  const again = ['siptwin', ...argv.slice(2).map(shellWord)].join(' ')
  terminal.err(`siptwin has a bug: ${what}\nThis brings it back: ${again}\n`)
  return EXIT.bug
}
