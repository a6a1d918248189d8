// `siptwin audit`: any capture held to the RFCs' rules, and what was in it.

import { closeSync, existsSync, openSync, readdirSync, readSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { Command } from 'commander'
import { type Inspected, Inspection } from '../captures/inspection.ts'
import { CAPTURED, EXACT } from '../oracles/jury.ts'
import { Ending, EXIT } from './exit.ts'
import { fileTypeOf, noCapture } from './fileType.ts'
import { durationGiven } from './given.ts'
import { printInspected, printWrong } from './inspected.ts'
import { whyNot } from './library.ts'
import type { Terminal } from './terminal.ts'

interface AuditOptions {
  readonly t1: string
  readonly exact?: boolean
  readonly json?: boolean
  readonly quiet?: boolean
}

const PIECE_BYTES = 1 << 20

/** The command. */
export function auditCommand(terminal: Terminal): Command {
  return new Command('audit')
    .description("holds a capture to the RFCs' rules: pcap or pcapng, SIP over UDP, TCP and WebSocket, RTP")
    .argument('<capture>', 'a capture file, or the folder of a run')
    .option('--t1 <duration>', 'the T1 of the stacks in it', '500 ms')
    .option(
      '--exact',
      'the capture has all that its hosts sent and received, at its time, as capture.pcapng of a run has: judged to the microsecond',
    )
    .option('--json', 'one JSON document on stdout')
    .option('--quiet', 'shows what is wrong only')
    .action((file: string, options: AuditOptions) => audit(terminal, file, options))
}

function audit(terminal: Terminal, path: string, { t1, exact, json, quiet }: AuditOptions): void {
  const t1Ns = durationGiven('--t1', t1, 1e6)
  const timers = { t1Ns, t2Ns: Math.max(4e9, t1Ns), t4Ns: 5e9 }
  const file = isFolder(path) ? captureIn(path) : path
  const inspection = new Inspection({ ...(exact ? EXACT : CAPTURED), timersOf: () => timers })
  feed(inspection, file)
  const found = inspection.end()
  const { unreadable, packets } = found
  const unread = unreadLinks(found)
  if (json) terminal.out(`${JSON.stringify({ file, ...found }, null, 2)}\n`)
  else if ((unreadable === undefined || packets > 0) && unread === undefined)
    terminal.out(quiet ? printWrong(found) : printInspected(file, found))
  if (unreadable !== undefined) {
    const place = packets === 0 ? '' : ` packet ${unreadable.packet}:`
    throw new Ending(EXIT.input, `${file}:${place} expected ${unreadable.expected}`)
  }
  if (unread !== undefined) throw new Ending(EXIT.input, `${file}: nothing in it could be read: ${unread}`)
  if (isViolated(found)) terminal.code = EXIT.failed
}

/** Of a run's folder, its capture of all interfaces. */
function captureIn(folder: string): string {
  const whole = join(folder, 'capture.pcapng')
  if (existsSync(whole)) return whole
  const captures = ['', 'capture'].flatMap((inner) => {
    const there = isFolder(join(folder, inner)) ? readdirSync(join(folder, inner)) : []
    return there.filter((name) => /\.(?:pcap|pcapng|cap)$/i.test(name)).map((name) => join(folder, inner, name))
  })
  const [first] = captures.sort()
  const hint = first === undefined ? 'and has no capture in it' : `name a capture in it, such as ${first}`
  throw new Ending(EXIT.input, `${folder} is a folder, ${hint}`)
}

/** Why no packet at all could be read, if so it is. */
function unreadLinks({ packets, remarks }: Inspected): string | undefined {
  const links = remarks.filter(({ kind }) => kind === 'link type')
  const count = links.reduce((sum, one) => sum + one.count, 0)
  return packets > 0 && count === packets ? links.map(({ sentence }) => sentence).join('; ') : undefined
}

function isViolated({ verdicts }: Inspected): boolean {
  return verdicts.some(({ state }) => state === 'violated')
}

function feed(inspection: Inspection, path: string): void {
  if (path === '') throw new Ending(EXIT.input, 'the name of the capture is empty')
  let file: number | undefined
  try {
    file = openSync(path, 'r')
    const piece = new Uint8Array(PIECE_BYTES)
    let isFirst = true
    for (let bytes = readSync(file, piece); bytes > 0 || isFirst; bytes = readSync(file, piece)) {
      const read = piece.subarray(0, bytes)
      if (isFirst && fileTypeOf(read) !== 'capture') throw new Ending(EXIT.input, noCapture(path, read))
      isFirst = false
      inspection.push(read)
    }
  } catch (error) {
    if (error instanceof Ending || (error as { code?: unknown }).code === undefined) throw error
    throw new Ending(EXIT.input, `${path} cannot be read: ${whyNot(error)}`)
  } finally {
    if (file !== undefined) closeSync(file)
  }
}

function isFolder(path: string): boolean {
  return existsSync(path) && statSync(path).isDirectory()
}
