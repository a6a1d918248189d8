// Whatever the command line runs is watched: a run that touches the machine under it ends with the stack of who did so.

import { spawn } from 'node:child_process'
import { expect, test } from 'vitest'
import { drive } from '../../experiments/cli/drive.ts'
import { topologiesBeside } from '../../experiments/cli/library.ts'
import { main } from '../../experiments/cli/main.ts'
import { Tripped } from '../../experiments/cli/tripwires.ts'
import { readExperiment } from '../../experiments/experiment.ts'
import { Run } from '../../experiments/run/run.ts'
import type { Program } from '../../platform/host.ts'
import { plainDocument } from '../../topologies/yaml/plain.ts'

const silent = { columns: 100, color: false, live: false, code: 0 as const, out: () => {}, err: () => {} }

/** A run of two hosts, one of which does so after a second. */
function runOf(doing: () => void): Run {
  const bob: Program<undefined> = {
    name: 'bob',
    start: (host) => {
      host.after(1000, doing)
      return { do: () => undefined, stop: () => undefined }
    },
  }
  const written = { question: 'touch', topology: 'two-phones' }
  const reading = readExperiment(plainDocument('touch', written), topologiesBeside('touch'), { bob })
  if (!reading.ok) throw new Error('the experiment is wrong')
  return new Run(reading.value, { level: 'signalling' })
}

test.each([
  ['the real clock', () => Date.now()],
  ['chance without a seed', () => Math.random()],
  ['a real timer', () => setTimeout(() => undefined, 0)],
  ['a real process', () => spawn(process.execPath, ['-v'])],
])('a driven run that touches %s is stopped, with the stack of who did it', async (what, touch) => {
  const ended = drive(
    runOf(() => void touch()),
    silent,
    true,
  )
  const error = await ended.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(Tripped)
  const { message, stack = '' } = error as Tripped
  expect(message).toContain(what)
  expect(stack.split('\n')[1]).toMatch(/tripwires\.test\.ts/)
})

test('a wire that was armed is down again', async () => {
  const before = [Math.random, Date, performance.now, setTimeout]
  await drive(
    runOf(() => undefined),
    silent,
    true,
  )
  expect([Math.random, Date, performance.now, setTimeout]).toEqual(before)
})

test.each([['run', 'basic-call', '--twice', '--quiet']])('%s touches nothing', async (...words) => {
  expect(await main(['node', 'siptwin', ...words], silent)).toBe(0)
})
