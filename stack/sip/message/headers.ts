// Every header field that this stack knows by name: a table of facts. Any other header is kept as it is.

/** How often a header's name may stand in a message, and whether a line holds one value or several, parted by commas. */
export type Multiplicity = 'one' | 'lines' | 'list'

/** What a header's value must look like; `tokens` may be none; `text` takes anything that a header may hold. */
export type Syntax =
  | 'via'
  | 'address'
  | 'addresses'
  | 'contacts'
  | 'call-id'
  | 'cseq'
  | 'max-forwards'
  | 'number'
  | 'seconds'
  | 'token'
  | 'tokens'
  | 'some tokens'
  | 'media type'
  | 'media ranges'
  | 'disposition'
  | 'date'
  | 'text'

/** One row of the table. */
export interface HeaderField {
  readonly name: string
  /** The one-letter form, or empty (RFC 3261 §7.3.3). */
  readonly compact: string
  readonly multiplicity: Multiplicity
  readonly syntax: Syntax
  /** Where a message is wrong without it. Max-Forwards is wanted too, but RFC 2543 did not have it (RFC 4475 §3.4.1). */
  readonly mandatory: boolean
  readonly section: string
}

type Line = readonly [
  name: string,
  compact: string,
  multiplicity: Multiplicity,
  syntax: Syntax,
  section: string,
  mandatory?: 'mandatory',
]

// biome-ignore format: a table
const LINES: readonly Line[] = [
  // name                    compact multiplicity syntax     defined in           in every message
  ['Via',                    'v', 'list',  'via',          'RFC 3261 §20.42', 'mandatory'],
  ['From',                   'f', 'one',   'address',      'RFC 3261 §20.20', 'mandatory'],
  ['To',                     't', 'one',   'address',      'RFC 3261 §20.39', 'mandatory'],
  ['Call-ID',                'i', 'one',   'call-id',      'RFC 3261 §20.8', 'mandatory'],
  ['CSeq',                   '',  'one',   'cseq',         'RFC 3261 §20.16', 'mandatory'],
  ['Max-Forwards',           '',  'one',   'max-forwards', 'RFC 3261 §20.22'],
  ['Contact',                'm', 'list',  'contacts',     'RFC 3261 §20.10'],
  ['Route',                  '',  'list',  'addresses',    'RFC 3261 §20.34'],
  ['Record-Route',           '',  'list',  'addresses',    'RFC 3261 §20.30'],
  ['Content-Length',         'l', 'one',   'number',       'RFC 3261 §20.14'],
  ['Content-Type',           'c', 'one',   'media type',   'RFC 3261 §20.15'],
  ['Accept',                 '',  'list',  'media ranges', 'RFC 3261 §20.1'],
  ['Accept-Contact',         'a', 'list',  'text',         'RFC 3841 §9.2'],
  ['Accept-Encoding',        '',  'list',  'text',         'RFC 3261 §20.2'],
  ['Accept-Language',        '',  'list',  'text',         'RFC 3261 §20.3'],
  ['Alert-Info',             '',  'list',  'text',         'RFC 3261 §20.4'],
  ['Allow',                  '',  'list',  'tokens',       'RFC 3261 §20.5'],
  ['Allow-Events',           'u', 'list',  'some tokens',  'RFC 6665 §8.2.2'],
  ['Authentication-Info',    '',  'lines', 'text',         'RFC 3261 §20.6'],
  ['Authorization',          '',  'lines', 'text',         'RFC 3261 §20.7'],
  ['Call-Info',              '',  'list',  'text',         'RFC 3261 §20.9'],
  ['Content-Disposition',    '',  'one',   'disposition',  'RFC 3261 §20.11'],
  ['Content-Encoding',       'e', 'list',  'some tokens',  'RFC 3261 §20.12'],
  ['Content-Language',       '',  'list',  'text',         'RFC 3261 §20.13'],
  ['Date',                   '',  'one',   'date',         'RFC 3261 §20.17'],
  ['Error-Info',             '',  'list',  'text',         'RFC 3261 §20.18'],
  ['Event',                  'o', 'one',   'text',         'RFC 6665 §8.2.1'],
  ['Expires',                '',  'one',   'seconds',      'RFC 3261 §20.19'],
  ['Flow-Timer',             '',  'one',   'number',       'RFC 5626 §10'],
  ['Identity',               'y', 'lines', 'text',         'RFC 8224 §4'],
  ['In-Reply-To',            '',  'list',  'text',         'RFC 3261 §20.21'],
  ['Info-Package',           '',  'one',   'text',         'RFC 6086 §7.1'],
  ['Max-Breadth',            '',  'one',   'number',       'RFC 5393 §5.3.3'],
  ['Min-Expires',            '',  'one',   'seconds',      'RFC 3261 §20.23'],
  ['Min-SE',                 '',  'one',   'text',         'RFC 4028 §5'],
  ['MIME-Version',           '',  'one',   'text',         'RFC 3261 §20.24'],
  ['Organization',           '',  'one',   'text',         'RFC 3261 §20.25'],
  ['P-Asserted-Identity',    '',  'list',  'text',         'RFC 3325 §9.1'],
  ['P-Preferred-Identity',   '',  'list',  'text',         'RFC 3325 §9.2'],
  ['Path',                   '',  'list',  'addresses',    'RFC 3327 §4'],
  ['Priority',               '',  'one',   'token',        'RFC 3261 §20.26'],
  ['Privacy',                '',  'one',   'text',         'RFC 3323 §4.2'],
  ['Proxy-Authenticate',     '',  'lines', 'text',         'RFC 3261 §20.27'],
  ['Proxy-Authorization',    '',  'lines', 'text',         'RFC 3261 §20.28'],
  ['Proxy-Require',          '',  'list',  'some tokens',  'RFC 3261 §20.29'],
  ['RAck',                   '',  'one',   'text',         'RFC 3262 §7.2'],
  ['Reason',                 '',  'list',  'text',         'RFC 3326 §2'],
  ['Recv-Info',              '',  'list',  'text',         'RFC 6086 §7.2'],
  ['Refer-Sub',              '',  'one',   'text',         'RFC 4488 §4'],
  ['Refer-To',               'r', 'one',   'address',      'RFC 3515 §2.1'],
  ['Referred-By',            'b', 'one',   'address',      'RFC 3892 §3'],
  ['Reject-Contact',         'j', 'list',  'text',         'RFC 3841 §9.2'],
  ['Replaces',               '',  'one',   'text',         'RFC 3891 §6.1'],
  ['Reply-To',               '',  'one',   'address',      'RFC 3261 §20.31'],
  ['Request-Disposition',    'd', 'list',  'text',         'RFC 3841 §9.1'],
  ['Require',                '',  'list',  'some tokens',  'RFC 3261 §20.32'],
  ['Retry-After',            '',  'one',   'text',         'RFC 3261 §20.33'],
  ['RSeq',                   '',  'one',   'number',       'RFC 3262 §7.1'],
  ['Server',                 '',  'one',   'text',         'RFC 3261 §20.35'],
  ['Service-Route',          '',  'list',  'addresses',    'RFC 3608 §5'],
  ['Session-Expires',        'x', 'one',   'text',         'RFC 4028 §4'],
  ['SIP-ETag',               '',  'one',   'token',        'RFC 3903 §11.3.1'],
  ['SIP-If-Match',           '',  'one',   'token',        'RFC 3903 §11.3.2'],
  ['Subject',                's', 'one',   'text',         'RFC 3261 §20.36'],
  ['Subscription-State',     '',  'one',   'text',         'RFC 6665 §8.2.3'],
  ['Supported',              'k', 'list',  'tokens',       'RFC 3261 §20.37'],
  ['Timestamp',              '',  'one',   'text',         'RFC 3261 §20.38'],
  ['Unsupported',            '',  'list',  'some tokens',  'RFC 3261 §20.40'],
  ['User-Agent',             '',  'one',   'text',         'RFC 3261 §20.41'],
  ['Warning',                '',  'list',  'text',         'RFC 3261 §20.43'],
  ['WWW-Authenticate',       '',  'lines', 'text',         'RFC 3261 §20.44'],
]

/** All header fields known by name; a field's place in this list is its id. */
export const HEADERS: readonly HeaderField[] = LINES.map(
  ([name, compact, multiplicity, syntax, section, mandatory]) => ({
    name,
    compact,
    multiplicity,
    syntax,
    section,
    mandatory: mandatory !== undefined,
  }),
)

/** The id of a header that is not in the table. */
export const UNKNOWN = -1

const ids = new Map<string, number>()
for (const [id, { name, compact }] of HEADERS.entries()) {
  for (const known of [name, name.toLowerCase(), name.toUpperCase(), compact, compact.toUpperCase()]) ids.set(known, id)
}
ids.delete('')

/** A header's id by its name or compact form, in any case; {@link UNKNOWN} where the table has none. */
export function headerId(name: string): number {
  return ids.get(name) ?? ids.get(name.toLowerCase()) ?? UNKNOWN
}

/** The bit of a header in a set of them: those after the first 31 of the table, and those that are not in it, have one together. */
export function bitOf(id: number): number {
  return id >= 0 && id < 31 ? 1 << id : 1 << 31
}

/** The ids of the headers that the codec itself reads. */
export const ID = {
  via: headerId('Via'),
  from: headerId('From'),
  to: headerId('To'),
  callId: headerId('Call-ID'),
  cseq: headerId('CSeq'),
  maxForwards: headerId('Max-Forwards'),
  contact: headerId('Contact'),
  route: headerId('Route'),
  recordRoute: headerId('Record-Route'),
  contentLength: headerId('Content-Length'),
  contentType: headerId('Content-Type'),
} as const
