// The programs that a host can run: their options, and the verbs that a scenario can ask of them. One row a program.

import { z } from 'zod'
import type { Host, RunningProgram } from '../platform/host.ts'
import type { DnsImpairments } from '../sim/dns/impairment.ts'
import { bulkReceiver, bulkSender, bulkSenderVerbs, startBulkReceiver, startBulkSender } from './programs/bulk.ts'
import { dns, dnsVerbs, startDns } from './programs/dns.ts'
import { load, loadVerbs, sink, startLoad, startSink } from './programs/load.ts'
import { natProbe, natProbeVerbs, startNatProbe } from './programs/natProbe.ts'
import { phone, phoneVerbs, startPhone } from './programs/phone.ts'
import { phones, phonesVerbs, startPhones } from './programs/phones.ts'
import { proxy, startProxy } from './programs/proxy.ts'
import { sender, senderVerbs, startSender } from './programs/sender.ts'
import { startStunServer, stunServer } from './programs/stunServer.ts'

/** One row. */
function row<Options extends z.ZodType, Named extends Verbs>(
  options: Options,
  verbs: Named,
  start: (host: Host, options: z.output<Options>, impairments?: DnsImpairments) => RunningProgram,
) {
  return { options, verbs, start } as const
}

/** A verb's parameters by their names. */
type Verbs = Readonly<Record<string, z.ZodType>>

const ROWS = {
  phone: row(phone, phoneVerbs, startPhone),
  phones: row(phones, phonesVerbs, startPhones),
  proxy: row(proxy, {}, startProxy),
  sender: row(sender, senderVerbs, startSender),
  'stun-server': row(stunServer, {}, startStunServer),
  'nat-probe': row(natProbe, natProbeVerbs, startNatProbe),
  'bulk-sender': row(bulkSender, bulkSenderVerbs, startBulkSender),
  'bulk-receiver': row(bulkReceiver, {}, startBulkReceiver),
  load: row(load, loadVerbs, startLoad),
  sink: row(sink, {}, startSink),
  dns: row(dns, dnsVerbs, startDns),
} as const

type Rows = typeof ROWS
export type ProgramName = keyof Rows

/** A program with its options, as `runs:` writes it. */
export const program = z.discriminatedUnion(
  'program',
  Object.values(ROWS).map(({ options }) => options) as [Rows[ProgramName]['options']],
)

export type ProgramOptions = z.output<typeof program>

/** What a scenario can ask of each program. */
export const VERBS = Object.fromEntries(Object.entries(ROWS).map(([name, { verbs }]) => [name, verbs])) as {
  readonly [Name in ProgramName]: Rows[Name]['verbs']
}

/** Starts a program on a host, with the options that a topology gave it; `impairments`: what faults make a DNS server do wrong. */
export function startProgram(host: Host, options: ProgramOptions, impairments?: DnsImpairments): RunningProgram {
  const start = ROWS[options.program].start as (
    host: Host,
    options: ProgramOptions,
    impairments?: DnsImpairments,
  ) => RunningProgram
  return start(host, options, impairments)
}
