// A run as JUnit XML, which continuous integration shows: one test case for each expectation.

import type { Experiment } from '../experiment.ts'
import type { RunResult } from '../run/run.ts'
import { warningsOf } from './print.ts'

/** The XML of one run; words and faults that changed nothing stand in its `system-err`. */
export function printJunit(name: string, experiment: Experiment, result: RunResult): string {
  return printCases(
    name,
    [
      ...result.expectations.map(({ text, state, because }): JunitCase => {
        return state === 'held' ? { name: text } : { name: text, failure: because }
      }),
      ...result.unfinished.map((text) => ({ name: text, failure: 'unfinished' })),
      ...result.audit.violations.map(({ law, sentence }) => ({ name: law, failure: sentence })),
    ],
    warningsOf(result, experiment),
  )
}

/** One case, and why it failed if it did. */
export interface JunitCase {
  readonly name: string
  readonly failure?: string
}

/** The XML of one suite, with what should be known and fails nothing as its `system-err`. */
export function printCases(suite: string, all: readonly JunitCase[], warnings: readonly string[] = []): string {
  const cases = all.map((one) => caseOf(suite, one.name, one.failure))
  const failures = all.filter(({ failure }) => failure !== undefined).length
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites><testsuite name="${quoted(suite)}" tests="${cases.length}" failures="${failures}">`,
    ...cases,
    ...(warnings.length === 0 ? [] : [`  <system-err>${quoted(warnings.join('\n'))}</system-err>`]),
    '</testsuite></testsuites>',
    '',
  ].join('\n')
}

function caseOf(suite: string, name: string, failure: string | undefined): string {
  const head = `  <testcase classname="${quoted(suite)}" name="${quoted(name)}"`
  return failure === undefined ? `${head}/>` : `${head}><failure message="${quoted(failure)}"/></testcase>`
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

function quoted(text: string): string {
  return text
    .replace(/[&<>"]/g, (character) => ENTITIES[character]!)
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
}
