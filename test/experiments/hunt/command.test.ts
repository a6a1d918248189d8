import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { LOST_AND_LATE } from '../../../experiments/campaigns/lostAndLate.ts'
import { main } from '../../../experiments/cli/main.ts'
import { readCase } from '../../../experiments/cli/quarry.ts'
import { ruleOf } from '../../../experiments/faults.ts'

async function siptwin(line: string): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  let [out, err] = ['', '']
  const terminal = {
    ...{ columns: 100, color: false, live: false, code: 0 as const },
    out: (text: string) => {
      out += text
    },
    err: (text: string) => {
      err += text
    },
  }
  const code = await main(['node', 'siptwin', ...line.split(' ')], terminal)
  return { code, out, err }
}

describe('hunt', () => {
  test('a green hunt says what it exercised, and what that bounds', async () => {
    const { code, out } = await siptwin('hunt lost-and-late --runs 60 --quiet')
    expect(code).toBe(0)
    expect(out).toContain('quiescence')
    expect(out).toContain('60 cases, all green: of such cases, fewer than 5 % break a rule')
  })

  test('the same hunt says the same', async () => {
    const line = 'hunt lost-and-late --runs 20 --seed 3 --json'
    expect(await siptwin(line)).toEqual(await siptwin(line))
  })

  test('a path is one case: where it holds, that is said', async () => {
    const { code, out } = await siptwin('hunt lost-and-late --path 9999:0')
    expect(out).toContain('the path 9999:0 with seed 1 leads to a case that holds: it breaks no rule')
    expect(code).toBe(0)
    const asked = await siptwin('hunt lost-and-late --path 7 --property quiescence --json')
    expect(JSON.parse(asked.out)).toMatchObject({ ok: true, path: '7', cases: 1 })
  })

  test('one case is one case', async () => {
    const { out } = await siptwin('hunt lost-and-late --runs 1 --quiet')
    expect(out).toContain('\n1 case, all green')
  })

  test.each([
    ['hunt lost-and-lat', 'did you mean lost-and-late?'],
    ['hunt lost-and-late --runs none', '--runs: a whole number from 1 to'],
    ['hunt lost-and-late --runs 0', '--runs: a whole number from 1 to'],
    ['hunt lost-and-late --path up', '--path: numbers and colons'],
    ['hunt lost-and-late --path=', '--path: numbers and colons'],
    ['hunt lost-and-late --path 0:99999', '0:99999 leads to no case with seed 1'],
    ['hunt lost-and-late --mutants --mutant bye-answered-once', '--mutants and --mutant do not go together'],
    ['hunt lost-and-late --mutants --path 3', '--mutants and --path do not go together'],
    ['hunt lost-and-late --mutants --out out', '--mutants and --out do not go together'],
  ])('%s: exit 2', async (line, says) => {
    const { code, err } = await siptwin(line)
    expect(err).toContain(says)
    expect(code).toBe(2)
  })
})

test('a case written down is the case that was judged', () => {
  const law = fc.property(LOST_AND_LATE.cases, (some) => {
    const { faults, scenario } = readCase(LOST_AND_LATE, some)
    expect(faults).toEqual(some.faults.map(ruleOf))
    expect(scenario.map(({ who, verb }) => [who, verb])).toEqual(some.scenario.map(({ who, do: verb }) => [who, verb]))
    for (const [i, { trigger }] of scenario.entries()) {
      const { at, after } = some.scenario[i]!
      expect('at' in trigger ? trigger.at : trigger.after).toBe(at ?? after)
    }
  })
  fc.assert(law, { numRuns: 30 })
})
