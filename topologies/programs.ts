// The programs that a host can run: their options, and the verbs that a scenario can ask of them. One row a program.

import { z } from 'zod'
import type { Host, RunningProgram } from '../platform/host.ts'
import { bulkReceiver, bulkSender, bulkSenderVerbs, startBulkReceiver, startBulkSender } from './programs/bulk.ts'
import { dns, dnsVerbs, startDns } from './programs/dns.ts'
import { load, loadVerbs, sink, startLoad, startSink } from './programs/load.ts'
import { natProbe, natProbeVerbs, startNatProbe } from './programs/natProbe.ts'
import { phone, phoneVerbs, startPhone } from './programs/phone.ts'
import { phones, phonesVerbs, startPhones } from './programs/phones.ts'
import { proxy, startProxy } from './programs/proxy.ts'
import { sender, senderVerbs, startSender } from './programs/sender.ts'
import { startStunServer, stunServer } from './programs/stunServer.ts'

/** A program with its options, as `runs:` writes it. */
export const program = z.discriminatedUnion('program', [
  phone,
  phones,
  proxy,
  sender,
  stunServer,
  natProbe,
  bulkSender,
  bulkReceiver,
  load,
  sink,
  dns,
])

export type ProgramOptions = z.output<typeof program>
export type ProgramName = ProgramOptions['program']

/** A verb's parameters by their names. */
type Verbs = Readonly<Record<string, z.ZodType>>

/** What a scenario can ask of each program. */
export const VERBS = {
  phone: phoneVerbs,
  phones: phonesVerbs,
  proxy: {},
  sender: senderVerbs,
  'stun-server': {},
  'nat-probe': natProbeVerbs,
  'bulk-sender': bulkSenderVerbs,
  'bulk-receiver': {},
  load: loadVerbs,
  sink: {},
  dns: dnsVerbs,
} as const satisfies Readonly<Record<ProgramName, Verbs>>

/** Starts a program on a host, with the options that a topology gave it. */
export function startProgram(host: Host, options: ProgramOptions): RunningProgram {
  switch (options.program) {
    case 'phone':
      return startPhone(host, options)
    case 'phones':
      return startPhones(host, options)
    case 'proxy':
      return startProxy(host, options)
    case 'sender':
      return startSender(host, options)
    case 'stun-server':
      return startStunServer(host, options)
    case 'nat-probe':
      return startNatProbe(host, options)
    case 'bulk-sender':
      return startBulkSender(host, options)
    case 'bulk-receiver':
      return startBulkReceiver(host, options)
    case 'load':
      return startLoad(host, options)
    case 'sink':
      return startSink(host, options)
    case 'dns':
      return startDns(host, options)
  }
}
