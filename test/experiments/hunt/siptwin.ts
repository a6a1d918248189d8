// The command line, run within a test.

import { main } from '../../../experiments/cli/main.ts'

export interface Said {
  readonly code: number
  readonly out: string
  readonly err: string
}

/** `siptwin` with these words, and what it wrote. */
export async function siptwin(...words: readonly string[]): Promise<Said> {
  let [out, err] = ['', '']
  const terminal = {
    ...{ columns: 100, color: false, live: false, code: 0 as const },
    out: (text: string) => {
      out += text
    },
    err: (text: string) => {
      err += text
    },
  }
  const code = await main(['node', 'siptwin', ...words], terminal)
  return { code, out, err }
}
