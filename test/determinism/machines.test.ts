// One seed, one run: on every Node version, in every locale and time zone, with any heap, without a compiler, on a busy machine.

import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { namesOn } from '../../experiments/cli/library.ts'
import { CHANCY } from './chancy.ts'

/** Node versions that users have; they come from the package registry into a folder of their own. */
const VERSIONS = ['20', '22', '24'] as const
const QUESTIONS = [CHANCY, ...namesOn('experiments')]
const folder = mkdtempSync(join(tmpdir(), 'siptwin-nodes-'))
const plain = new Map<string, string>()

beforeAll(() => {
  execFileSync('npm', ['run', 'build', '--silent'], { stdio: 'inherit' })
  execFileSync('npm', ['init', '--yes'], { cwd: folder, stdio: 'ignore' })
  const packages = VERSIONS.map((version) => `node${version}@npm:node@${version}`)
  execFileSync('npm', ['install', '--no-save', '--silent', ...packages], { cwd: folder, stdio: 'inherit' })
  for (const question of QUESTIONS) plain.set(question, digestsOf(question))
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface Digested {
  readonly digests: Readonly<Record<string, string>>
}

/** What a process of its own says of a run, or of each run of a matrix: every digest, as JSON. */
function digestsOf(question: string, flags: readonly string[] = [], node = process.execPath, env: object = {}): string {
  const args = [...flags, 'bin/siptwin.js', 'run', question, '--seed', '11', '--trace', 'everything', '--json']
  const ran = spawnSync(node, args, { encoding: 'utf8', env: { ...process.env, ...env }, maxBuffer: 1e8 })
  if (ran.stdout === '') throw new Error(ran.stderr)
  const document = JSON.parse(ran.stdout) as Digested & { cells?: readonly Digested[] }
  const runs = document.cells ?? [document]
  for (const { digests } of runs) expect(Object.keys(digests).sort()).toEqual(['contents', 'packets', 'transitions'])
  return JSON.stringify(runs.map(({ digests }) => digests))
}

describe.each(VERSIONS)('Node %s', (version) => {
  const node = join(folder, 'node_modules', `node${version}`, 'bin', 'node')

  test('is the one that we think it is', () => {
    expect(execFileSync(node, ['--version'], { encoding: 'utf8' })).toMatch(new RegExp(`^v${version}\\.`))
  })

  test('a hunt finds the same, as small as here, and what it found here replays', () => {
    const hunt = [
      'bin/siptwin.js',
      'hunt',
      'lost-and-late',
      '--mutant',
      'two-hundred-not-repeated',
      '--quick',
      '--quiet',
    ]
    const out = join(folder, `hunt-${version}`)
    const [here, there] = [
      spawnSync(process.execPath, [...hunt, '--out', out], { encoding: 'utf8' }),
      spawnSync(node, hunt, { encoding: 'utf8' }),
    ]
    expect(there.stdout).toBe(here.stdout)
    const smallest = JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8')) as {
      experiment: { faults: unknown[] }
    }
    expect(smallest.experiment.faults.length).toBeLessThanOrEqual(2)
    const replay = ['bin/siptwin.js', 'replay', join(out, 'manifest.json'), '--quiet']
    expect(spawnSync(node, replay, { encoding: 'utf8' }).stderr).toContain('the same to the bit')
  })

  test.each(QUESTIONS)('%s', (question) => expect(digestsOf(question, [], node)).toBe(plain.get(question)))
})

test.each([
  ['TZ', 'Asia/Kathmandu'],
  ['TZ', 'America/St_Johns'],
  ['LC_ALL', 'tr_TR.UTF-8'],
  ['LANG', 'ar_EG.UTF-8'],
])('with %s=%s', (name, value) => {
  expect(digestsOf(CHANCY, [], process.execPath, { [name]: value })).toBe(plain.get(CHANCY))
})

test.each([
  '--max-old-space-size=48',
  '--max-semi-space-size=1',
  '--jitless',
  '--always-turbofan',
  '--no-opt',
  '--stack-size=400',
  '--random-seed=7',
  '--hash-seed=7',
])('with %s', (flag) => expect(digestsOf(CHANCY, [flag])).toBe(plain.get(CHANCY)))

test('beside busy loops', () => {
  const loops: ChildProcess[] = Array.from({ length: 3 }, () =>
    spawn(process.execPath, ['-e', 'const end = Date.now() + 60000; while (Date.now() < end);']),
  )
  try {
    for (let round = 0; round < 3; round++) expect(digestsOf(CHANCY)).toBe(plain.get(CHANCY))
  } finally {
    for (const loop of loops) loop.kill()
  }
})
