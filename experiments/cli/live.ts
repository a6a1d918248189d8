// `siptwin live`: runs the programs of a topology on this machine's own network, until Ctrl-C or until the calls asked for are made.

import { Command } from 'commander'
import { canonicalAddress } from '../../platform/address.ts'
import type { TraceRecord } from '../../platform/trace.ts'
import { parseUri } from '../../stack/sip/message/uri.ts'
import { readTopology } from '../../topologies/topology.ts'
import { Caller } from '../live/caller.ts'
import type { CallCounts } from '../live/tally.ts'
import { Ending, EXIT } from './exit.ts'
import { open } from './library.ts'
import { type Listening, type LiveProgram, LiveWorld } from './liveWorld.ts'
import type { Terminal } from './terminal.ts'
import { mistakesIn } from './validate.ts'

interface LiveOptions {
  readonly address?: string
  readonly to?: string
  readonly calls?: string
  readonly rate?: string
  readonly json?: boolean
  readonly quiet?: boolean
}

/** How long a call that the command makes is talked, ms. */
const HOLD_MS = 1000

/** The command. */
export function liveCommand(terminal: Terminal): Command {
  return new Command('live')
    .description('runs the programs of a topology on this machine’s own network')
    .argument('<topology>', 'the name of a ready-made topology (answering-phone, calling-phone), or a YAML file')
    .option('--address <host:port>', 'listens there instead of where the file says; 0.0.0.0 is all addresses')
    .option('--to <uri>', 'has the phone call there, and ends with 0 if all calls succeeded')
    .option('--calls <n>', 'how many calls; default 1')
    .option('--rate <n>', 'calls begun per second; default 1')
    .option('--json', 'one JSON document on stdout')
    .option('--quiet', 'shows failures only')
    .action((name: string, options: LiveOptions) => live(terminal, name, options))
}

async function live(terminal: Terminal, name: string, options: LiveOptions): Promise<void> {
  const reading = readTopology(open('topologies', name))
  if (!reading.ok) throw new Ending(EXIT.input, mistakesIn(reading.mistakes))
  const plan = planOf(options)
  const listening = options.address === undefined ? undefined : listeningOf(options.address)
  const hears: ((record: TraceRecord) => void)[] = []
  const world = new LiveWorld(reading.value, listening, (record) => {
    for (const hear of hears) hear(record)
  })
  const begin = (over: () => void): (() => void) => {
    sayReady(terminal, name, world.programs, options)
    if (plan === undefined) return () => {}
    const { host, running } = onlyPhone(world)
    const caller = new Caller(host, running, plan, over)
    hears.push((record) => caller.record(record))
    caller.begin()
    return () => caller.stop()
  }
  const ending = await untilSignalOr(begin).catch((error: unknown) => {
    world.close()
    throw error
  })
  await world.end()
  const counts = world.tally.counts()
  say(terminal, name, counts, options)
  const allSucceeded = counts.completed === counts.calls
  terminal.code = ending === 'interrupted' ? EXIT.interrupted : allSucceeded ? EXIT.ok : EXIT.failed
}

/** Waits until `begin` calls what it is given, or until Ctrl-C; what `begin` gives back stops it. What is thrown meanwhile ends the wait. */
async function untilSignalOr(begin: (over: () => void) => () => void): Promise<'over' | 'interrupted'> {
  const endings: [event: string, listener: (error?: unknown) => void][] = []
  try {
    return await new Promise((resolve, reject) => {
      endings.push(['uncaughtException', reject])
      const stop = begin(() => resolve('over'))
      const interrupt = (): void => {
        stop()
        resolve('interrupted')
      }
      endings.push(['SIGINT', interrupt], ['SIGTERM', interrupt])
      for (const [event, listener] of endings) process.on(event, listener)
    })
  } finally {
    for (const [event, listener] of endings) process.removeListener(event, listener)
  }
}

function sayReady(terminal: Terminal, name: string, programs: readonly LiveProgram[], options: LiveOptions): void {
  if (options.quiet) return
  const places = programs.map((one) => {
    const uri = options.to === undefined ? uriOf(one) : undefined
    return `${one.node} (${one.options.program}) at ${one.at}${uri === undefined ? '' : `, call ${uri}`}`
  })
  const line = `${name} is ready: ${[...places, 'Ctrl-C ends it'].join('; ')}\n`
  if (options.json) terminal.err(line)
  else terminal.out(line)
}

/** What others call to reach a phone here: its own user, whom it looks for in the Request-URI, at the place where it listens. */
function uriOf({ options, at }: LiveProgram): string | undefined {
  if (options.program !== 'phone') return undefined
  const aor = parseUri(options.aor)
  const user = aor.ok && aor.value.user !== undefined ? `${aor.value.user}@` : ''
  return `sip:${user}${at}`
}

function say(terminal: Terminal, topology: string, counts: CallCounts, { json, quiet }: LiveOptions): void {
  if (json) terminal.out(`${JSON.stringify({ topology, ...counts }, null, 2)}\n`)
  else if (!quiet || counts.failed > 0) terminal.out(`${sentence(counts)}\n`)
}

function sentence({ calls, completed, failed, open, repeats, reasons }: CallCounts): string {
  const why = reasons.map(([reason, times]) => `${reason} ${times}`).join(', ')
  return [
    `${calls} ${calls === 1 ? 'call' : 'calls'}: ${completed} completed, ${failed} failed${why === '' ? '' : ` (${why})`}`,
    ...(open === 0 ? [] : [`${open} cut off`]),
    `${repeats} ${repeats === 1 ? 'message' : 'messages'} sent again`,
  ].join(', ')
}

function onlyPhone({ programs }: LiveWorld): LiveProgram {
  const [phone, ...others] = programs.filter(({ options }) => options.program === 'phone')
  if (phone !== undefined && others.length === 0) return phone
  throw new Ending(EXIT.input, `--to is for a topology with one phone, not ${others.length === 0 ? 'none' : 'several'}`)
}

function planOf({ to, calls, rate }: LiveOptions): ConstructorParameters<typeof Caller>[2] | undefined {
  if (to === undefined) {
    if (calls === undefined && rate === undefined) return undefined
    throw new Ending(EXIT.input, '--calls and --rate need --to, the URI to call')
  }
  const uri = parseUri(to)
  if (!uri.ok) throw new Ending(EXIT.input, `--to needs ${uri.issue.expected}`)
  const number = Number(calls ?? 1)
  if (!Number.isSafeInteger(number) || number < 1)
    throw new Ending(EXIT.input, `--calls needs a number from 1 on, not ${calls}`)
  const ratePerSecond = Number(rate ?? 1)
  if (!(ratePerSecond > 0 && ratePerSecond <= 100_000)) {
    throw new Ending(EXIT.input, `--rate needs a number of calls per second above 0, not ${rate}`)
  }
  return { to, calls: number, ratePerSecond, holdMs: HOLD_MS }
}

/** `127.0.0.1:5060`, `127.0.0.1`, `[::1]:5060`, `:5060`. */
function listeningOf(text: string): Listening {
  const parts = /^(?:\[([^\]]+)\]|([^:]*))(?::(\d{1,5}))?$/.exec(text)
  const host = parts?.[1] ?? parts?.[2] ?? ''
  const port = parts?.[3] === undefined ? undefined : Number(parts[3])
  const address = canonicalAddress(host)
  if (port === 0 || (port ?? 0) > 65_535) {
    const why = port === 0 ? ': whoever calls must know it beforehand' : ''
    throw new Ending(EXIT.input, `--address needs a port from 1 to 65535, not ${port}${why}`)
  }
  if (parts === null || (address === undefined && host !== '')) {
    throw new Ending(EXIT.input, `--address needs an address and a port such as 192.0.2.1:5060, not "${text}"`)
  }
  return { address: address === '0.0.0.0' || address === '::' ? undefined : address, port }
}
