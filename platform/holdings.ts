// What a program holds at a moment: its dialogs, and all that must end some day. Asked from outside and between events, by oracles that compare
// both ends of a call and look for what was forgotten. To ask changes nothing.

/** One end's memory of a dialog that a 2xx has confirmed (RFC 3261 §12). URIs are as they are printed. */
export interface HeldDialog {
  readonly callId: string
  readonly isCaller: boolean
  readonly localTag: string
  readonly remoteTag: string
  /** The CSeq number of this end's last request; 0: there was none. */
  readonly localSequence: number
  /** That of the far end's last request; 0: there was none. */
  readonly remoteSequence: number
  /** The Contact that this end gave; empty where it gave none. */
  readonly localTarget: string
  readonly remoteTarget: string
  /** In the order in which this end's requests visit them. */
  readonly routeSet: readonly string[]
  /** The call is acknowledged as well, and nobody has hung up as far as this end knows. */
  readonly isUp: boolean
}

/** One thing that is not let go yet: by the call that it is of, or by the transaction, as the record of the run has it. */
export type Held =
  | { readonly what: 'call' | 'dialog'; readonly call: string }
  | {
      readonly what: 'transaction' | 'response context'
      /** The table's name, such as `inviteServer`. */
      readonly machine: string
      /** The branch. */
      readonly instance: string
    }

/** Whom to ask. */
export interface Holdings {
  /** Those of calls that are answered and not being ended. */
  dialogs(): readonly HeldDialog[]
  /** All of it, in no order that matters. */
  held(): readonly Held[]
  /** The UDP ports that it has open for as long as it runs, such as 5060. */
  ownPorts(): readonly number[]
  /** How many timers it has running that are of no call and no transaction: refreshes, keep-alives. Those of its host, such as TCP's, aside. 0 or more. */
  standingTimers(): number
}
