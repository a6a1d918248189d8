// `siptwin diff`: two runs side by side, from their first difference on.

import { Command } from 'commander'
import { drawDiff } from '../diff/diff.ts'
import { findParting } from '../diff/first.ts'
import { type Change, changesBetween } from '../diff/settings.ts'
import type { LadderNode } from '../ladder/ladder.ts'
import { EXIT } from './exit.ts'
import { ladderNodes } from './print.ts'
import { openRun, type RecordedRun } from './recorded.ts'
import type { Terminal } from './terminal.ts'

interface DiffOptions {
  readonly json?: boolean
  readonly quiet?: boolean
}

const CHANGES = 20

/** The command. */
export function diffCommand(terminal: Terminal): Command {
  return new Command('diff')
    .description('shows two runs side by side, from their first difference on (exit 1 if there is one)')
    .argument('<run>', 'the folder that run --out wrote, or the manifest in it')
    .argument('<other>', 'the same of another run')
    .option('--json', 'one JSON document on stdout')
    .option('--quiet', 'says it by the exit code alone')
    .action((one: string, other: string, options: DiffOptions) => diff(terminal, openRun(one), openRun(other), options))
}

function diff(terminal: Terminal, one: RecordedRun, other: RecordedRun, { json, quiet }: DiffOptions): void {
  const [left, right] = [one, other].map(({ manifest, records }) => ({ level: manifest.level, records }))
  const settings = changesBetween(settingsOf(one), settingsOf(other))
  const parting = findParting(left!, right!)
  terminal.code = parting === undefined ? EXIT.ok : EXIT.failed
  if (json) {
    terminal.out(`${JSON.stringify({ same: parting === undefined, settings, parting }, null, 2)}\n`)
    return
  }
  if (quiet) return
  const lines = settings.slice(0, CHANGES).map(tellChange)
  if (settings.length > CHANGES) lines.push(`… and ${settings.length - CHANGES} more settings`)
  if (lines.length > 0) lines.push('')
  if (parting === undefined) lines.push('The runs are the same, record by record.')
  else {
    const nodes = union(ladderNodes(one.manifest.experiment.topology), ladderNodes(other.manifest.experiment.topology))
    const { columns: width, color } = terminal
    lines.push(...drawDiff(left!, right!, parting, { nodes, width, color }))
  }
  terminal.out(`${lines.join('\n')}\n`)
}

function settingsOf({ manifest: { experiment, level, versions } }: RecordedRun): object {
  return { experiment: experiment.resolved, level, versions }
}

function tellChange({ path, left, right }: Change): string {
  return `${path}: ${left === undefined ? 'nothing' : JSON.stringify(left)} and ${right === undefined ? 'nothing' : JSON.stringify(right)}`
}

function union(one: readonly LadderNode[], other: readonly LadderNode[]): readonly LadderNode[] {
  return [...one, ...other.filter(({ name }) => one.every((node) => node.name !== name))]
}
