// `siptwin why`: the causes of what a run has on record, or why something never came.

import { Command } from 'commander'
import { scopeOf } from '../experiment.ts'
import { Question } from '../why/question.ts'
import { Ending, EXIT } from './exit.ts'
import { ladderNodes } from './print.ts'
import { openRun } from './recorded.ts'
import type { Terminal } from './terminal.ts'

interface WhyOptions {
  readonly json?: boolean
}

/** The command. */
export function whyCommand(terminal: Terminal): Command {
  return new Command('why')
    .description('says why something happened in a run, or why it did not')
    .argument('<run>', 'the folder that run --out wrote, or the manifest in it')
    .argument('<event>', 'a record such as alice#12, or a sentence such as "200 INVITE is received by alice"')
    .option('--json', 'one JSON document on stdout')
    .action((run: string, event: string, options: WhyOptions) => why(terminal, run, event, options))
}

function why(terminal: Terminal, path: string, event: string, { json }: WhyOptions): void {
  const { manifest, records } = openRun(path)
  const { topology } = manifest.experiment
  const read = Question.read(event, ladderNodes(topology), scopeOf(topology))
  if (!read.ok) throw new Ending(EXIT.input, `"${event}": expected ${read.issue.expected}`)
  const question = read.value
  for (const record of records()) question.record(record)
  const answer = question.answer()
  terminal.out(json ? `${JSON.stringify({ event, ...answer }, null, 2)}\n` : `${answer.lines.join('\n')}\n`)
}
