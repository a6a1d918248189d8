// Where `siptwin` starts.

import { main } from './main.ts'
import { processTerminal } from './terminal.ts'

process.exitCode = await main(process.argv, processTerminal())
