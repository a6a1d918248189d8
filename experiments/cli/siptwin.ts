// The command line: reads the arguments, runs one command, and turns every ending into an exit code.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Command, CommanderError } from 'commander'
import { Ending, EXIT } from './exit.ts'
import { packageRoot } from './library.ts'
import { listCommand } from './list.ts'
import { runCommand } from './run.ts'
import { validateCommand } from './validate.ts'

const COMMANDS = [runCommand, listCommand, validateCommand]

process.exitCode = await main(process.argv)

async function main(argv: readonly string[]): Promise<number> {
  const { version } = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as { version: string }
  const program = new Command('siptwin')
    .description('A deterministic network simulator and digital-twin testbed for SIP and RTP.')
    .version(version)
    .showHelpAfterError('(siptwin --help shows the commands)')
    .exitOverride()
  for (const command of COMMANDS) program.addCommand(command().exitOverride().copyInheritedSettings(program))
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(EXIT.ok)
  })
  try {
    await program.parseAsync(argv)
    return Number(process.exitCode ?? EXIT.ok)
  } catch (error) {
    return end(error)
  }
}

function end(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.input
  if (error instanceof Ending) {
    if (error.message !== '') process.stderr.write(`${error.message}\n`)
    return error.code
  }
  const what = error instanceof Error ? (error.stack ?? error.message) : String(error)
  const again = ['siptwin', ...process.argv.slice(2)].join(' ')
  process.stderr.write(`siptwin has a bug: ${what}\nThis brings it back: ${again}\n`)
  return EXIT.bug
}
