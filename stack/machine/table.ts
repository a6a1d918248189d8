// State machines as tables: one row is one arrow of the RFC's drawing. Stepping is pure; `runner.ts` performs what a step asks.

/** One arrow: in `state`, on `event`, perform `actions` in order and go to `next`. The section it comes from is its comment. */
export type Row<State extends string, Event extends string, Action extends string> = readonly [
  state: State,
  event: Event,
  actions: readonly Action[],
  next: State,
]

/**
 * A whole machine. A timer belongs to the states that list it: on entering a state (also by an arrow to itself), timers that the state
 * does not list stop, those running go on, the rest start. A timer's firing is an event of the timer's name.
 */
export interface Table<
  State extends string,
  Event extends string,
  Action extends string,
  Timer extends string & Event,
> {
  readonly name: string
  readonly initial: State
  /** Here the machine ends; it has no arrows. */
  readonly final: State
  readonly timers: Readonly<Record<State, readonly Timer[]>>
  readonly rows: readonly Row<State, Event, Action>[]
}

export interface Step<State extends string, Action extends string> {
  readonly next: State
  readonly actions: readonly Action[]
}

/** The arrow for `event` out of `state`; undefined where the drawing has none, and the event is to be ignored. */
export function step<State extends string, Event extends string, Action extends string, Timer extends string & Event>(
  table: Table<State, Event, Action, Timer>,
  state: State,
  event: Event,
): Step<State, Action> | undefined {
  return indexOf(table).get(state)?.get(event) as Step<State, Action> | undefined
}

type Index = ReadonlyMap<string, ReadonlyMap<string, Step<string, string>>>

const indexes = new WeakMap<object, Index>()

function indexOf(table: { readonly rows: readonly Row<string, string, string>[] }): Index {
  let index = indexes.get(table)
  if (index === undefined) {
    const states = new Map<string, Map<string, Step<string, string>>>()
    for (const [state, event, actions, next] of table.rows) {
      const arrows = states.get(state) ?? new Map<string, Step<string, string>>()
      states.set(state, arrows.set(event, { next, actions }))
    }
    index = states
    indexes.set(table, index)
  }
  return index
}
