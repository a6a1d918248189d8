// Every single loss, repeat and refusal of the ready-made experiments is explained; the tests ask of a hundred of each kind.

import { expect, test } from 'vitest'
import { experimentGiven } from '../../experiments/cli/given.ts'
import { namesOn } from '../../experiments/cli/library.ts'
import { ladderNodes } from '../../experiments/cli/print.ts'
import { runWhole } from '../../experiments/run/run.ts'
import { History } from '../../experiments/why/history.ts'
import { answersOf, isPoor } from '../experiments/answers.ts'

test.each(namesOn('experiments'))('%s', (name) => {
  const experiment = experimentGiven(name, {})
  const history = new History(ladderNodes(experiment.topology))
  runWhole(experiment, 'everything', [(record) => history.record(record)])
  expect(answersOf(history, history.records, Number.POSITIVE_INFINITY).filter(isPoor)).toEqual([])
})
