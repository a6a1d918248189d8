// `siptwin replay`: does a run again from its manifest, and says whether its digests still hold.

import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Command } from 'commander'
import type { TraceRecord } from '../../platform/trace.ts'
import { drawDiff } from '../diff/diff.ts'
import { findParting } from '../diff/first.ts'
import { Ladder } from '../ladder/ladder.ts'
import { type Manifest, readManifest, type Versions } from '../run/manifest.ts'
import { Run } from '../run/run.ts'
import { ofKind } from './documentKind.ts'
import { drive } from './drive.ts'
import { Ending, EXIT, type ExitCode } from './exit.ts'
import { openFile } from './library.ts'
import { ladderNodes, printRun, warningsOf } from './print.ts'
import { manifestIn, openRun } from './recorded.ts'
import { jsonOf } from './run.ts'
import type { Terminal } from './terminal.ts'
import { watched } from './tripwires.ts'
import { differences } from './twice.ts'
import { mistakesIn } from './validate.ts'
import { versionsHere } from './versions.ts'

interface ReplayOptions {
  readonly json?: boolean
  readonly quiet?: boolean
}

/** The command. */
export function replayCommand(terminal: Terminal): Command {
  return new Command('replay')
    .description('does a run again from its manifest, and says whether its digests still hold')
    .argument('<run>', 'the folder that run --out wrote, or the manifest in it')
    .option('--json', 'one JSON document on stdout')
    .option('--quiet', 'shows differences only, and faults that changed nothing')
    .action((path: string, options: ReplayOptions) => replay(terminal, path, options))
}

async function replay(terminal: Terminal, path: string, options: ReplayOptions): Promise<void> {
  const file = manifestIn(path)
  const reading = readManifest(ofKind('manifest', openFile(file)))
  if (!reading.ok) throw new Ending(EXIT.input, mistakesIn(reading.mistakes))
  const manifest = reading.value
  const { experiment, level, until } = manifest
  const nodes = ladderNodes(experiment.topology)
  const ladder = new Ladder({ nodes })
  const run = watched(() => new Run(experiment, { level, until, sinks: [(record) => ladder.record(record)] }))
  const end = await drive(run, terminal, options.quiet === true || options.json === true)
  if (end === 'interrupted') throw new Ending(EXIT.interrupted, 'interrupted')
  const result = run.result()
  const found = differences(manifest.digests, result.digests)
  if (options.json)
    terminal.out(
      `${JSON.stringify({ ...jsonOf(manifest, result), same: found.length === 0, differences: found }, null, 2)}\n`,
    )
  else if (!options.quiet) terminal.out(`${printRun(terminal, experiment, result, ladder, nodes)}\n`)
  if (options.quiet && !options.json)
    terminal.err(
      warningsOf(result, experiment)
        .map((one) => `${one}\n`)
        .join(''),
    )
  terminal.err(`${verdictOn(manifest, found)}\n`)
  if (found.length > 0 && !options.json) terminal.out(`${firstDifference(terminal, file, manifest).join('\n')}\n`)
  terminal.code = codeFor(manifest, found)
}

/** Where the recorded trace, if it stands beside the manifest, and the run part. */
function firstDifference(terminal: Terminal, path: string, manifest: Manifest): readonly string[] {
  if (!existsSync(join(dirname(path), 'trace.jsonl')))
    return ['there is no trace.jsonl beside the manifest to show where they part']
  const { experiment, level } = manifest
  const recorded = { level, records: openRun(path).records }
  const repeated = { level, records: () => recordsOf(manifest) }
  const parting = findParting(recorded, repeated)
  if (parting === undefined) return ['the traces are the same, record by record']
  const { columns: width, color } = terminal
  return [
    'left: as recorded; right: now',
    ...drawDiff(recorded, repeated, parting, { nodes: ladderNodes(experiment.topology), width, color }),
  ]
}

/** The run's records as they come. */
function* recordsOf({ experiment, level, until }: Manifest): Generator<TraceRecord, void> {
  let records: TraceRecord[] = []
  const run = watched(() => new Run(experiment, { level, until, sinks: [(record) => records.push(record)] }))
  for (let over = false; !over; ) {
    over = watched(() => run.step(1000))
    yield* records
    records = []
  }
}

function verdictOn({ versions }: Manifest, found: readonly string[]): string {
  if (found.length === 0) return 'the same to the bit'
  const here = versionsHere()
  const differ = `not the same: ${found.join('; ')} (recorded and now)`
  if (sameVersions(versions, here)) return `${differ}, with the same versions: this is nondeterminism, a bug of siptwin`
  return `${differ}; it was recorded with ${print(versions)}, this is ${print(here)}`
}

/** Another version of siptwin may rightly differ; another Node may not. */
function codeFor({ versions }: Manifest, found: readonly string[]): ExitCode {
  if (found.length === 0) return EXIT.ok
  return versions.siptwin === versionsHere().siptwin ? EXIT.nondeterminism : EXIT.failed
}

function sameVersions(a: Versions, b: Versions): boolean {
  return a.siptwin === b.siptwin && a.node === b.node && a.v8 === b.v8
}

function print({ siptwin, node, v8 }: Versions): string {
  return `siptwin ${siptwin} on Node ${node} (V8 ${v8})`
}
