// The labels that packets can have, as a closed language: what `classify` calls them, and so all that sentences and fault rules can ask for.

import { editDistance, nearest } from '../platform/nearest.ts'
import { failure, type Result, success } from '../platform/result.ts'
import { TYPE_NUMBERS } from '../sim/dns/message.ts'
import { reasonPhrase } from '../stack/sip/message/reasons.ts'
import { METHODS } from '../stack/sip/user-agent/methods.ts'

/** A request has its method, a response its status before it; these stand for themselves. */
const NAMES: readonly string[] = [
  ...['RTP', 'RTCP', 'STUN', 'UDP', 'load'],
  ...['ICMP', 'ICMP echo', 'ICMP echo reply'],
  ...Object.keys(TYPE_NUMBERS).flatMap((type) => [`DNS query ${type}`, `DNS answer ${type}`]),
  ...['TCP SYN', 'TCP SYN ACK', 'TCP FIN', 'TCP RST', 'TCP ACK', 'TCP data'],
  ...['TLS ClientHello', 'TLS ServerHello', 'TLS handshake', 'TLS alert', 'TLS data'],
]
const KNOWN: readonly string[] = Object.keys(METHODS)
const FRAGMENT = 'fragment of '
const STATUS = '[1-6]\\d\\d'
/** A method that is not in the table (RFC 3261 §7.1 allows any token): in capitals, of three letters at least. */
const EXTENSION = '[A-Z][A-Z\\d._-]{2,63}'
const ALL = `a method (${KNOWN.join(', ')}), a status from 100 to 699 and its method, or one of ${NAMES.filter((name) => !name.startsWith('DNS')).join(', ')}, DNS query A, DNS answer A and so on`
/** Closer than this to a method of the table, it is taken for a slip: by letters that differ. */
const SLIP = 2
/** Methods of others that are as close to one of the table. */
const OTHERS: readonly string[] = ['BENOTIFY']

/** A regular expression that every label matches; {@link readLabel} is stricter. */
export const LABEL_PATTERN = `(?:${FRAGMENT})?(?:(?:${STATUS} )?${EXTENSION}|${NAMES.join('|')})`

/**
 * The label that `text` is: a method, a status from 100 to 699 and a method, one of the names that `classify` gives to what is no SIP, or
 * `fragment of ` and one of these. A method of none of the RFCs passes if it is no slip: in capitals, of three letters or more, and
 * more than two letters from those known. Fails with what was meant.
 */
export function readLabel(text: string): Result<string> {
  const before = text.startsWith(FRAGMENT) ? FRAGMENT : ''
  const whole = text.slice(before.length)
  if (isLabel(whole)) return success(text)
  const meant = meantBy(whole)
  const hint = meant === undefined ? ALL : `did you mean ${before}${meant}?`
  return failure('', `a label such as INVITE, 200 INVITE or RTP, not "${text}": ${hint}`)
}

function isLabel(text: string): boolean {
  if (NAMES.includes(text) || isMethod(text)) return true
  const [, status, method = ''] = RESPONSE.exec(text) ?? []
  return status !== undefined && isMethod(method) && reasonPhrase(Number(status)).toUpperCase() !== method
}

const RESPONSE = new RegExp(`^(${STATUS}) (.+)$`)
const METHOD = new RegExp(`^${EXTENSION}$`)

function isMethod(text: string): boolean {
  if (KNOWN.includes(text) || OTHERS.includes(text)) return true
  return METHOD.test(text) && !FAMILIES.includes(text) && slipOf(text) === undefined
}

/** The first words of names that say more: no methods. */
const FAMILIES: readonly string[] = ['DNS', 'TCP', 'TLS', 'LOAD', 'SIP', 'SDP']

/** The method, or the name of one word, that a word differs from by a slip. */
function slipOf(word: string): string | undefined {
  const distance = (other: string): number => editDistance([...word], [...other])
  const names = NAMES.filter((name) => !name.includes(' ') && distance(name) <= 1)
  const near = KNOWN.filter((method) => distance(method) <= SLIP)
  return [...names, ...near].reduce<string | undefined>(
    (best, other) => (best === undefined || distance(other) < distance(best) ? other : best),
    undefined,
  )
}

/** What somebody wrote otherwise: in small letters, the status last, the reason in place of the method, a letter too many. */
function meantBy(text: string): string | undefined {
  const small = text.toLowerCase()
  const same = [...NAMES, ...KNOWN].find((name) => name.toLowerCase() === small)
  if (same !== undefined) return same
  const [, first, word = '', last] = /^(?:(\d+)(?: |$))?(.*?)(?:(?:^| )(\d+))?$/.exec(text) ?? []
  const status = first ?? last
  if (status === undefined) {
    const more = [...NAMES, ...KNOWN].find((name) => text.startsWith(`${name} `))
    return slipOf(text.toUpperCase()) ?? nearest(text, NAMES) ?? more
  }
  if (!new RegExp(`^${STATUS}$`).test(status)) return undefined
  const capitals = word.toUpperCase()
  if (KNOWN.includes(capitals)) return `${status} ${capitals}`
  const isReason = capitals === reasonPhrase(Number(status)).toUpperCase()
  return `${status} ${(isReason ? undefined : slipOf(capitals)) ?? 'INVITE'}`
}
