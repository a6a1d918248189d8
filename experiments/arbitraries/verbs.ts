// What a scenario may ask of each program, drawn: one row a verb. A verb without a row that needs no parameters is drawn as it is.

import { type Arbitrary, constant, constantFrom, record } from 'fast-check'
import { type ProgramName, VERBS } from '../../topologies/programs.ts'

/** A phone that may be called. */
export interface Party {
  /** The node. */
  readonly name: string
  /** What others call. */
  readonly uri: string
}

type Parameters = Readonly<Record<string, unknown>>
type Draw = (parties: readonly Party[]) => Arbitrary<Parameters>

const NOTHING: Draw = () => constant({})
const WHOM: Draw = (parties) => record({ to: constantFrom(...parties.map(({ uri }) => uri)) })

const ROWS: Readonly<Partial<Record<ProgramName, Readonly<Record<string, Draw>>>>> = {
  phone: {
    call: WHOM,
    options: WHOM,
    reject: () => record({ status: constantFrom(486, 603, 480, 302) }),
  },
  sender: {
    send: (parties) => WHOM(parties).map(({ to }) => ({ to: hostOf(String(to)), message: 'OPTIONS' })),
  },
}

/** A verb and how what it takes is drawn. */
export interface DrawnVerb {
  readonly verb: string
  parameters(parties: readonly Party[]): Arbitrary<Parameters>
}

/** All verbs of a program that can be drawn, in the order of its table; shrinking goes towards the first. */
export function verbsOf(program: ProgramName): readonly DrawnVerb[] {
  return Object.entries(VERBS[program] as Readonly<Record<string, Schema>>).flatMap(([verb, schema]) => {
    const row = ROWS[program]?.[verb] ?? (schema.safeParse({}).success ? NOTHING : undefined)
    return row === undefined ? [] : [{ verb, parameters: row }]
  })
}

interface Schema {
  safeParse(value: unknown): { readonly success: boolean }
}

/** `sip:bob@example.com` has the host `example.com`. */
function hostOf(uri: string): string {
  return uri.replace(/^sip:(?:[^@]*@)?/, '')
}
