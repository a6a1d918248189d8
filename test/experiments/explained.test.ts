// Every loss, repeat and refusal in the ready-made experiments has an answer that ends where the scenario or a program began.

import { describe, expect, test } from 'vitest'
import { experimentGiven } from '../../experiments/cli/given.ts'
import { namesOn } from '../../experiments/cli/library.ts'
import { ladderNodes } from '../../experiments/cli/print.ts'
import { runWhole } from '../../experiments/run/run.ts'
import { History } from '../../experiments/why/history.ts'
import { explain } from '../../experiments/why/why.ts'
import type { TraceRecord } from '../../platform/trace.ts'

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
    for (const record of records) {
      const root = history.causesOf(record).at(-1)
      expect(root?.cause).toBeNull()
      expect(root?.kind).toMatch(/asked|faulted|transition|remark|sent/)
    }
  })

  test('every loss, repeat and refusal is explained', () => {
    for (const record of records.filter((one) => isAsked(history, one))) {
      const lines = explain(history, record)
      expect(lines.length).toBeGreaterThan(2)
      expect(lines.join('\n')).not.toMatch(/undefined|\[object/)
    }
  })

  test('what is called a repeat was said before, by the same node to the same place', () => {
    for (const record of records) {
      if (record.kind !== 'sent' || history.again(record.id) === undefined) continue
      const before = history.earlierSendings(record)
      expect(before.length).toBeGreaterThan(0)
    }
  })
})
