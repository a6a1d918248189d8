// A run as JUnit XML, which continuous integration shows: one test case for each expectation.

import type { RunResult } from '../run/run.ts'

/** The XML of one run. */
export function printJunit(name: string, result: RunResult): string {
  const cases = [
    ...result.expectations.map(({ text, state, because }) =>
      caseOf(name, text, state === 'held' ? undefined : because),
    ),
    ...result.unfinished.map((text) => caseOf(name, text, 'unfinished')),
    ...result.audit.violations.map(({ law, sentence }) => caseOf(name, law, sentence)),
  ]
  const failures = cases.filter((one) => one.includes('<failure')).length
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites><testsuite name="${quoted(name)}" tests="${cases.length}" failures="${failures}">`,
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
