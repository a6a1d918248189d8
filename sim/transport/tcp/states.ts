// The states of a connection (RFC 9293 §3.3.2, figure 5) as a table: what each event does, and where it leads.

export type TcpState =
  | 'LISTEN'
  | 'SYN-SENT'
  | 'SYN-RECEIVED'
  | 'ESTABLISHED'
  | 'FIN-WAIT-1'
  | 'FIN-WAIT-2'
  | 'CLOSE-WAIT'
  | 'CLOSING'
  | 'LAST-ACK'
  | 'TIME-WAIT'
  | 'CLOSED'

/** What a segment, the program or a timer means to the connection. Acknowledgments of data are no events: they change no state. */
export type TcpEvent =
  | 'open'
  | 'SYN'
  | 'SYN ACK'
  | 'ACK of SYN'
  | 'FIN'
  | 'ACK of FIN'
  | 'RST'
  | 'close'
  | 'abort'
  | '2MSL'
  | 'give up'
  | 'unreachable'

/**
 * In order. `send …`: the segment goes out. `tell …`: the program's receiver is called, once the segment
 * is done with. `wait`: the 2MSL timer starts anew.
 */
export type TcpAction =
  | 'send SYN'
  | 'send SYN ACK'
  | 'send ACK'
  | 'send FIN'
  | 'send RST'
  | 'tell connected'
  | 'tell ended'
  | 'tell done'
  | 'tell refused'
  | 'tell reset'
  | 'tell timed out'
  | 'tell unreachable'
  | 'wait'

/** One arrow: in `state`, on `event`, perform `actions` in order and go to `next`. */
export type TcpRow = readonly [state: TcpState, event: TcpEvent, actions: readonly TcpAction[], next: TcpState]

/** The machine's name in the record. */
export const TCP_MACHINE = 'tcp'

/**
 * Every arrow. A `close` before the connection is established waits until it is (§3.10.4, SYN-RECEIVED; in SYN-SENT too, so that what the
 * program has sent is not lost). An active open begins in CLOSED, a passive one in LISTEN; both end in CLOSED, which has no other arrow.
 */
export const TCP_ROWS: readonly TcpRow[] = [
  ['CLOSED', 'open', ['send SYN'], 'SYN-SENT'],
  ['LISTEN', 'SYN', ['send SYN ACK'], 'SYN-RECEIVED'],
  ['SYN-SENT', 'SYN ACK', ['send ACK', 'tell connected'], 'ESTABLISHED'],
  ['SYN-SENT', 'SYN', ['send SYN ACK'], 'SYN-RECEIVED'], // simultaneous open, §3.5 figure 7
  ['SYN-SENT', 'RST', ['tell refused'], 'CLOSED'], // §3.10.7.3, second
  ['SYN-SENT', 'abort', [], 'CLOSED'], // §3.10.5: no RST, the other side knows of nothing
  ['SYN-SENT', 'give up', ['tell timed out'], 'CLOSED'],
  ['SYN-SENT', 'unreachable', ['tell unreachable'], 'CLOSED'],
  ['SYN-RECEIVED', 'ACK of SYN', ['tell connected'], 'ESTABLISHED'],
  ['SYN-RECEIVED', 'RST', ['tell refused'], 'CLOSED'], // §3.10.7.4, second: a passive open is still listened for by its listener
  ['SYN-RECEIVED', 'abort', ['send RST'], 'CLOSED'],
  ['SYN-RECEIVED', 'give up', ['tell timed out'], 'CLOSED'],
  ['SYN-RECEIVED', 'unreachable', ['tell unreachable'], 'CLOSED'],
  ['ESTABLISHED', 'close', ['send FIN'], 'FIN-WAIT-1'],
  ['ESTABLISHED', 'FIN', ['send ACK', 'tell ended'], 'CLOSE-WAIT'],
  ['ESTABLISHED', 'RST', ['tell reset'], 'CLOSED'],
  ['ESTABLISHED', 'abort', ['send RST'], 'CLOSED'],
  ['ESTABLISHED', 'give up', ['tell timed out'], 'CLOSED'],
  ['FIN-WAIT-1', 'ACK of FIN', [], 'FIN-WAIT-2'],
  ['FIN-WAIT-1', 'FIN', ['send ACK', 'tell ended'], 'CLOSING'], // simultaneous close, §3.6 figure 13
  ['FIN-WAIT-1', 'RST', ['tell reset'], 'CLOSED'],
  ['FIN-WAIT-1', 'abort', ['send RST'], 'CLOSED'],
  ['FIN-WAIT-1', 'give up', ['tell timed out'], 'CLOSED'],
  ['FIN-WAIT-2', 'FIN', ['send ACK', 'tell ended', 'tell done', 'wait'], 'TIME-WAIT'],
  ['FIN-WAIT-2', 'RST', ['tell reset'], 'CLOSED'],
  ['FIN-WAIT-2', 'abort', ['send RST'], 'CLOSED'],
  ['FIN-WAIT-2', 'give up', ['tell timed out'], 'CLOSED'],
  ['CLOSE-WAIT', 'close', ['send FIN'], 'LAST-ACK'],
  ['CLOSE-WAIT', 'RST', ['tell reset'], 'CLOSED'],
  ['CLOSE-WAIT', 'abort', ['send RST'], 'CLOSED'],
  ['CLOSE-WAIT', 'give up', ['tell timed out'], 'CLOSED'],
  ['CLOSING', 'ACK of FIN', ['tell done', 'wait'], 'TIME-WAIT'],
  ['CLOSING', 'RST', ['tell done'], 'CLOSED'], // §3.10.7.4, second: all was said
  ['CLOSING', 'abort', [], 'CLOSED'],
  ['CLOSING', 'give up', ['tell timed out'], 'CLOSED'],
  ['LAST-ACK', 'ACK of FIN', ['tell done'], 'CLOSED'],
  ['LAST-ACK', 'RST', ['tell done'], 'CLOSED'],
  ['LAST-ACK', 'abort', [], 'CLOSED'],
  ['LAST-ACK', 'give up', ['tell timed out'], 'CLOSED'],
  ['TIME-WAIT', 'FIN', ['send ACK', 'wait'], 'TIME-WAIT'], // §3.10.7.4, eighth: the other side did not hear our ACK
  ['TIME-WAIT', 'RST', [], 'CLOSED'],
  ['TIME-WAIT', 'abort', [], 'CLOSED'],
  ['TIME-WAIT', '2MSL', [], 'CLOSED'],
]

const arrows = new Map<string, TcpRow>(TCP_ROWS.map((row) => [`${row[0]} ${row[1]}`, row]))

/** The arrow for `event` out of `state`; undefined where the drawing has none, and the event is to be ignored. */
export function stepTcp(state: TcpState, event: TcpEvent): TcpRow | undefined {
  return arrows.get(`${state} ${event}`)
}
