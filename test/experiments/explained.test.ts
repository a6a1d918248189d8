// Every loss, repeat and refusal in the ready-made experiments has an answer that ends where the scenario or a program began.

import { describe, expect, test } from 'vitest'
import { experimentGiven } from '../../experiments/cli/given.ts'
import { namesOn } from '../../experiments/cli/library.ts'
import { ladderNodes } from '../../experiments/cli/print.ts'
import { runWhole } from '../../experiments/run/run.ts'
import { History } from '../../experiments/why/history.ts'
import { explain } from '../../experiments/why/why.ts'
import type { Sent, TraceRecord } from '../../platform/trace.ts'

function historyOf(name: string) {
  const experiment = experimentGiven(name, {})
  const history = new History(ladderNodes(experiment.topology))
  const { audit } = runWhole(experiment, 'everything', [(record) => history.record(record)])
  return { history, audit }
}

function isAsked(history: History, record: TraceRecord): boolean {
  if (record.kind === 'lost') return true
  return record.kind === 'sent' && (history.again(record.id) !== undefined || /^[3-6]/.test(record.packet.label.name))
}

describe.each(namesOn('experiments'))('%s', (name) => {
  const { history, audit } = historyOf(name)
  const records = [...history.records]

  test('every packet recorded, no law of physics is broken', () => expect(audit.violations).toEqual([]))

  test('every cause is on record, and leads back to what the scenario asked or a program began', () => {
    const roots = records.map((record) => history.causesOf(record).at(-1))
    const odd = roots.filter((root) => root?.cause !== null || !/asked|faulted|transition|remark|sent/.test(root.kind))
    expect(odd).toEqual([])
  })

  test('every loss, repeat and refusal is explained', () => {
    const answers = records.filter((one) => isAsked(history, one)).map((record) => explain(history, record))
    expect(answers.filter((lines) => lines.length <= 2 || /undefined|\[object/.test(lines.join('\n')))).toEqual([])
  })

  test('what is called a repeat was said before, by the same node to the same place', () => {
    const repeats = records.filter(
      (record): record is Sent => record.kind === 'sent' && history.again(record.id) !== undefined,
    )
    expect(repeats.filter((record) => history.earlierSendings(record).length === 0)).toEqual([])
  })
})
