// What each method asks, and what each class of responses says: tables of facts.

/** By the method: what it asks, and where that is defined. */
// biome-ignore format: a table
export const METHOD_PURPOSES: Readonly<Record<string, readonly [purpose: string, section: string]>> = {
  ACK:       ['confirms that the final response to an INVITE has arrived', 'RFC 3261 §13.2.2.4, §17.1.1.3'],
  BYE:       ['ends the session', 'RFC 3261 §15'],
  CANCEL:    ['takes back an INVITE that has no final response yet', 'RFC 3261 §9'],
  INFO:      ['carries information within a session, such as a key pressed', 'RFC 6086'],
  INVITE:    ['asks for a session, or within one for a change to it', 'RFC 3261 §13, §14'],
  MESSAGE:   ['carries an instant message', 'RFC 3428'],
  NOTIFY:    ['tells a subscriber of an event', 'RFC 6665 §4.1.3'],
  OPTIONS:   ['asks what the other side can do, and whether it is there', 'RFC 3261 §11'],
  PRACK:     ['confirms a provisional response that was sent reliably', 'RFC 3262'],
  PUBLISH:   ['publishes the state of an event', 'RFC 3903'],
  REFER:     ['asks the receiver to call somebody else', 'RFC 3515'],
  REGISTER:  ['tells the registrar where a user is reached', 'RFC 3261 §10'],
  SUBSCRIBE: ['asks to be told of an event', 'RFC 6665 §4.1.2'],
  UPDATE:    ['changes the session without a new INVITE', 'RFC 3311'],
}

/** By the first digit of a status: what such a response says, and where that is defined. */
// biome-ignore format: a table
export const CLASS_PURPOSES: Readonly<Record<number, readonly [purpose: string, section: string]>> = {
  1: ['provisional: the request is being worked on, the final response is still to come', 'RFC 3261 §21.1'],
  2: ['final: the request succeeded', 'RFC 3261 §21.2'],
  3: ['final: try somewhere else', 'RFC 3261 §21.3'],
  4: ['final: the request failed here, as it was sent', 'RFC 3261 §21.4'],
  5: ['final: the server failed', 'RFC 3261 §21.5'],
  6: ['final: the request would fail everywhere', 'RFC 3261 §21.6'],
}

/** Statuses of which more is to be said: what they mean, and what they are often mistaken for. */
// biome-ignore format: a table
export const STATUS_PURPOSES: Readonly<Record<number, readonly [purpose: string, section: string]>> = {
  100: ['the next hop has the request: stop repeating it', 'RFC 3261 §21.1.1'],
  180: ['the callee’s phone rings', 'RFC 3261 §21.1.2'],
  183: ['the call makes progress, perhaps with sound before the answer', 'RFC 3261 §21.1.5'],
  200: ['the request succeeded; to an INVITE: the call is answered', 'RFC 3261 §21.2.1'],
  401: ['the registrar or user agent wants credentials', 'RFC 3261 §21.4.2'],
  404: ['there is no such user; one who is known but not registered is 480', 'RFC 3261 §21.4.5'],
  407: ['the proxy wants credentials', 'RFC 3261 §21.4.8'],
  408: ['nobody responded in time; a phone that rings unanswered does respond, and ends in 487 or 480', 'RFC 3261 §21.4.9'],
  420: ['a required extension is not understood', 'RFC 3261 §21.4.15'],
  423: ['the registration would be too short', 'RFC 3261 §21.4.17'],
  440: ['the request may be forked no further: Max-Breadth leaves no branch', 'RFC 5393 §6.2'],
  480: ['the callee is known, but cannot be reached now', 'RFC 3261 §21.4.18'],
  481: ['there is no such dialog or transaction', 'RFC 3261 §21.4.19'],
  482: ['the request has come round in a loop', 'RFC 3261 §21.4.20'],
  483: ['Max-Forwards has come to 0', 'RFC 3261 §21.4.21'],
  486: ['the callee is busy, or does not want to be disturbed', 'RFC 3261 §21.4.24'],
  487: ['the INVITE was ended by a CANCEL or a BYE', 'RFC 3261 §21.4.25'],
  488: ['the offered session is not acceptable here', 'RFC 3261 §21.4.26'],
  491: ['two offers have crossed', 'RFC 3261 §21.4.27'],
  503: ['the server cannot do it now; towards the caller a proxy makes a 500 of it', 'RFC 3261 §21.5.4, §16.7'],
}
