// Adds up what the test reporters counted, and says `N passed, N failed` as the last line. Exit 1 if anything failed or did not run.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const [folder, ...steps] = process.argv.slice(2)

const styled = read('style.status').trim() === '0'
const counts = [
  { name: 'types and style', passed: styled ? 1 : 0, failed: styled ? 0 : 1, skipped: 0 },
  ...steps.map(count),
]
for (const { name, passed, failed, skipped } of counts) {
  console.log(`${name}: ${passed} passed, ${failed} failed, ${skipped} skipped`)
}
const failed = sum('failed')
console.log(`${sum('passed')} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1

/** A file that failed without a failed test in it (it could not be loaded, say) is one failure of its own; so is a missing report. */
function count(name) {
  try {
    const report = JSON.parse(read(`${name}.json`))
    const broken = report.testResults.filter(
      (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
    ).length
    const failed = report.numFailedTests + broken
    const unexplained = !report.success && failed === 0 ? 1 : 0
    const empty = report.numTotalTests === 0 ? 1 : 0
    return {
      name,
      passed: report.numPassedTests,
      failed: failed + unexplained + empty,
      skipped: report.numPendingTests,
    }
  } catch {
    return { name, passed: 0, failed: 1, skipped: 0 }
  }
}

function read(name) {
  return readFileSync(join(folder, name), 'utf8')
}

function sum(key) {
  return counts.reduce((total, step) => total + step[key], 0)
}
