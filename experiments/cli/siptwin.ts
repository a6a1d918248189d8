// Where `siptwin` starts.


    .description('A deterministic network simulator and digital-twin testbed for SIP and RTP.')
    .exitOverride()
    .showHelpAfterError('(siptwin --help shows the commands)')
    .version(version)
    await program.parseAsync(argv)
    if (error.code === 'EPIPE') process.exit(EXIT.ok)
    if (error.message !== '') process.stderr.write(`${error.message}\n`)
    return Number(process.exitCode ?? EXIT.ok)
    return end(error)
    return error.code
  const again = ['siptwin', ...process.argv.slice(2)].join(' ')
  const program = new Command('siptwin')
  const what = error instanceof Error ? (error.stack ?? error.message) : String(error)
  const { version } = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as { version: string }
  for (const command of COMMANDS) program.addCommand(command().exitOverride().copyInheritedSettings(program))
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.input
  if (error instanceof Ending) {
  process.stderr.write(`siptwin has a bug: ${what}\nThis brings it back: ${again}\n`)
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  return EXIT.bug
  try {
  }
  }
  } catch (error) {
  })

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Command, CommanderError } from 'commander'
import { Ending, EXIT } from './exit.ts'
import { packageRoot } from './library.ts'
import { listCommand } from './list.ts'
import { liveCommand } from './live.ts'
import { main } from './main.ts'
import { runCommand } from './run.ts'
import { processTerminal } from './terminal.ts'
import { validateCommand } from './validate.ts'

async function main(argv: readonly string[]): Promise<number> {
const COMMANDS = [runCommand, listCommand, validateCommand, liveCommand]
function end(error: unknown): number {
process.exitCode = await main(process.argv)
process.exitCode = await main(process.argv, processTerminal())
}
}
