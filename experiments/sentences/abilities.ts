// What the programs of a node can come to do, so that a sentence about one that never can is a mistake.

import type { Node } from '../../topologies/node.ts'
import type { ProgramName } from '../../topologies/programs.ts'
import { type Form, form } from './form.ts'
import type { Scope, SlotsOf } from './slot.ts'

/** What not every node can do. */
export type Ability = 'call' | 'register' | 'hear' | 'be heard'

/** Which programs can, and what is said of a node with none of them. */
const ABILITIES: Readonly<Record<Ability, { readonly programs: readonly ProgramName[]; readonly wanted: string }>> = {
  call: { programs: ['phone', 'phones'], wanted: 'a node with a phone, which can have calls' },
  register: { programs: ['phone', 'phones'], wanted: 'a node with a phone, which can register' },
  hear: { programs: ['phone'], wanted: 'a node with a phone, which can hear' },
  'be heard': { programs: ['phone', 'sender'], wanted: 'a node that can send RTP' },
}

/**
 * The nodes with each ability. `own`: those with programs that are not ours, which may do anything. A NAT may be heard in the place of whom it
 * hides, and a host without programs where it is real.
 */
export function abilitiesOf(
  nodes: Readonly<Record<string, Node>>,
  own: readonly string[],
): Readonly<Record<Ability, readonly string[]>> {
  const able = (ability: Ability): readonly string[] =>
    Object.entries(nodes).flatMap(([name, node]) => (own.includes(name) || can(node, ability) ? [name] : []))
  return { call: able('call'), register: able('register'), hear: able('hear'), 'be heard': able('be heard') }
}

function can(node: Node, ability: Ability): boolean {
  if (node.kind !== 'host') return node.kind === 'nat' && ability === 'be heard'
  if (node.runs === undefined) return ability === 'be heard'
  return [node.runs].flat().some(({ program }) => ABILITIES[ability].programs.includes(program))
}

/** A form whose `{node}` must have the first ability, and whose `{other}`, if it has one, the second. */
export function ableForm<Text extends string, Meaning>(
  abilities: readonly [node: Ability, other?: Ability],
  ...parts: [text: Text, example: string, says: string, make: (slots: SlotsOf<Text>, scope: Scope) => Meaning]
): Form<Meaning> {
  const check: Form<Meaning>['check'] = ({ node, other }, { able }) => {
    const [first, second] = abilities
    return lacking(able?.[first], first, node) ?? (second && lacking(able?.[second], second, other))
  }
  return { ...form(...parts), check }
}

function lacking(able: readonly string[] | undefined, ability: Ability, node: unknown): string | undefined {
  if (able === undefined || able.includes(String(node))) return undefined
  const those = able.length === 0 ? 'there is none' : able.join(', ')
  return `${ABILITIES[ability].wanted}, not "${String(node)}": ${those}`
}
