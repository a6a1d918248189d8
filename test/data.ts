// Test data that lives outside the repository: captures, torture messages, call flows, arrival traces.

import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { test } from 'vitest'

const ROOT = resolve(process.env.SIPTWIN_DATA ?? '../shared/data')

/** The path of a file or folder of the test data, such as `torture/rfc4475`. */
export function data(path: string): string {
  return resolve(ROOT, path)
}

/** Vitest's `test` where the named data is there; else its `skip`, after saying how to get it. With `CI=true` the test then fails. */
export function testWith(path: string): typeof test | typeof test.skip {
  if (existsSync(data(path))) return test
  const sentence = `the test data "${path}" is not in ${ROOT}: point SIPTWIN_DATA at the folder that has it`
  if (process.env.CI === 'true') {
    test(`test data "${path}"`, () => {
      throw new Error(sentence)
    })
  } else console.warn(`skipped: ${sentence}`)
  return test.skip
}
