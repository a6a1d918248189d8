// What a user agent does with each method: a new method is a new row here, and a function in `user-agent.ts`.

/** Outside any dialog or within one. `refuse …` is a final response; `not allowed` is 405 with Allow. */
export type Treatment =
  | 'offer call'
  | 'end call'
  | 'cancel call'
  | 'confirm call'
  | 'describe'
  | 'refuse change'
  | 'no such call'
  | 'not allowed'

/** One row. */
export interface Method {
  readonly outside: Treatment
  readonly within: Treatment
}

/** The methods of RFC 3261 and its extensions that this user agent recognises; any other is answered with 501 (§21.5.2). */
// biome-ignore format: a table
export const METHODS: Readonly<Record<string, Method>> = {
  INVITE:    { outside: 'offer call',   within: 'refuse change' }, // §13.3; §14.2: a 488 leaves the session as it was
  ACK:       { outside: 'no such call', within: 'confirm call' },  // §13.2.2.4
  CANCEL:    { outside: 'cancel call',  within: 'cancel call' },   // §9.2
  BYE:       { outside: 'no such call', within: 'end call' },      // §15.1.2
  OPTIONS:   { outside: 'describe',     within: 'describe' },      // §11.2
  REGISTER:  { outside: 'not allowed',  within: 'not allowed' },
  PRACK:     { outside: 'not allowed',  within: 'not allowed' },
  UPDATE:    { outside: 'not allowed',  within: 'not allowed' },
  SUBSCRIBE: { outside: 'not allowed',  within: 'not allowed' },
  NOTIFY:    { outside: 'not allowed',  within: 'not allowed' },
  PUBLISH:   { outside: 'not allowed',  within: 'not allowed' },
  REFER:     { outside: 'not allowed',  within: 'not allowed' },
  MESSAGE:   { outside: 'not allowed',  within: 'not allowed' },
  INFO:      { outside: 'not allowed',  within: 'not allowed' },
}

/** The methods that are allowed, in the table's order: the Allow header's value. */
export const ALLOW = Object.keys(METHODS)
  .filter((name) => METHODS[name]!.outside !== 'not allowed' || METHODS[name]!.within !== 'not allowed')
  .join(', ')
