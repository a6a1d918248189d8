// `siptwin run`: runs an experiment, and shows its ladder, its measures, its expectations and its digests.

import { Command, Option } from 'commander'
import { TRACE_LEVELS, type TraceLevel, type TraceSink } from '../../platform/trace.ts'
import { type Experiment, readExperiment, withSeed } from '../experiment.ts'
import { Ladder } from '../ladder/ladder.ts'
import { type Manifest, printManifest } from '../run/manifest.ts'
import { Run, type RunResult } from '../run/run.ts'
import { drive } from './drive.ts'
import { Ending, EXIT } from './exit.ts'
import { RunFolder } from './folder.ts'
import { open, topologiesBeside } from './library.ts'
import { ladderNodes, printRun } from './print.ts'
import { mistakesIn } from './validate.ts'
import { versionsHere } from './versions.ts'

interface RunOptions {
  readonly seed?: string
  readonly out?: string
  readonly trace?: TraceLevel
  readonly json?: boolean
  readonly quiet?: boolean
}

/** The command. */
export function runCommand(): Command {
  return new Command('run')
    .description('runs an experiment and shows its ladder, measures and expectations')
    .argument('<experiment>', 'the name of a ready-made experiment, or a YAML file')
    .option('--seed <seed>', 'seeds all chance; default what the experiment says')
    .option('--out <folder>', 'writes the manifest, the trace, captures and reports there')
    .addOption(
      new Option('--trace <level>', 'what to record; default signalling, with --out everything').choices(TRACE_LEVELS),
    )
    .option('--json', 'one JSON document on stdout')
    .option('--quiet', 'shows failures only')
    .action(run)
}

async function run(name: string, options: RunOptions): Promise<void> {
  const experiment = experimentNamed(name, options.seed)
  const level = options.trace ?? (options.out === undefined ? 'signalling' : 'everything')
  if (level === 'counters' && experiment.scenario.some(({ trigger }) => 'when' in trigger)) {
    throw new Ending(
      EXIT.input,
      'at --trace counters nothing is recorded, so no condition of the scenario could be met: use signalling',
    )
  }
  const folder = options.out === undefined ? undefined : new RunFolder(options.out)
  const nodes = ladderNodes(experiment.topology)
  const ladder = new Ladder({ nodes })
  const sinks: TraceSink[] = [(record) => ladder.record(record)]
  const made = new Run(experiment, { level, sinks })
  const end = await drive(made, options.quiet === true || options.json === true)
  const result = made.result()
  const manifest: Manifest = {
    name,
    experiment,
    level,
    until: made.until,
    versions: versionsHere(),
    digests: result.digests,
  }
  if (end === 'over') folder?.write('manifest.json', printManifest(manifest))
  folder?.close()
  if (end === 'interrupted') throw new Ending(EXIT.interrupted, 'interrupted')
  if (options.json) process.stdout.write(`${JSON.stringify(jsonOf(manifest, result), null, 2)}\n`)
  else if (!options.quiet || !result.ok) process.stdout.write(printRun(experiment, result, ladder, nodes))
  if (folder !== undefined && !options.quiet) process.stderr.write(`written to ${folder.path}\n`)
  process.exitCode = result.audit.count > 0 ? EXIT.bug : result.ok ? EXIT.ok : EXIT.failed
}

/** The experiment of that name or file, with another seed where one is given; ends with exit 2 where it has mistakes. */
export function experimentNamed(name: string, seed: string | undefined): Experiment {
  const document = open('experiments', name)
  const reading = readExperiment(document, topologiesBeside(document.file))
  if (!reading.ok) throw new Ending(EXIT.input, mistakesIn(reading.mistakes))
  return seed === undefined ? reading.value : withSeed(reading.value, seed)
}

/** The run's facts, as `--json` and `report.json` have them. */
export function jsonOf({ name, experiment, level, versions }: Manifest, result: RunResult): object {
  const { question, seed } = experiment
  return { name, question, seed, level, versions, ...result }
}
