// Whether a head is what RFC 3261 asks of it: the start line, each header by its syntax in the table, and all together.

import { CLASS, CODE } from './characters.ts'
import { HEADERS, ID, UNKNOWN } from './headers.ts'
import { methodAt } from './methods.ts'
import { passNameAddr } from './nameAddr.ts'
import { passName } from './names.ts'
import { blanks, numberAt, passNumber, run, runText, SCANNED, scanner, separator } from './scanner.ts'
import { isStar, PASSES, passCallId, passList } from './syntax.ts'
import { passUri, readUri, type Uri } from './uri.ts'
import { passSip2, passVia, readVia, type Via } from './via.ts'

const BYTES = SCANNED
const { TOKEN, TEXT } = CLASS
const { FAIL, LF, CR, SP, COMMA } = CODE
const { via: VIA, from: FROM, to: TO, callId: CALL_ID, cseq: CSEQ } = ID
const { maxForwards: MAX_FORWARDS, contact: CONTACT, contentLength: CONTENT_LENGTH } = ID

/** What an examination finds: the lines, and the fields that everybody reads. Offsets are -1 where they are not known. */
export class Findings {
  /** See `Head.index`. */
  index: readonly number[] = NOTHING
  /** Where the last line has ended. */
  end = 0
  /** What the fault is in: a header's name, `start line`, `Request-URI`, `line 7`. */
  faulty = ''
  /** Empty in a response. */
  method = ''
  /** 0 in a request. */
  status = 0
  uri: Uri | undefined = undefined
  /** The first Via. */
  via: Via | undefined = undefined
  cseqNumber = 0
  cseqMethod = ''
  maxForwards = FAIL
  contentLength = FAIL
  callIdFrom = FAIL
  callIdTo = FAIL
  fromParametersFrom = FAIL
  fromParametersTo = FAIL
  toParametersFrom = FAIL
  toParametersTo = FAIL
}

const NOTHING: readonly number[] = []

/** Headers that the current examination has met: those whose entry is its number. */
const seen = new Int32Array(HEADERS.length)
let examination = 0

/** The number of the next examination: from 1 to 2³¹−1, and then from 1 again, nothing met. */
function nextExamination(): number {
  if (examination === 0x7fffffff) {
    seen.fill(0)
    examination = 0
  }
  return ++examination
}

const CORE: ReadonlySet<number> = new Set([VIA, FROM, TO, CALL_ID, CSEQ, MAX_FORWARDS, CONTENT_LENGTH])
const MANDATORY = [...HEADERS.keys()].filter((id) => HEADERS[id]!.mandatory)
/** A bit for each of them: their ids are below 31, and all of them are kept. */
const ALL_MANDATORY = MANDATORY.reduce((bits, id) => bits | (1 << id), 0)

/** The lines found so far in the current examination. */
const lines: number[] = []

/**
 * Examines the head at the beginning of the scanner's bytes, up to an empty line or to the end of the bytes, if `whole` says that they
 * are nothing else. False, with the fault in the scanner and in `findings.faulty`, if something is wrong with it.
 * `viaLess`: a request whose Via the transport will add.
 */
export function examine(findings: Findings, whole = false, viaLess = false): boolean {
  let at = passStartLine(findings)
  if (at === FAIL) return false
  const now = nextExamination()
  let count = 0
  let met = viaLess ? 1 << VIA : 0
  while (BYTES[at] !== CR || BYTES[at + 1] !== LF) {
    if (whole && at === scanner.length) break
    const name = passName(at)
    if (name === FAIL) return faulty(findings, at < scanner.length ? `line ${count / 3 + 2}` : 'message')
    const id = scanner.headerId
    const value = BYTES[name] === SP && BYTES[name + 1]! > SP ? name + 1 : blanks(name)
    lines[count] = id
    lines[count + 1] = at
    lines[count + 2] = value
    count += 3
    if (id === UNKNOWN) at = runText(value)
    else {
      if (seen[id] === now && !mayFollow(id, at, value)) return faulty(findings, HEADERS[id]!.name)
      if (isCore[id]) {
        at = passCore(id, value, findings)
        met |= 1 << id
      } else at = PASSES[id]!(value)
      if (at === FAIL) return faulty(findings, HEADERS[id]!.name)
      seen[id] = now
    }
    if (BYTES[at] !== CR) at = blanks(at)
    if (BYTES[at] !== CR || BYTES[at + 1] !== LF) {
      scanner.refuse(at, 'the end of the line')
      return faulty(
        findings,
        id === UNKNOWN ? scanner.text.slice(lines[count - 2], name - 1).trim() : HEADERS[id]!.name,
      )
    }
    at += 2
  }
  findings.index = lines.slice(0, count)
  findings.end = at
  return (met & ALL_MANDATORY) === ALL_MANDATORY || lacking(met, at, findings)
}

/** Whether a further line of a header may stand in a message, here at `line`, its value at `from`. */
function mayFollow(id: number, line: number, from: number): boolean {
  let earlier = 0
  while (lines[earlier] !== id) earlier += 3
  const first = lines[earlier + 2]!
  if (isSingle[id] && !isRepeated(first, from)) scanner.refuse(line, 'this header once only')
  else if (id === CONTACT && (isStar(first) || isStar(from)))
    scanner.refuse(line, '* alone, or addresses') // §20.10
  else return true
  return false
}

/** True where two values are the same, so that the second says nothing new: some phones send Content-Type twice. */
function isRepeated(first: number, from: number): boolean {
  const length = run(from, TEXT) - from
  if (run(first, TEXT) - first !== length) return false
  for (let place = 0; place < length; place++) if (BYTES[first + place] !== BYTES[from + place]) return false
  return true
}

function faulty(findings: Findings, where: string): false {
  findings.faulty = where
  return false
}

/** Refuses for want of the first of the mandatory headers that was not met. */
function lacking(met: number, end: number, findings: Findings): false {
  const { name, section } = HEADERS[MANDATORY.find((id) => (met & (1 << id)) === 0)!]!
  scanner.refuse(end, `a ${name}, which every message has (${section})`)
  return faulty(findings, name)
}

/** Whether the value of a header is kept in the findings. */
const isCore: readonly boolean[] = [...HEADERS.keys()].map((id) => CORE.has(id))
const isSingle: readonly boolean[] = HEADERS.map(({ multiplicity }) => multiplicity === 'one')

/** Passes the value of one of the headers that everybody reads, and keeps what is read. */
function passCore(id: number, from: number, findings: Findings): number {
  if (id === VIA) return passVias(from, findings)
  if (id === FROM) {
    const to = passNameAddr(from)
    findings.fromParametersFrom = scanner.parametersFrom
    findings.fromParametersTo = scanner.parametersTo
    return to
  }
  if (id === TO) {
    const to = passNameAddr(from)
    findings.toParametersFrom = scanner.parametersFrom
    findings.toParametersTo = scanner.parametersTo
    return to
  }
  if (id === CALL_ID) {
    findings.callIdFrom = from
    findings.callIdTo = passCallId(from)
    return findings.callIdTo
  }
  const to = PASSES[id]!(from)
  if (to === FAIL) return FAIL
  if (id === CSEQ) return keepCSeq(from, to, findings)
  if (id === MAX_FORWARDS) findings.maxForwards = numberAt(from, to)
  else findings.contentLength = numberAt(from, to)
  return to
}

/** Passes a line of Vias, of which the message's first is read. */
function passVias(from: number, findings: Findings): number {
  const to = passVia(from)
  if (to === FAIL) return FAIL
  findings.via ??= readVia()
  const next = BYTES[to] === CR ? FAIL : separator(to, COMMA)
  return next === FAIL ? to : passList(next, passVia)
}

function keepCSeq(from: number, to: number, findings: Findings): number {
  const { numberTo, methodFrom } = scanner
  findings.cseqNumber = numberAt(from, numberTo)
  findings.cseqMethod = methodAt(methodFrom, to)
  if (findings.method === '' || findings.cseqMethod === findings.method) return to
  return scanner.refuse(methodFrom, `the method of the start line, ${findings.method}`)
}

/** Passes a Request-Line or a Status-Line (§7.1, §7.2): single spaces, and nothing after. */
function passStartLine(findings: Findings): number {
  const version = passSip2(0)
  if (version !== FAIL && BYTES[version] === SP) return passStatus(version + 1, findings)
  findings.faulty = 'start line'
  const methodTo = run(0, TOKEN)
  if (methodTo === 0 || BYTES[methodTo] !== SP) return scanner.refuse(0, 'a method or SIP/2.0')
  findings.method = methodAt(0, methodTo)
  const uriTo = passUri(methodTo + 1, true)
  if (uriTo === FAIL || BYTES[uriTo] !== SP) {
    findings.faulty = 'Request-URI'
    return uriTo === FAIL ? FAIL : scanner.refuse(uriTo, 'a space after the Request-URI')
  }
  if (scanner.uriTo > scanner.uriParametersTo) {
    findings.faulty = 'Request-URI'
    return scanner.refuse(scanner.uriParametersTo, 'a Request-URI without headers (RFC 3261 §19.1.1)')
  }
  findings.uri = readUri()
  const end = passSip2(uriTo + 1)
  if (end === FAIL) return scanner.refuse(uriTo + 1, 'SIP/2.0')
  return BYTES[end] === CR && BYTES[end + 1] === LF ? end + 2 : scanner.refuse(end, 'the end of the line')
}

function passStatus(at: number, findings: Findings): number {
  findings.faulty = 'start line'
  const end = passNumber(at, 699, 'a status, 100–699')
  if (end === FAIL) return FAIL
  findings.status = numberAt(at, end)
  if (end !== at + 3 || findings.status < 100) return scanner.refuse(at, 'a status, 100–699')
  if (BYTES[end] !== SP) return scanner.refuse(end, 'a space before the reason phrase')
  const reasonTo = run(end, TEXT)
  return BYTES[reasonTo] === CR && BYTES[reasonTo + 1] === LF
    ? reasonTo + 2
    : scanner.refuse(reasonTo, 'the end of the line')
}
