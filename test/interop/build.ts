// The command line as users run it: built once, before the tests that start it.

import { execFileSync } from 'node:child_process'

export function setup(): void {
  execFileSync('npm', ['run', 'build'], { stdio: ['ignore', 'ignore', 'inherit'] })
}
