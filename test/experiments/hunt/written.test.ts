// The file that a hunt leaves is a test of the mistake: it fails as long as the mistake is there, and no longer.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { siptwin } from './siptwin.ts'

const folder = mkdtempSync(join(tmpdir(), 'siptwin-written-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function huntedOut(mutant: string, property: string): Promise<string> {
  const out = join(folder, mutant)
  const line = ['--mutant', mutant, '--property', property, '--runs', '100', '--quick', '--quiet', '--out', out]
  const { code } = await siptwin('hunt', 'lost-and-late', ...line)
  expect(code).toBe(1)
  return out
}

test('a rule on the wire is expected to hold', async () => {
  const out = await huntedOut('two-hundred-not-repeated', '2xx core')
  const path = join(out, 'experiment.yaml')
  const text = readFileSync(path, 'utf8')
  expect(text).toContain('# siptwin run experiment.yaml shows it with a ✗ and ends with 1')
  expect(text).toContain('# The mistake is the mutant two-hundred-not-repeated')
  const { code, out: said } = await siptwin('run', path, '--quiet')
  expect(said).toContain('✗ oracle "2xx core" holds: RFC 3261 §13.3.1.4: bob, call ')
  expect(code).toBe(1)
  const replayed = await siptwin('replay', join(out, 'manifest.json'))
  expect(replayed.out).toContain('✗ oracle "2xx core" holds')
  expect(replayed.err).toBe('the same to the bit\n')
  writeFileSync(path, text.replace(/^mutant: .*\n/m, ''))
  const mended = await siptwin('run', path)
  expect(mended.out).toContain('✓ oracle "2xx core" holds: judged')
  expect(mended.code).toBe(0)
})

test('what is seen from inside alone names the command that judges it', async () => {
  const out = await huntedOut('media-port-kept', 'no leak')
  const text = readFileSync(join(out, 'experiment.yaml'), 'utf8')
  expect(text).toContain('# A run does not judge this from inside: a hunt does, and goes to this case with')
  const [, words = ''] = /^# npx siptwin (hunt .*)$/m.exec(text) ?? []
  const again = await siptwin(
    ...words
      .replace("'no leak'", 'no_leak')
      .split(' ')
      .map((word) => word.replace('_', ' ')),
  )
  expect(again.out).toContain('✗ no leak')
  expect(again.code).toBe(1)
})
