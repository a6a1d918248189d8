// Whether a head is what RFC 3261 asks of it: the start line, each header by its syntax in the table, and all together.

import { CLASS, CODE } from './characters.ts'
import { HEADERS, ID, type Syntax, UNKNOWN } from './headers.ts'
import { passNameAddr } from './nameAddr.ts'
import { passName } from './names.ts'
import { blanks, numberAt, passNumber, passParameters, run, type Scanner, separator } from './scanner.ts'
import { passUri, readUri, type Uri } from './uri.ts'
import { passSip2, passVia, readVia, type Via } from './via.ts'

const { TOKEN, WORD, TEXT, DIGIT } = CLASS
const { FAIL, LF, CR, SP, STAR, COMMA, SLASH, AT } = CODE

/** What an examination finds: the lines, and the fields that everybody reads. Offsets are -1 where they are not known. */
export class Findings {
  /** See `Head.index`. */
  index: readonly number[] = NOTHING
  /** Where the last line has ended. */
  end = 0
  /** What the fault is in: a header's name, `start line`, `Request-URI`, `line 7`. */
  faulty = ''
  /** Where the method ends; -1 in a response. */
  methodTo = FAIL
  /** 0 in a request. */
  status = 0
  uri: Uri | undefined = undefined
  /** The first Via. */
  via: Via | undefined = undefined
  cseqNumber = 0
  cseqMethodFrom = FAIL
  cseqMethodTo = FAIL
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
const seen = new Float64Array(HEADERS.length)
let examination = 0

const MANDATORY = [...HEADERS.keys()].filter((id) => HEADERS[id]!.mandatory)

/** The lines found so far in the current examination. */
const lines: number[] = []

/**
 * Examines the head at the beginning of the scanner's bytes, up to an empty line or to the end of the bytes, if `whole` says that they
 * are nothing else. False, with the fault in the scanner and in `findings.faulty`, if something is wrong with it.
 * `viaLess`: a request whose Via the transport will add.
 */
export function examine(scanner: Scanner, findings: Findings, whole = false, viaLess = false): boolean {
  const { bytes } = scanner
  let at = passStartLine(scanner, findings)
  if (at === FAIL) return false
  examination++
  let count = 0
  while (bytes[at] !== CR || bytes[at + 1] !== LF) {
    if (whole && at === bytes.length) break
    const name = passName(scanner, at)
    if (name === FAIL) return faulty(findings, at < bytes.length ? `line ${count / 3 + 2}` : 'message')
    const id = scanner.headerId
    const value = bytes[name] === SP && bytes[name + 1]! > SP ? name + 1 : blanks(bytes, name)
    lines[count] = id
    lines[count + 1] = at
    lines[count + 2] = value
    count += 3
    if (id === UNKNOWN) at = run(bytes, value, TEXT)
    else {
      if (seen[id] === examination && isSingle[id] && !isRepeated(scanner, id, value)) {
        scanner.refuse(at, 'this header once only')
        return faulty(findings, HEADERS[id]!.name)
      }
      at = id <= CORE ? passCore(scanner, id, value, findings) : PASSES[id]!(scanner, value)
      if (at === FAIL) return faulty(findings, HEADERS[id]!.name)
      seen[id] = examination
    }
    if (bytes[at] !== CR) at = blanks(bytes, at)
    if (bytes[at] !== CR || bytes[at + 1] !== LF) {
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
  if (viaLess) seen[ID.via] = examination
  return hasMandatory(scanner, at, findings)
}

/** True for a header whose first line has the same value, so that it says nothing new: some phones send Content-Type twice. */
function isRepeated({ bytes }: Scanner, id: number, from: number): boolean {
  let line = 0
  while (lines[line] !== id) line += 3
  const first = lines[line + 2]!
  const length = run(bytes, from, TEXT) - from
  if (run(bytes, first, TEXT) - first !== length) return false
  for (let place = 0; place < length; place++) if (bytes[first + place] !== bytes[from + place]) return false
  return true
}

function faulty(findings: Findings, where: string): false {
  findings.faulty = where
  return false
}

function hasMandatory(scanner: Scanner, end: number, findings: Findings): boolean {
  for (const id of MANDATORY) {
    if (seen[id] === examination) continue
    const { name, section } = HEADERS[id]!
    scanner.refuse(end, `a ${name}, which every message has (${section})`)
    return faulty(findings, name)
  }
  return true
}

/** The last id of those whose values are kept in the findings. */
const CORE = ID.contentLength

/** Passes the value of one of the headers that everybody reads, and keeps what is read. */
function passCore(scanner: Scanner, id: number, from: number, findings: Findings): number {
  const { bytes } = scanner
  if (id === ID.via && findings.via === undefined) {
    const first = passVia(scanner, from)
    if (first === FAIL) return FAIL
    findings.via = readVia(scanner)
    const next = bytes[first] === CR ? FAIL : separator(bytes, first, COMMA)
    return next === FAIL ? first : passList(scanner, next, passVia)
  }
  const to = id === ID.from || id === ID.to ? passNameAddr(scanner, from) : PASSES[id]!(scanner, from)
  if (to === FAIL) return FAIL
  if (id === ID.from) {
    findings.fromParametersFrom = scanner.parametersFrom
    findings.fromParametersTo = scanner.parametersTo
  } else if (id === ID.to) {
    findings.toParametersFrom = scanner.parametersFrom
    findings.toParametersTo = scanner.parametersTo
  } else if (id === ID.callId) {
    findings.callIdFrom = from
    findings.callIdTo = to
  } else if (id === ID.maxForwards) findings.maxForwards = numberAt(bytes, from, to)
  else if (id === ID.contentLength) findings.contentLength = numberAt(bytes, from, to)
  else if (id === ID.cseq) return keepCSeq(scanner, from, to, findings)
  return to
}

function keepCSeq(scanner: Scanner, from: number, to: number, findings: Findings): number {
  const { bytes } = scanner
  const space = run(bytes, from, DIGIT)
  const method = blanks(bytes, space)
  findings.cseqNumber = numberAt(bytes, from, space)
  findings.cseqMethodFrom = method
  findings.cseqMethodTo = to
  const { methodTo } = findings
  if (methodTo === FAIL) return to
  let same = to - method === methodTo
  for (let place = 0; same && place < methodTo; place++) same = bytes[place] === bytes[method + place]
  return same ? to : scanner.refuse(method, `the method of the start line, ${scanner.text.slice(0, methodTo)}`)
}

/** Passes a Request-Line or a Status-Line (§7.1, §7.2): single spaces, and nothing after. */
function passStartLine(scanner: Scanner, findings: Findings): number {
  const { bytes } = scanner
  const version = passSip2(bytes, 0)
  if (version !== FAIL && bytes[version] === SP) return passStatus(scanner, version + 1, findings)
  findings.faulty = 'start line'
  const methodTo = run(bytes, 0, TOKEN)
  if (methodTo === 0 || bytes[methodTo] !== SP) return scanner.refuse(0, 'a method or SIP/2.0')
  findings.methodTo = methodTo
  const uriTo = passUri(scanner, methodTo + 1, true)
  if (uriTo === FAIL || bytes[uriTo] !== SP) {
    findings.faulty = 'Request-URI'
    return uriTo === FAIL ? FAIL : scanner.refuse(uriTo, 'a space after the Request-URI')
  }
  if (scanner.uriTo > scanner.uriParametersTo) {
    findings.faulty = 'Request-URI'
    return scanner.refuse(scanner.uriParametersTo, 'a Request-URI without headers (RFC 3261 §19.1.1)')
  }
  findings.uri = readUri(scanner)
  const end = passSip2(bytes, uriTo + 1)
  if (end === FAIL) return scanner.refuse(uriTo + 1, 'SIP/2.0')
  return bytes[end] === CR && bytes[end + 1] === LF ? end + 2 : scanner.refuse(end, 'the end of the line')
}

function passStatus(scanner: Scanner, at: number, findings: Findings): number {
  const { bytes } = scanner
  findings.faulty = 'start line'
  const end = passNumber(scanner, at, 699, 'a status, 100–699')
  if (end === FAIL) return FAIL
  findings.status = numberAt(bytes, at, end)
  if (end !== at + 3 || findings.status < 100) return scanner.refuse(at, 'a status, 100–699')
  if (bytes[end] !== SP) return scanner.refuse(end, 'a space before the reason phrase')
  const reasonTo = run(bytes, end, TEXT)
  return bytes[reasonTo] === CR && bytes[reasonTo + 1] === LF
    ? reasonTo + 2
    : scanner.refuse(reasonTo, 'the end of the line')
}

/** Passes one value of each syntax; `text` is all that a header may hold (`extension-header`, §25.1). */
const BY_SYNTAX: Readonly<Record<Syntax, (scanner: Scanner, at: number) => number>> = {
  via: (scanner, at) => passList(scanner, at, passVia),
  address: passNameAddr,
  addresses: (scanner, at) => passList(scanner, at, passNameAddr),
  contacts: (scanner, at) =>
    scanner.bytes[at] === STAR && isLineEnd(scanner, at + 1) ? at + 1 : passList(scanner, at, passNameAddr),
  'call-id': (scanner, at) => {
    const word = run(scanner.bytes, at, WORD)
    const end = scanner.bytes[word] === AT ? run(scanner.bytes, word + 1, WORD) : word
    return word > at && end !== word + 1 ? end : scanner.refuse(at, 'word or word@word')
  },
  cseq: (scanner, at) => {
    const number = passNumber(scanner, at, 4294967295, 'a number below 2^32')
    if (number === FAIL) return FAIL
    const method = blanks(scanner.bytes, number)
    const end = run(scanner.bytes, method, TOKEN)
    return method > number && end > method ? end : scanner.refuse(number, 'a method after the number')
  },
  'max-forwards': (scanner, at) => passNumber(scanner, at, 255, 'a number, 0–255'),
  number: (scanner, at) => passNumber(scanner, at, Number.MAX_SAFE_INTEGER, 'a number, 0 or more'),
  seconds: (scanner, at) => passNumber(scanner, at, Number.POSITIVE_INFINITY, 'seconds, 0 or more'),
  token: (scanner, at) => passToken(scanner, at),
  tokens: passTokens,
  'media type': (scanner, at) => {
    const type = run(scanner.bytes, at, TOKEN)
    const subtype = separator(scanner.bytes, type, SLASH)
    const end = run(scanner.bytes, subtype, TOKEN)
    if (type === at || subtype === FAIL || end === subtype)
      return scanner.refuse(at, 'a media type such as application/sdp')
    return passParameters(scanner, end)
  },
  date: (scanner, at) => {
    const end = run(scanner.bytes, at, TEXT)
    return DATE.test(scanner.slice(at, end).trim())
      ? end
      : scanner.refuse(at, 'a date such as Sat, 13 Nov 2010 23:29:00 GMT')
  },
  text: (scanner, at) => run(scanner.bytes, at, TEXT),
}

const PASSES = HEADERS.map(({ syntax }) => BY_SYNTAX[syntax])
const isSingle = HEADERS.map(({ multiplicity }) => multiplicity === 'one')

const DATE =
  /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d\d:\d\d:\d\d GMT$/

/** Passes values parted by commas. */
function passList(scanner: Scanner, at: number, pass: (scanner: Scanner, at: number) => number): number {
  for (;;) {
    at = pass(scanner, at)
    if (at === FAIL) return FAIL
    const next = scanner.bytes[at] === CR ? FAIL : separator(scanner.bytes, at, COMMA)
    if (next === FAIL) return at
    at = next
  }
}

function passTokens(scanner: Scanner, at: number): number {
  const { bytes } = scanner
  if (isLineEnd(scanner, at)) return at
  for (;;) {
    const end = run(bytes, at, TOKEN)
    if (end === at) return scanner.refuse(at, 'a token')
    if (bytes[end] === CR) return end
    const next = separator(bytes, end, COMMA)
    if (next === FAIL) return end
    at = next
  }
}

function passToken(scanner: Scanner, at: number): number {
  const end = run(scanner.bytes, at, TOKEN)
  return end > at ? end : scanner.refuse(at, 'a token')
}

function isLineEnd(scanner: Scanner, at: number): boolean {
  return scanner.bytes[blanks(scanner.bytes, at)] === CR
}
