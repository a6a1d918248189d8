// The house stands: floors, bans, sizes, exports. Each check is shown a violation first, so that it cannot pass by seeing nothing.

import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { BAN_NAMES, banViolations } from './bans.ts'
import { deadExports } from './exports.ts'
import { floorViolations } from './floors.ts'
import { houseSources, type Source } from './sources.ts'

const sources = houseSources()
const source = (path: string, text: string): Source => ({ path, text })

test('there is a house to look at', () => {
  expect(sources.length).toBeGreaterThan(20)
})

describe('floors', () => {
  test('every import goes down', () => expect(floorViolations(sources)).toEqual([]))

  test.each([
    ['a step up', 'sim/a.ts', "import { b } from '../experiments/b.ts'"],
    ['a door between towers', 'stack/a.ts', "import { b } from '../sim/b.ts'"],
    ['a type counts', 'platform/a.ts', "import type { B } from '../stack/b.ts'"],
    ['a Node built-in below', 'sim/a.ts', "import { readFileSync } from 'node:fs'"],
    ['a Node built-in in the browser-safe part', 'experiments/a.ts', "import fs from 'node:fs'"],
    ['a dynamic import', 'sim/a.ts', "const b = () => import('../experiments/b.ts')"],
    ['a package nobody agreed to', 'stack/a.ts', "import ws from 'ws'"],
    ['a folder outside the house', 'attic/a.ts', ''],
  ])('catches %s', (_, path, text) => expect(floorViolations([source(path, text)])).toHaveLength(1))

  test('a commented import is none', () =>
    expect(floorViolations([source('sim/a.ts', "// from 'node:fs'")])).toEqual([]))
})

describe('bans', () => {
  test('nothing that could differ between two runs', () => expect(banViolations(sources)).toEqual([]))

  test.each([
    ['Math.random', 'const a = Math.random()'],
    ['Date', 'const a = new Date()'],
    ['performance', 'const a = performance.now()'],
    ['real timers', 'setTimeout(f, 1)'],
    ['async', 'async function f() {}'],
    ['process', 'const a = process.env'],
    ['Buffer', 'const a = Buffer.alloc(1)'],
    ['console', 'console.log(1)'],
    ['crypto', 'crypto.getRandomValues(a)'],
    ['EventEmitter', 'const a = new EventEmitter()'],
    ['**', 'const a = 2 ** 3'],
    ['inexact Math', 'const a = Math.exp(1)'],
    ['locale', 'a.localeCompare(b)'],
    ['any', 'const a: any = 1'],
  ])('catches %s', (name, text) => {
    expect(banViolations([source('sim/a.ts', text)])).toEqual([expect.stringContaining(`uses ${name}:`)])
    expect(banViolations([source('experiments/cli/a.ts', text)])).toEqual([])
  })

  test('every ban is shown to catch something', () => {
    expect([...BAN_NAMES].sort()).toEqual(
      [
        '**',
        'Buffer',
        'Date',
        'EventEmitter',
        'Math.random',
        'any',
        'async',
        'console',
        'crypto',
        'inexact Math',
        'locale',
        'performance',
        'process',
        'real timers',
      ].sort(),
    )
  })

  test('words in comments and strings are not calls', () => {
    expect(banViolations([source('sim/a.ts', "// Date\nconst a = 'Math.random'")])).toEqual([])
    expect(
      banViolations([source('sim/a.ts', 'const a = /["\'](Date)/\n/** **bold** */\nconst b = a / 2 / 3')]),
    ).toEqual([])
  })
})

/** A room holds one noun; pure data tables and what a program made are exempt. */
const LONG_BY_NATURE = /\.generated\.ts$|\.data\.ts$/
const tooLong = (files: readonly Source[]) =>
  files.filter(({ path, text }) => !LONG_BY_NATURE.test(path) && text.split('\n').length > 401).map(({ path }) => path)

describe('sizes', () => {
  test('no file is longer than 400 lines', () => expect(tooLong(sources)).toEqual([]))
  test('catches a hall', () => expect(tooLong([source('sim/a.ts', 'x\n'.repeat(402))])).toEqual(['sim/a.ts']))
})

const VAGUE = /\b(?:utils?|helpers?|managers?|common|misc|stuff)\b/i

describe('names', () => {
  const vague = (files: readonly Source[]) => files.map(({ path }) => path).filter((path) => VAGUE.test(path))
  test('no room is called after nothing', () => expect(vague(sources)).toEqual([]))
  test('catches a vague name', () => expect(vague([source('sim/utils.ts', '')])).toEqual(['sim/utils.ts']))
})

/** Where outsiders come in: what package.json exports, and the configurations that tools read. */
function entrances(): string[] {
  const { exports } = JSON.parse(readFileSync('package.json', 'utf8')) as {
    exports: Record<string, string | { default: string }>
  }
  const targets = Object.values(exports).map((target) => (typeof target === 'string' ? target : target.default))
  const configured = ['test/interop/build.ts'] // vitest's globalSetup
  return targets.map((target) => target.replace(/^\.\/dist\//, '').replace(/\.js$/, '.ts')).concat(configured)
}

describe('exports', () => {
  test('no export is dead', () => expect(deadExports(sources, entrances())).toEqual([]))

  const file = source('sim/a.ts', 'export const used = 1\nexport const dead = 2')
  test.each([
    ['an import', "import { used } from '../../sim/a.ts'"],
    ['a renamed import', "import { used as other } from '../../sim/a.ts'"],
    ['a type import', "import type { used } from '../../sim/a.ts'"],
    ['a whole import', "import * as a from '../../sim/a.ts'\na.used"],
  ])('catches what no one imports, and knows %s', (_, text) => {
    expect(deadExports([file, source('test/sim/a.test.ts', text)], [])).toEqual(['sim/a.ts: dead'])
  })

  test('catches a type that nothing speaks of, and knows one that another export does', () => {
    const types = source('sim/b.ts', 'export type Dead = 1\nexport type Used = 2\nexport function f(): Used {}')
    const user = source('test/b.test.ts', "import { f } from '../sim/b.ts'")
    expect(deadExports([types, user], [])).toEqual(['sim/b.ts: Dead'])
  })
})
