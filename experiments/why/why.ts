// Why something happened: the chain of its causes, what each timer in it was waiting for, and what became of the thing itself.

import type { Lost, Sent, TraceRecord, Transition } from '../../platform/trace.ts'
import { printDuration } from '../../platform/units.ts'
import { tellPacket } from '../ladder/text.ts'
import { tellFaultBehind } from './behind.ts'
import type { History } from './history.ts'
import { nameOf, tell, tellLoss } from './tell.ts'
import { exitsOf, tellEfforts, tellFates, tellMissed, tellWait, waitsOf } from './wait.ts'

/** How a line begins that says more of the one before it. */
export const REMARK = '    '

/** The answer, a line each: the record, its causes back to what had none (`←`), and what followed for its packet (`→`). */
export function explain(history: History, record: TraceRecord): readonly string[] {
  const lines: string[] = []
  for (const [index, one] of compress(history.causesOf(record)).entries()) {
    lines.push(`${index === 0 ? '' : '← '}${tell(history, one)}`)
    lines.push(...comment(history, one).map((line) => `${REMARK}${line}`))
  }
  return [...lines, ...fate(history, record).map((line) => `→ ${line}`)]
}

/** Leaves out what says nothing of its own: a router's passing on, a wait in a queue, a machine that stays, a timer's earlier firings. */
function compress(chain: readonly TraceRecord[]): readonly TraceRecord[] {
  return chain.filter((record, index) => {
    if (index === 0) return true
    if (record.kind === 'forwarded' || record.kind === 'queued') return false
    if (record.kind !== 'transition' || record.from !== record.to) return true
    return record.timer !== undefined && !firedLater(record, chain.slice(0, index))
  })
}

function firedLater({ id, instance, timer }: Transition, later: readonly TraceRecord[]): boolean {
  return later.some(
    (one) => one.kind === 'transition' && one.timer === timer && one.instance === instance && one.id.node === id.node,
  )
}

function comment(history: History, record: TraceRecord): readonly string[] {
  if (record.kind === 'lost') return [tellLoss(history, record), ...tellFaultBehind(history, record)]
  if (record.kind === 'transition') return record.timer === undefined ? [] : tellTimer(history, record, record.timer)
  if (record.kind === 'sent') {
    const status = /^([3-6]\d\d) /.exec(record.packet.label.name)?.[1]
    const meaning = status === undefined ? undefined : REJECTIONS[Number(status)]
    return meaning === undefined
      ? []
      : [`${status} says: ${meaning}`, ...(status === '486' ? tellEngaged(history, record) : [])]
  }
  return []
}

/** The calls that a node is in when it says that it is busy. */
function tellEngaged(history: History, { id, at, packet }: Sent): readonly string[] {
  return [...history.lives].flatMap((life) => {
    if (life.machine !== 'call' || life.node !== id.node || life.instance === packet.label.call) return []
    const wait = waitsOf(life).find(({ since, end }) => since <= at && (end === undefined || end.at > at))
    return wait === undefined ? [] : [tellWait(wait, history.endedAt)]
  })
}

/** What a timer that fired was there for, and why what it waited for had not come. */
function tellTimer(history: History, step: Transition, timer: string): readonly string[] {
  const life = history.lifeOf(step)
  if (life === undefined) return []
  if (step.from !== step.to) {
    const wait = waitsOf(life).find(({ end }) => end === step)
    return wait === undefined
      ? []
      : [tellWait(wait, history.endedAt), ...tellEfforts(history, wait), ...tellMissed(history, wait)]
  }
  const exits = exitsOf(step.machine, step.from)
  const lines = exits.length === 0 ? [] : [`${nameOf(timer)} fires as long as there is no ${exits.join(', ')}`]
  const sent = history.sequelOf(step, step.at).find((effect): effect is Sent => effect.kind === 'sent')
  const before = sent === undefined ? [] : history.earlierSendings(sent)
  if (before.length > 0) {
    const what = `what was sent before, at ${before.map(({ at }) => printDuration(at)).join(', ')}`
    lines.push(`${what}: ${tellFates(history, before, step.at)}`)
  }
  return lines
}

function fate(history: History, record: TraceRecord): readonly string[] {
  if (record.kind !== 'sent') return []
  const journey = history
    .sequelOf(record, history.endedAt)
    .filter(
      (one) =>
        'packet' in one &&
        [one.packet.id, one.packet.fragment?.of].some(
          (id) => id?.node === record.id.node && id.sequence === record.id.sequence,
        ),
    )
  const ends = journey.filter(
    (one): one is Lost => one.kind === 'lost' || (one.kind === 'delivered' && one.packet.fragment === undefined),
  )
  if (ends.length === 0) return [`${tellPacket(record.packet).text} was still under way when the run ended`]
  return ends.flatMap((end) => [
    tell(history, end),
    ...(end.kind === 'lost' ? [tellLoss(history, end), ...tellFaultBehind(history, end)] : []),
  ])
}

/** What the common refusals mean (RFC 3261 §21). */
const REJECTIONS: Readonly<Record<number, string>> = {
  400: 'the request could not be understood (§21.4.1)',
  401: 'the registrar wants to know who asks: repeat with credentials (§21.4.2)',
  403: 'understood, and refused (§21.4.4)',
  404: 'the domain has no such user (§21.4.5)',
  405: 'this element does not do that method (§21.4.6)',
  407: 'the proxy wants to know who asks: repeat with credentials (§21.4.8)',
  408: 'whoever should have answered did not do so in time (§21.4.9)',
  420: 'an extension is required that is not there (§21.4.15)',
  423: 'the registration is too short (§21.4.17)',
  480: 'the user is known, and not there now (§21.4.18)',
  481: 'there is no such call or transaction (§21.4.19)',
  482: 'the request has been here before (§21.4.20)',
  483: 'the request passed more proxies than Max-Forwards allowed (§21.4.21)',
  486: 'the called phone is busy (§21.4.24)',
  487: 'the request was ended by a CANCEL or a BYE (§21.4.25)',
  488: 'what the session description offers is not acceptable here (§21.4.26)',
  500: 'the server cannot go on; a proxy says so when all it knows is a 503, which is not passed on (§16.7 step 6, §21.5.1)',
  503: 'the server, or the way to it, is out of order (§21.5.4)',
  603: 'the called party does not wish to take part (§21.6.2)',
}
