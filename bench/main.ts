// npm run bench -- [row…] [--calls N] [--seconds T] [--loss P] [--json]: measures the rows named, or all, beside their baselines.

import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { calls } from './calls.ts'
import { routes, sockets } from './destinations.ts'
import { forward } from './forward.ts'
import { holds } from './hold.ts'
import { hunt } from './hunt.ts'
import { nat } from './nat.ts'
import { parse } from './parse.ts'
import type { BenchOptions, BenchResult, BenchRow } from './row.ts'
import { tcp } from './tcp.ts'
import { timers } from './timers.ts'
import { v } from './v.ts'

const rows: readonly BenchRow[] = [v, calls, parse, forward, ...holds, timers, nat, routes, sockets, tcp, hunt]

process.exitCode = main(process.argv.slice(2))

function main(words: string[]): number {
  const { names, options, json } = read(words)
  const wanted = names.length === 0 ? rows : rows.filter((row) => names.some((name) => isNamed(row, name)))
  const results: BenchResult[] = []
  for (const row of wanted) {
    if (!json) console.error(`${row.name}: ${row.what}`)
    for (const result of wanted.length === 1 ? row.measure(options) : measureApart(row, options)) {
      results.push(result)
      if (!json) console.log(line(result))
    }
  }
  if (json) console.log(JSON.stringify({ node: process.version, rows: results }, undefined, 2))
  return 0
}

function isNamed({ name, group }: BenchRow, wanted: string): boolean {
  return name === wanted || group === wanted
}

/** Measures a row in a process of its own: what one row taught the engine about the code they share would slow the next one. */
function measureApart(row: BenchRow, { calls, seconds, lossRatio }: BenchOptions): readonly BenchResult[] {
  const options = ['--calls', `${calls}`, '--seconds', `${seconds}`, '--loss', `${lossRatio}`, '--json']
  const words = [...process.execArgv, fileURLToPath(import.meta.url), row.name, ...options]
  const { stdout, stderr, status } = spawnSync(process.execPath, words, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`the row ${row.name} ended with ${status}: ${stderr}`)
  return (JSON.parse(stdout) as { rows: readonly BenchResult[] }).rows
}

function read(words: string[]): { names: string[]; options: BenchOptions; json: boolean } {
  try {
    const { values, positionals } = parseArgs({
      args: words,
      allowPositionals: true,
      options: {
        calls: { type: 'string', default: '1000' },
        seconds: { type: 'string', default: '10' },
        loss: { type: 'string', default: '0.01' },
        json: { type: 'boolean', default: false },
      },
    })
    const unknown = positionals.find((name) => !rows.some((row) => isNamed(row, name)))
    const known = new Set(rows.map(({ name, group = name }) => group))
    if (unknown !== undefined) throw new Error(`no row "${unknown}"; there are ${[...known].join(', ')}`)
    const calls = numberIn('--calls', values.calls, 1, 1_000_000)
    if (!Number.isInteger(calls)) throw new Error(`--calls is an integer, not "${values.calls}"`)
    const seconds = numberIn('--seconds', values.seconds, 0.02, 1_000_000)
    return {
      names: positionals,
      options: { calls, seconds, lossRatio: numberIn('--loss', values.loss, 0, 1) },
      json: values.json,
    }
  } catch (error) {
    console.error((error as Error).message)
    return process.exit(2)
  }
}

function numberIn(name: string, text: string, least: number, most: number): number {
  const value = text.trim() === '' ? Number.NaN : Number(text)
  if (!(value >= least && value <= most)) throw new Error(`${name} is a number from ${least} to ${most}, not "${text}"`)
  return value
}

function line({ row, value, unit, baseline, ratio, ...counts }: BenchResult): string {
  const compared = baseline === null ? '' : `, ${(ratio ?? 0).toFixed(2)} times ${figure(baseline)}`
  const others = Object.entries(counts).map(([name, count]) => `, ${name} ${count}`)
  return `${row.padEnd(16)} ${figure(value)} ${unit}${compared}${others.join('')}`
}

function figure(value: number): string {
  return Number(value.toPrecision(4)).toLocaleString('en-US')
}
