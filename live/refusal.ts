// Why the system does not give a program the port that it wants, as a sentence that says what would do.

import { failure, type Result } from '../platform/result.ts'

/** `code` is the system's name for it, such as `EADDRINUSE`. The issue is at `address` where the machine does not have it, else at `port`. */
export function notBound(address: string, port: number, code: string): Result<never> {
  const place = `${address.includes(':') ? `[${address}]` : address}:${port}`
  switch (code) {
    case 'EADDRINUSE':
      return failure('port', `a free port; ${place} is in use`)
    case 'EADDRNOTAVAIL':
      return failure('address', `an address of this machine, not ${address}`)
    case 'EACCES':
      return failure('port', `a port that this user may open, not ${place}`)
    default:
      return failure('port', `a free port; ${place} gives ${code}`)
  }
}
