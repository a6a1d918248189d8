// A host's TLS as a topology writes it: its certificates, whom it trusts, which versions it speaks.

import { z } from 'zod'
import type { TlsSettings } from '../sim/transport/tls/settings.ts'
import { quantity, shape } from './yaml/shape.ts'

const MS = 1e6

const certificate = shape({
  /** The host names and addresses that it is good for; `*.example.com` is any name one label longer. */
  names: z.array(z.string()).min(1, { error: () => 'at least one name' }),
  /** Who has signed it. */
  authority: z.string().default('public'),
  /** From when and until when it is valid, by a host's own clock. Absent: always. */
  from: quantity('duration', true).exactOptional(),
  until: quantity('duration', true).exactOptional(),
  /** The whole chain's length on the wire. */
  chain: quantity('size')
    .check((context) => {
      const { value, issues } = context
      if (value >= 600 && value <= 60_000) return
      issues.push({ code: 'custom', message: 'a size from 600 B to 60 kB', input: value })
    })
    .default(3000),
}).check((context) => {
  const { from, until } = context.value
  if (from === undefined || until === undefined || from < until) return
  context.issues.push({ code: 'custom', path: ['until'], message: 'a time after `from`', input: until })
})

/** `1.3`: YAML reads it as a number where it has no quotes. */
const version = z.codec(z.literal(['1.2', '1.3', 1.2, 1.3]), z.enum(['1.2', '1.3']), {
  decode: (written) => (Number(written) === 1.2 ? '1.2' : '1.3'),
  encode: (value) => value,
})

/** A host's `tls`. */
export const tls = shape({
  /** By the names that its programs call them. Absent: one, for the host's name and its addresses. */
  certificates: z.record(z.string(), certificate).exactOptional(),
  /** The authorities that it trusts. */
  trusts: z.array(z.string()).default(['public']),
  versions: z
    .array(version)
    .min(1, { error: () => 'at least one version' })
    .default(['1.2', '1.3']),
  /** Whether it takes sessions up again, and lets others do so. */
  resumption: z.boolean().default(true),
  /** For how long. */
  session: quantity('duration').default(7_200_000 * MS),
  /** Whether what it encrypts stands in the clear in captures, for labels and for fault rules; the sizes are the same. */
  plain: z.boolean().default(false),
})

/** The same for the simulator. */
export function tlsSettingsOf({ certificates, session, ...rest }: z.output<typeof tls>): TlsSettings {
  const all = Object.entries(certificates ?? {}).map(([name, { names, authority, chain, from, until }]) => {
    const times = {
      ...(from !== undefined && { fromMs: from / MS }),
      ...(until !== undefined && { untilMs: until / MS }),
    }
    return [name, { names, authority, chainBytes: chain, ...times }] as const
  })
  return { ...rest, sessionMs: session / MS, ...(all.length > 0 && { certificates: Object.fromEntries(all) }) }
}
