// Where on a link each fault can strike: a rule that names a stage at which nothing of it happens is a mistake, not a calm run.

import type { FaultAction, FaultRule, FaultStage } from './rule.ts'

type ActionKey = FaultAction extends infer One ? (One extends object ? Exclude<keyof One, 'why'> : never) : never

/** By action, the stages that carry it out. */
const STAGES: Readonly<Record<ActionKey, readonly FaultStage[]>> = {
  drop: ['medium', 'ingress', 'queue', 'netem'],
  delayNs: ['medium'],
  jitterNs: ['medium', 'netem', 'slot'],
  duplicateAfterNs: ['medium', 'netem'],
  corruptBit: ['medium', 'netem'],
  corruptHeader: ['medium', 'netem'],
  ahead: ['netem'],
  holdUntilNs: ['medium'],
  swap: ['medium'],
}

/** What is wrong with a rule's stage, as what would be right; undefined if nothing is. */
export function misplaced({ action, match, stage = 'medium' }: FaultRule): string | undefined {
  const allowed = STAGES[(Object.keys(STAGES) as ActionKey[]).find((key) => key in action)!]
  if (!allowed.includes(stage)) {
    const list = allowed.map((one) => `\`stage: ${one}\``).join(' or ')
    return `${list}: at ${stage}${stage === 'medium' ? ' (the default)' : ''} nothing of it happens`
  }
  if (stage === 'netem' && 'duplicateAfterNs' in action && action.duplicateAfterNs > 0) {
    return "no `after` at `stage: netem`: the copy takes netem's own delay; or `stage: medium`"
  }
  const { label, call, stream, sequence } = match
  if (stage === 'slot' && [label, call, stream, sequence].some((one) => one !== undefined)) {
    return '`nth` or `packet` alone at `stage: slot`, the number of a slot: it is no packet, and has no label'
  }
  return undefined
}
