// A schedule of repeats: when each is due after the one before, and what is wrong with those that were seen.

import { printDuration } from '../../platform/units.ts'
import type { Sighting } from './exchange.ts'
import type { Conditions } from './oracle.ts'

/** A timer's way of growing. */
export interface Schedule {
  /** Such as `Timer A`. */
  readonly timer: string
  /** The first interval, ns. */
  readonly firstNs: number
  /** No interval is longer, ns. */
  readonly capNs: number
  /** Nothing is repeated so long after the first, ns. */
  readonly limitNs: number
  /** From here on every interval that begins is the cap, ns; default never. */
  readonly steadyFrom?: number | undefined
}

/** What is wrong with a list of repeats: at the sighting of that index, or after the last. */
interface Complaint {
  readonly index: number
  readonly at: number
  readonly sentence: string
}

/** What came of the check. `due`: so many repeats were due or made. */
export interface Checked {
  readonly due: number
  readonly complaint?: Complaint
}

/**
 * Holds `sends` (the first and its repeats) to the schedule. `stopAt`: from then on none may be made, where the eyes are exact; `until`: how
 * far was seen. In a capture, a repeat that is not there is taken for lost, and so is what should have stopped them.
 */
export function check(
  schedule: Schedule,
  sends: readonly Sighting[],
  stopAt: number | undefined,
  until: number,
  conditions: Conditions,
): Checked {
  const { exact, slackNs, slackRatio } = conditions
  if (!exact && sends.some(({ at }, index) => index > 0 && at - sends[index - 1]!.at < slackNs))
    return checkWithoutCopies(schedule, sends, stopAt, until, conditions)
  const first = sends[0]!.at
  const slack = (interval: number): number => slackNs + interval * slackRatio
  let interval = schedule.firstNs
  let due = first + interval
  for (let index = 1; index < sends.length; index++) {
    const { at } = sends[index]!
    while (!exact && due + slack(interval) < at && due < first + schedule.limitNs) {
      interval = longer(schedule, interval, due)
      due += interval
    }
    const complaint = wrong(schedule, sends, index, due, slack(interval), stopAt, exact)
    if (complaint !== undefined) return { due: index, complaint: { index, at, sentence: complaint } }
    interval = longer(schedule, interval, at)
    due = at + interval
  }
  const made = sends.length - 1
  const end = Math.min(until, stopAt ?? until, first + schedule.limitNs)
  if (!exact || due + slack(interval) >= end) return { due: made }
  const sentence = `${schedule.timer}: repeat ${made + 1} was due at ${printDuration(due, 6)} and never came`
  return { due: made + 1, complaint: { index: made, at: due, sentence } }
}

/** The network makes copies, and ports that mirror show packets twice: what follows so closely is no repeat. */
function checkWithoutCopies(
  schedule: Schedule,
  sends: readonly Sighting[],
  stopAt: number | undefined,
  until: number,
  conditions: Conditions,
): Checked {
  const kept: Sighting[] = []
  for (const one of sends) if (kept.length === 0 || one.at - kept.at(-1)!.at >= conditions.slackNs) kept.push(one)
  const { due, complaint } = check(schedule, kept, stopAt, until, conditions)
  return complaint === undefined
    ? { due }
    : { due, complaint: { ...complaint, index: sends.indexOf(kept[complaint.index]!) } }
}

function longer({ capNs, steadyFrom }: Schedule, interval: number, at: number): number {
  return steadyFrom !== undefined && steadyFrom <= at ? capNs : Math.min(2 * interval, capNs)
}

function wrong(
  { timer, limitNs }: Schedule,
  sends: readonly Sighting[],
  index: number,
  due: number,
  slack: number,
  stopAt: number | undefined,
  exact: boolean,
): string | undefined {
  const { at } = sends[index]!
  const gap = at - sends[index - 1]!.at
  if (at > sends[0]!.at + limitNs + slack) {
    return `${timer}: sent again ${printDuration(at - sends[0]!.at, 6)} after the first, though ${printDuration(limitNs)} are the end`
  }
  if (exact && stopAt !== undefined && at > stopAt + slack) {
    return `${timer}: sent again at ${printDuration(at, 6)}, though its reason ended at ${printDuration(stopAt, 6)}`
  }
  if (Math.abs(at - due) <= slack) return undefined
  const wanted = due - sends[index - 1]!.at
  return `${timer}: repeat ${index} came ${printDuration(gap, 6)} after the one before, not ${printDuration(wanted, 6)}`
}
