// What `why` answers about a run's losses, repeats and refusals.

import type { History } from '../../experiments/why/history.ts'
import { explain } from '../../experiments/why/why.ts'
import type { TraceRecord } from '../../platform/trace.ts'

/**
 * The answers about all losses, repeats and refusals of a run; of each kind (the same node, message and reason) at most `most`, spread over the
 * run: a thousand phones whose REGISTER did not fit are one question.
 */
export function answersOf(history: History, records: readonly TraceRecord[], most: number): (readonly string[])[] {
  const kinds = new Map<string, TraceRecord[]>()
  for (const record of records) {
    const kind = kindOf(history, record)
    if (kind === undefined) continue
    const known = kinds.get(kind)
    if (known === undefined) kinds.set(kind, [record])
    else known.push(record)
  }
  return [...kinds.values()].flatMap((all) => {
    const step = Math.max(1, Math.ceil(all.length / most))
    return all.filter((_, n) => n % step === 0).map((record) => explain(history, record))
  })
}

/** An answer that says nothing, or has a hole. */
export function isPoor(lines: readonly string[]): boolean {
  return lines.length <= 2 || /undefined|\[object/.test(lines.join('\n'))
}

function kindOf(history: History, record: TraceRecord): string | undefined {
  if (record.kind === 'lost') return `${record.id.node} ${record.packet.label.name} ${record.why}`
  if (record.kind !== 'sent') return undefined
  const { name } = record.packet.label
  const again = history.again(record.id)
  return again !== undefined || /^[3-6]/.test(name) ? `${record.id.node} ${name} ${again ?? ''}` : undefined
}
