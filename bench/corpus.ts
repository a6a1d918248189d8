// The fixed corpus of SIP messages in bench/corpus, and npm sip, which the codec is measured beside.

import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'

/** Where the messages are, seen from dist/bench. */
const FOLDER = fileURLToPath(new URL('../../bench/corpus/', import.meta.url))

/** The messages, in the order of their names: requests and responses of 200 to 1,500 bytes. */
export function corpus(): readonly Uint8Array[] {
  return readdirSync(FOLDER)
    .sort()
    .map((name) => new Uint8Array(readFileSync(`${FOLDER}${name}`)))
}

/** What is used of npm sip: a parser that answers undefined to what it cannot read, and its printer. */
export interface NpmSip {
  parse(bytes: Buffer): { readonly headers: { readonly via: readonly unknown[] } } | undefined
  stringify(message: unknown): string
}

export const npmSip = createRequire(import.meta.url)('sip') as NpmSip

/** Times over the corpus in one measurement: so many that the first round leaves nothing to be compiled. */
export const PASSES = 3000
