// A run's report for people: Markdown with the ladder, the measures, the expectations, the media streams and plots.

import { printDuration } from '../../platform/units.ts'
import type { Experiment } from '../experiment.ts'
import { printMeasure } from '../measures/names.ts'
import type { Versions } from '../run/manifest.ts'
import type { RunResult } from '../run/run.ts'
import { printTotals } from '../run/totals.ts'
import type { RunStatistics } from '../statistics/statistics.ts'
import { plotSvg } from './plot.ts'
import type { Timelines } from './series.ts'

/** What a report is made of. */
export interface ReportFacts {
  readonly name: string
  readonly experiment: Experiment
  readonly result: RunResult
  readonly versions: Versions
  /** The ladder's lines, without colours. */
  readonly ladder: readonly string[]
  readonly statistics: RunStatistics
}

/** A plot's file name and its SVG. */
export interface PlotFile {
  readonly name: string
  readonly title: string
  readonly svg: string
}

/** The plots of a run that have anything to show. */
export function plotsOf(timelines: Timelines): readonly PlotFile[] {
  const plots = [
    {
      name: 'plots/bandwidth.svg',
      title: 'What each link direction carried',
      y: 'kbit/s, IP headers included',
      series: timelines.carried().map(inThousands),
    },
    { name: 'plots/transit.svg', title: 'How long media took from end to end', y: 'ms', series: timelines.transit() },
  ]
  return plots
    .filter(({ series }) => series.some(({ points }) => points.length > 1))
    .map(({ name, title, y, series }) => ({ name, title, svg: plotSvg({ title, y, x: 's of virtual time' }, series) }))
}

function inThousands({
  name,
  points,
}: {
  readonly name: string
  readonly points: readonly (readonly [number, number])[]
}) {
  return { name, points: points.map(([x, y]) => [x, y / 1000] as const) }
}

/** The report; `plots` stand beside it in the same folder. */
export function printReport(facts: ReportFacts, plots: readonly PlotFile[]): string {
  const { name, experiment, result, versions, ladder } = facts
  const { digests, endedAt, events, packets } = result
  const lines = [
    `# ${name}`,
    '',
    experiment.question,
    '',
    result.ok ? '**Everything was as expected.**' : '**Not everything was as expected.**',
    ...(ladder.length > 0 ? ['', '## Ladder', '', '```text', ...ladder, '```'] : []),
    ...section(
      'Expectations',
      result.expectations.map(({ state, text, because }) => `- ${state === 'held' ? '✓' : '✗'} ${text}: ${because}`),
    ),
    ...section(
      'Unfinished',
      result.unfinished.map((one) => `- ${one}`),
    ),
    ...section(
      'Who waited for what',
      result.stalls.flatMap(({ sentence, waits }) => [`- ${sentence}`, ...waits.map((one) => `  - ${one}`)]),
    ),
    ...section(
      'Faults that changed nothing',
      result.unmatchedFaults.map((one) => `- ${one}`),
    ),
    ...measuresOf(experiment, result),
    ...streamsOf(facts.statistics),
    ...loadsOf(facts.statistics),
    ...section(
      'Plots',
      plots.map(({ name: file, title }) => `![${title}](${file})\n`),
    ),
    ...section('The run', [
      `- Seed ${experiment.seed}; ended at ${printDuration(endedAt)} of virtual time after ${events} events; ${printTotals(packets)}.`,
      ...Object.entries(digests).map(([ingredient, digest]) => `- Digest of ${ingredient}: \`${digest}\``),
      `- siptwin ${versions.siptwin} on Node ${versions.node} (V8 ${versions.v8}).`,
    ]),
  ]
  return `${lines.join('\n')}\n`
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', `## ${title}`, '', ...lines]
}

function measuresOf({ measure }: Experiment, { measured }: RunResult): readonly string[] {
  const rows = measure.map((name) => {
    const value = measured[name]
    return [name, value === undefined ? 'nothing to measure' : printMeasure(name, value)]
  })
  return section('Measures', table(['measure', 'value'], rows))
}

function streamsOf({ streams }: RunStatistics): readonly string[] {
  const heads = ['RTP stream', 'received by', 'packets', 'lost', 'mean delay', 'mean jitter', 'longest gap']
  const rows = streams.map((one) => [
    `${one.from} → ${one.to}`,
    one.node,
    String(one.packets),
    `${one.lost} (${ratio(one.lossRatio)})`,
    `${one.meanDelayMs.toFixed(3)} ms`,
    `${one.meanJitterMs.toFixed(3)} ms`,
    `${one.maxGapMs.toFixed(3)} ms`,
  ])
  return section('Media', table(heads, rows))
}

function loadsOf({ loads }: RunStatistics): readonly string[] {
  const heads = ['link direction', 'packets', 'IP bytes', 'mean at IP', 'busiest second on the wire']
  const rows = loads.map((one) => [
    one.direction,
    String(one.packets),
    String(one.ipBytes),
    `${(one.ipBps / 1000).toFixed(1)} kbit/s`,
    `${(one.peakWireBps / 1000).toFixed(1)} kbit/s`,
  ])
  return section('Links', table(heads, rows))
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  if (rows.length === 0) return []
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [line(heads), line(heads.map(() => '---')), ...rows.map(line)]
}

function ratio(value: number): string {
  return `${Number((value * 100).toFixed(3))} %`
}
