// A run as JUnit XML, which continuous integration shows: one test case for each expectation.

import type { RunResult } from '../run/run.ts'

/** The XML of one run. */
export function printJunit(name: string, result: RunResult): string {
  return printCases(name, [
    ...result.expectations.map(({ text, state, because }): JunitCase => {
      return state === 'held' ? { name: text } : { name: text, failure: because }
    }),
    ...result.unfinished.map((text) => ({ name: text, failure: 'unfinished' })),
    ...result.audit.violations.map(({ law, sentence }) => ({ name: law, failure: sentence })),
  ])
}

/** One case, and why it failed if it did. */
export interface JunitCase {
  readonly name: string
  readonly failure?: string
}

/** The XML of one suite. */
export function printCases(suite: string, all: readonly JunitCase[]): string {
  const cases = all.map((one) => caseOf(suite, one.name, one.failure))
  const failures = all.filter(({ failure }) => failure !== undefined).length
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites><testsuite name="${quoted(suite)}" tests="${cases.length}" failures="${failures}">`,
    ...cases,
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
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, '')
}
