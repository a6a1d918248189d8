// `siptwin why`: the causes of what a run has on record, or why something never came.

import { Command } from 'commander'
import { scopeOf } from '../experiment.ts'
import { Repetitions } from '../repetition.ts'
import { EVENTS } from '../sentences/events.ts'
import { parseRecordId } from '../trace/read.ts'
import { Askable } from '../why/askable.ts'
import { Question } from '../why/question.ts'
import { REMARK } from '../why/why.ts'
import { Ending, EXIT } from './exit.ts'
import { ladderNodes } from './print.ts'
import { openRun } from './recorded.ts'
import { shellWord } from './shell.ts'
import type { Terminal } from './terminal.ts'

interface WhyOptions {
  readonly json?: boolean
  readonly quiet?: boolean
}

/** The command. */
export function whyCommand(terminal: Terminal): Command {
  return new Command('why')
    .description('says why something happened in a run, or why it did not')
    .argument('<run>', 'the folder that run --out wrote, or the manifest in it')
    .argument(
      '[event]',
      'a record such as alice#12, or a sentence such as "200 INVITE is received by alice"; without it, what can be asked',
    )
    .option('--json', 'one JSON document on stdout')
    .option('--quiet', 'shows the causes only, without remarks on them; without an event, what went wrong')
    .action((run: string, event: string | undefined, options: WhyOptions) =>
      event === undefined ? offer(terminal, run, options) : why(terminal, run, event, options),
    )
}

function why(terminal: Terminal, path: string, event: string, { json, quiet }: WhyOptions): void {
  const { manifest, records } = openRun(path)
  const { topology } = manifest.experiment
  const read = Question.read(event, ladderNodes(topology), scopeOf(topology))
  if (!read.ok) throw new Ending(EXIT.input, `"${event}": expected ${read.issue.expected}`)
  const question = read.value
  for (const record of records()) question.record(record)
  const answer = question.answer()
  if (!answer.found && parseRecordId(event) !== undefined) throw new Ending(EXIT.input, answer.lines.join('\n'))
  const lines = quiet ? answer.lines.filter((line) => !line.startsWith(REMARK)) : answer.lines
  terminal.out(json ? `${JSON.stringify({ event, ...answer }, null, 2)}\n` : `${lines.join('\n')}\n`)
}

/** What the run can be asked. */
function offer(terminal: Terminal, path: string, { json, quiet }: WhyOptions): void {
  const askable = new Askable()
  const repetitions = new Repetitions()
  for (const record of openRun(path).records()) {
    repetitions.record(record)
    askable.record(record, repetitions)
  }
  const { wrong, right } = askable.told()
  const forms = EVENTS.map(({ text, says }) => ({ form: text, says }))
  if (json) {
    terminal.out(`${JSON.stringify({ wrong, right, forms }, null, 2)}\n`)
    return
  }
  if (quiet) {
    terminal.out(wrong.map((sentence) => `${sentence}\n`).join(''))
    return
  }
  const lines = [
    ...listed('what went wrong:', wrong),
    ...listed('what happened:', right),
    ...listed(
      'anything of these forms, whether it happened or not:',
      forms.map(({ form }) => form),
    ),
    'or a record by its name, as trace.jsonl has it: alice#12',
  ]
  terminal.out(`siptwin why ${shellWord(path)} '…' can be asked:\n${lines.join('\n')}\n`)
}

function listed(heading: string, sentences: readonly string[]): readonly string[] {
  return sentences.length === 0 ? [] : [heading, ...sentences.map((sentence) => `  ${sentence}`)]
}
