// What the lines of a session description are for: tables of facts (RFC 8866).

/** By the line's letter: what it says, and where that is defined. */
// biome-ignore format: a table
export const SDP_PURPOSES: Readonly<Record<string, readonly [purpose: string, section: string]>> = {
  v: ['the version of SDP', 'RFC 8866 §5.1'],
  o: ['who made the description: user, session id, version, and the address of the machine', 'RFC 8866 §5.2'],
  s: ['the session’s name', 'RFC 8866 §5.3'],
  i: ['what the session or the media are about', 'RFC 8866 §5.4'],
  u: ['where more is to be read', 'RFC 8866 §5.5'],
  e: ['an e-mail address to ask at', 'RFC 8866 §5.6'],
  p: ['a telephone number to ask at', 'RFC 8866 §5.6'],
  c: ['the address where media are wanted', 'RFC 8866 §5.7'],
  b: ['how much bandwidth is wanted: AS in kb/s, TIAS in b/s', 'RFC 8866 §5.8'],
  t: ['when the session is; 0 0 is always', 'RFC 8866 §5.9'],
  r: ['when the session is repeated', 'RFC 8866 §5.10'],
  z: ['changes of the time zone', 'RFC 8866 §5.11'],
  k: ['a key; obsolete', 'RFC 8866 §5.12'],
  a: ['an attribute', 'RFC 8866 §5.13'],
  m: ['a stream of media: its kind, the port where it is wanted, the protocol, and the formats, the best first', 'RFC 8866 §5.14'],
}

/** By the attribute's name: what it says, and where that is defined. */
// biome-ignore format: a table
export const ATTRIBUTE_PURPOSES: Readonly<Record<string, readonly [purpose: string, section: string]>> = {
  'rtpmap':    ['which codec a payload type means, and its clock rate', 'RFC 8866 §6.6'],
  'fmtp':      ['how the codec is set', 'RFC 8866 §6.15'],
  'ptime':     ['how many milliseconds of sound a packet holds', 'RFC 8866 §6.4'],
  'maxptime':  ['how many milliseconds of sound a packet may hold', 'RFC 8866 §6.5'],
  'sendrecv':  ['media are sent and received', 'RFC 8866 §6.7.3'],
  'sendonly':  ['media are only sent: the other side is on hold', 'RFC 8866 §6.7.2, RFC 3264 §8.4'],
  'recvonly':  ['media are only received', 'RFC 8866 §6.7.1'],
  'inactive':  ['no media either way', 'RFC 8866 §6.7.4'],
  'rtcp':      ['where RTCP is wanted', 'RFC 3605 §2.1'],
  'rtcp-mux':  ['RTP and RTCP share a port', 'RFC 5761 §5.1.1'],
  'crypto':    ['the key of SRTP', 'RFC 4568 §4'],
  'candidate': ['an address that media could use', 'RFC 8839 §5.1'],
  'mid':       ['names the stream of media', 'RFC 5888 §4'],
}
