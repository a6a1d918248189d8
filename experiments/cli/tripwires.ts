// Tripwires: while a run is under way, whoever reads the real clock, draws unseeded chance, opens a real socket or starts a process is stopped
// on the spot.

import childProcess from 'node:child_process'
import nodeCrypto from 'node:crypto'
import dgram from 'node:dgram'
import dns from 'node:dns'
import { syncBuiltinESMExports } from 'node:module'
import net from 'node:net'
import nodeTimers from 'node:timers'
import timersPromises from 'node:timers/promises'

/** A run touched the machine under it. The stack is that of whoever did. */
export class Tripped extends Error {
  override readonly name = 'Tripped'
}

type Holder = Record<string, unknown>

/** One wire: what is touched, in words, and where it hangs. */
interface Wire {
  readonly what: string
  readonly holder: object
  readonly key: string
  /** True where it is no wire to be called, as with `new Date(0)`. */
  readonly isHarmless?: (given: readonly unknown[]) => boolean
}

const CLOCK = 'the real clock'
const CHANCE = 'chance without a seed'
const TIMER = 'a real timer'
const SOCKET = 'a real socket'
const PROCESS = 'a real process'
const NAMES = 'the real name service'

const WIRES: readonly Wire[] = [
  { what: CHANCE, holder: Math, key: 'random' },
  { what: CLOCK, holder: globalThis, key: 'Date', isHarmless: ({ length }) => length > 0 },
  { what: CLOCK, holder: performance, key: 'now' },
  { what: CLOCK, holder: process, key: 'hrtime' },
  ...[globalThis, nodeTimers, timersPromises].flatMap((holder) =>
    ['setTimeout', 'setInterval', 'setImmediate'].map((key) => ({ what: TIMER, holder, key })),
  ),
  { what: CHANCE, holder: globalThis.crypto, key: 'getRandomValues' },
  { what: CHANCE, holder: globalThis.crypto, key: 'randomUUID' },
  ...['randomBytes', 'randomInt', 'randomUUID'].map((key) => ({ what: CHANCE, holder: nodeCrypto, key })),
  ...['bind', 'send', 'connect'].map((key) => ({ what: SOCKET, holder: dgram.Socket.prototype, key })),
  { what: SOCKET, holder: net.Socket.prototype, key: 'connect' },
  { what: SOCKET, holder: net.Server.prototype, key: 'listen' },
  ...['lookup', 'resolve', 'resolve4', 'resolve6', 'resolveNaptr', 'resolveSrv'].flatMap((key) =>
    [dns, dns.promises].map((holder) => ({ what: NAMES, holder, key })),
  ),
  ...['spawn', 'exec', 'execFile', 'fork', 'spawnSync', 'execSync', 'execFileSync'].map((key) => {
    return { what: PROCESS, holder: childProcess, key }
  }),
  // What spawn and its like come to, however a program came by them.
  { what: PROCESS, holder: childProcess.ChildProcess.prototype, key: 'spawn' },
]

/** How far the wires reach. */
export interface Watch {
  /**
   * Also to what a program has imported by name (`import { spawnSync } from 'node:child_process'`). Costs each run a quarter of a
   * millisecond; for programs that are not siptwin's own. Default false.
   */
  readonly imports?: boolean
}

/**
 * Does `run`, which must be synchronous, with all wires armed. Throws {@link Tripped} where one was touched, also if the program that did
 * so caught what was thrown at it.
 */
export function watched<T>(run: () => T, { imports = false }: Watch = {}): T {
  let tripped: Tripped | undefined
  const touch = (what: string, caller: (...given: never[]) => unknown): never => {
    const sentence = `the run touched ${what}: whatever a program asks of its machine goes through its Host`
    tripped = new Tripped(sentence)
    Error.captureStackTrace(tripped, caller)
    tripped.stack = (tripped.stack ?? sentence).replace(NODES_OWN, '$1')
    throw tripped
  }
  const disarm = WIRES.map((wire) => arm(wire, touch))
  if (imports) syncBuiltinESMExports()
  try {
    return run()
  } finally {
    for (const one of disarm) one()
    if (imports) syncBuiltinESMExports()
    // biome-ignore lint/correctness/noUnsafeFinally: what was swallowed comes up again
    if (tripped !== undefined) throw tripped
  }
}

/** The lines of a stack, next to what was touched, that are Node's and not the program's. */
const NODES_OWN = /^([^\n]*\n)(?: +at [^\n]*\bnode:[^\n]*\n)+/

type Touch = (what: string, caller: (...given: never[]) => unknown) => never

/** Hangs the wire up; gives what takes it down. */
function arm({ what, holder, key, isHarmless }: Wire, touch: Touch): () => void {
  const own = Object.getOwnPropertyDescriptor(holder, key)
  const real = (holder as Holder)[key]
  if (typeof real !== 'function') return () => undefined
  const named = `${what} (${key})`
  const plain = function wire(): never {
    return touch(named, wire)
  }
  // What hangs on it is a wire as well: process.hrtime.bigint.
  const wire =
    key === 'Date'
      ? wiredDate(real as DateConstructor, named, touch, isHarmless)
      : Object.assign(plain, Object.fromEntries(Object.keys(real).map((part) => [part, plain])))
  Object.defineProperty(holder, key, {
    value: wire,
    configurable: true,
    writable: true,
    enumerable: own?.enumerable ?? false,
  })
  return () => {
    if (own === undefined) delete (holder as Holder)[key]
    else Object.defineProperty(holder, key, own)
  }
}

/** A date of a given time is no clock. */
function wiredDate(
  real: DateConstructor,
  named: string,
  touch: Touch,
  isHarmless: Wire['isHarmless'],
): DateConstructor {
  const now = (): never => touch(named, now)
  return new Proxy(real, {
    construct: (target, given, newTarget) =>
      isHarmless?.(given) ? (Reflect.construct(target, given, newTarget) as object) : touch(named, now),
    apply: () => touch(named, now),
    get: (target, key) => (key === 'now' ? now : Reflect.get(target, key)),
  })
}
