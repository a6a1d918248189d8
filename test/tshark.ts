// Wireshark's opinion of our captures, by its terminal program.

import { execFileSync, spawnSync } from 'node:child_process'
import { test } from 'vitest'

const HINT = 'tshark is not installed: apt-get install tshark'

/** Vitest's `test` where tshark is installed; else its `skip`, after saying how to get it. With `CI=true` the test then fails. */
export function testWithTshark(): typeof test | typeof test.skip {
  if (spawnSync('tshark', ['--version']).status === 0) return test
  if (process.env.CI === 'true') {
    test('tshark', () => {
      throw new Error(HINT)
    })
  } else console.warn(`skipped: ${HINT}`)
  return test.skip
}

/** What tshark prints on a file, with all checksums checked and RTP found by itself. */
export function tshark(file: string, ...options: readonly string[]): string {
  const preferences = ['ip.check_checksum', 'udp.check_checksum', 'tcp.check_checksum']
  const flags = preferences.flatMap((name) => ['-o', `${name}:TRUE`])
  return execFileSync('tshark', ['-r', file, ...flags, '--enable-heuristic', 'rtp_udp', ...options], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, TZ: 'UTC' },
  })
}
