// `siptwin run`: runs an experiment, and shows its ladder, its measures, its expectations and its digests.

import { Command, Option } from 'commander'
import { TRACE_LEVELS, type TraceLevel, type TraceRecord } from '../../platform/trace.ts'
import type { Experiment } from '../experiment.ts'
import { Ladder } from '../ladder/ladder.ts'
import type { Manifest } from '../run/manifest.ts'
import { Run, type RunResult } from '../run/run.ts'
import { drive } from './drive.ts'
import { Ending, EXIT, type ExitCode } from './exit.ts'
import { fileGiven } from './fileGiven.ts'
import { RunFolder } from './folder.ts'
import { collect, experimentGiven, type Given } from './given.ts'
import { printCases, printJunit } from './junit.ts'
import { cellGiven, matrixGiven, runMatrix } from './matrix.ts'
import { ladderNodes, printRun, warningsOf } from './print.ts'
import { recordInto } from './record.ts'
import type { Terminal } from './terminal.ts'
import { watched } from './tripwires.ts'
import { differences } from './twice.ts'
import { versionsHere } from './versions.ts'

const COUNTERS = 'at --trace counters nothing is recorded, so no condition or expectation can be judged: use signalling'

interface RunOptions extends Given {
  readonly out?: string
  readonly capture?: readonly string[]
  readonly trace?: TraceLevel
  readonly twice?: boolean
  readonly junit?: string
  readonly cell?: string
  readonly json?: boolean
  readonly quiet?: boolean
}

/** The command. */
export function runCommand(terminal: Terminal): Command {
  return new Command('run')
    .description('runs an experiment and shows its ladder, measures and expectations')
    .argument('<experiment>', 'the name of a ready-made experiment, or a YAML file')
    .option('--seed <seed>', 'seeds all chance; default what the experiment says')
    .option(
      '--set <path=value>',
      'changes the experiment, or its topology (topology.links.0.delay=80ms); again for more',
      collect,
    )
    .option('--until <time>', 'ends the run at that virtual time at the latest, such as 30s')
    .option('--out <folder>', 'writes the manifest, the trace, captures and reports there')
    .option('--capture <node>', 'with --out: captures only this node; again for more', collect)
    .addOption(
      new Option('--trace <level>', 'what to record; default signalling, with --out everything').choices(TRACE_LEVELS),
    )
    .option('--cell <row,column>', 'of an experiment with a matrix: runs that cell alone, as an experiment of its own')
    .option('--cured', 'a case of the gallery of field bugs with its cure')
    .option('--twice', 'runs it a second time, and says if anything differs (exit 3)')
    .option('--junit <file>', 'writes the expectations as JUnit XML')
    .option('--json', 'one JSON document on stdout')
    .option('--quiet', 'shows failures only')
    .action((name: string, options: RunOptions) => run(terminal, name, options))
}

async function run(terminal: Terminal, name: string, options: RunOptions): Promise<void> {
  const matrix = matrixGiven(name, options)
  const writeJunit = options.junit === undefined ? undefined : fileGiven('--junit', options.junit)
  if (matrix !== undefined && options.cell === undefined) {
    if (options.capture !== undefined) throw new Ending(EXIT.input, '--capture is for one run: name one with --cell')
    if (options.trace === 'counters') throw new Ending(EXIT.input, COUNTERS)
    const { cases, warnings } = await runMatrix(terminal, name, matrix, options)
    writeJunit?.(printCases(name, cases, warnings))
    return
  }
  const experiment = options.cell === undefined ? experimentGiven(name, options) : cellGiven(matrix, options.cell)
  const level = levelOf(experiment, options)
  const captured = nodesToCapture(experiment, options)
  const folder = options.out === undefined ? undefined : new RunFolder(options.out)
  const nodes = ladderNodes(experiment.topology)
  const ladder = new Ladder({ nodes })
  const recording = folder && recordInto(folder, experiment, captured)
  const sinks = [(record: TraceRecord) => ladder.record(record), ...(recording ? [recording.sink] : [])]
  const made = watched(() => new Run(experiment, { level, sinks }))
  const end = await drive(made, terminal, options.quiet === true || options.json === true)
  recording?.end()
  if (end === 'interrupted') return stop(folder)
  const result = made.result()
  const manifest: Manifest = {
    name,
    experiment,
    level,
    until: made.until,
    versions: versionsHere(),
    digests: result.digests,
  }
  recording?.report(manifest, result, jsonOf(manifest, result))
  folder?.close()
  writeJunit?.(printJunit(name, experiment, result))
  if (options.json) terminal.out(`${JSON.stringify(jsonOf(manifest, result), null, 2)}\n`)
  else if (!options.quiet || !result.ok) terminal.out(printRun(terminal, experiment, result, ladder, nodes))
  if (options.quiet && result.ok && !options.json)
    terminal.err(
      warningsOf(result, experiment)
        .map((one) => `${one}\n`)
        .join(''),
    )
  if (folder !== undefined && !options.quiet) terminal.err(`written to ${folder.path}\n`)
  if (options.twice && (await differs(terminal, experiment, level, result))) terminal.code = EXIT.nondeterminism
  else terminal.code = codeOf(result)
}

/** The exit code of a finished run. */
function codeOf(result: RunResult): ExitCode {
  if (result.audit.count > 0) return EXIT.bug
  return result.ok ? EXIT.ok : EXIT.failed
}

/** The run's facts, as `--json` and `report.json` have them. */
export function jsonOf({ name, experiment, level, versions }: Manifest, result: RunResult): object {
  const { question, seed, remarks = [] } = experiment
  const told = remarks.length === 0 ? {} : { remarks }
  return { name, question, seed, level, versions, ...result, ...told }
}

function levelOf(experiment: Experiment, { trace, out }: RunOptions): TraceLevel {
  const wantsAll = out !== undefined || experiment.measure.includes('delay')
  const level = trace ?? (wantsAll ? 'everything' : 'signalling')
  const judged = experiment.expect.length > 0 || experiment.scenario.some(({ trigger }) => 'when' in trigger)
  if (level !== 'counters' || !judged) return level
  throw new Ending(EXIT.input, COUNTERS)
}

function nodesToCapture({ topology }: Experiment, { capture, out }: RunOptions): readonly string[] {
  const names = Object.keys(topology.nodes)
  if (capture === undefined) return names
  if (out === undefined) throw new Ending(EXIT.input, '--capture needs a folder to write to: --out <folder>')
  const unknown = capture.find((name) => !names.includes(name))
  if (unknown !== undefined)
    throw new Ending(EXIT.input, `--capture ${unknown}: a node of the topology: ${names.join(', ')}`)
  return [...new Set(capture)]
}

function stop(folder: RunFolder | undefined): never {
  folder?.close()
  const written =
    folder === undefined ? '' : `: what ${folder.path} has is whole, but it is not all, and there is no manifest`
  throw new Ending(EXIT.interrupted, `interrupted${written}`)
}

async function differs(
  terminal: Terminal,
  experiment: Experiment,
  level: TraceLevel,
  first: RunResult,
): Promise<boolean> {
  const again = watched(() => new Run(experiment, { level }))
  if ((await drive(again, terminal, true)) === 'interrupted')
    throw new Ending(EXIT.interrupted, 'interrupted in the second run')
  const found = differences(first.digests, again.result().digests)
  const sentence =
    found.length === 0 ? 'twice the same' : `nondeterminism: the second run differs in ${found.join('; ')}`
  terminal.err(`${sentence}\n`)
  return found.length > 0
}
