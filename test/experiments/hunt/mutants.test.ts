// Wrong stacks are caught: a sample of the mutants here, all of them in the soak.

import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { CAMPAIGNS } from '../../../experiments/campaigns/table.ts'
import { main } from '../../../experiments/cli/main.ts'
import { readCase } from '../../../experiments/cli/quarry.ts'
import { Court } from '../../../experiments/hunt/court.ts'
import { catchMutant, median } from '../../../experiments/hunt/mutants.ts'
import { MUTANTS } from '../../../experiments/mutants/table.ts'

const folder = mkdtempSync(join(tmpdir(), 'siptwin-hunt-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function siptwin(line: string): Promise<{ readonly code: number; readonly said: string }> {
  let said = ''
  const say = (text: string): void => {
    said += text
  }
  const terminal = { columns: 100, color: false, live: false, code: 0 as const, out: say, err: say }
  const code = await main(['node', 'siptwin', ...line.split(' ')], terminal)
  return { code, said }
}

/** Of the smallest cases. */
const sizes: { readonly faults: number; readonly steps: number }[] = []

describe('which oracle catches which mutant', () => {
  test.each([
    ['two-hundred-not-repeated', '2xx core'],
    ['timer-e-uncapped', 'Timer E'],
    ['timer-a-constant', 'Timer A'],
    ['timer-b-late', 'Timer B'],
    ['refusal-not-acknowledged', 'ACK of a refusal'],
    ['answer-acknowledged-once', 'ACK of an answer'],
    ['bye-answered-once', 'Timer J'],
    ['cseq-not-raised', 'CSeq order'],
    ['max-forwards-kept', 'Max-Forwards'],
    ['content-length-short', 'Content-Length'],
    ['to-tag-forgotten', 'quiescence'],
    ['cancel-after-final', 'CANCEL is answered'],
    ['options-after-bye', 'nothing new after BYE'],
    ['route-kept', 'next hop'],
    ['answer-forgotten', 'offer and answer'],
    ['falls-over-a-cancel', 'assertions'],
    ['media-port-kept', 'no leak'],
    ['contact-elsewhere', 'dialog agreement'],
    ['media-astray', 'no one-way audio'],
    ['talks-on', 'no media after BYE'],
    ['nonce-count-stuck', 'nonce count'],
    ['stalled-by-trying', 'Timer E'],
    ['route-reversed', 'dialog routing'],
    ['expiry-ignored', 'refresh before expiry'],
  ])('%s: %s', (mutant, oracle) => {
    const campaign = CAMPAIGNS.get(MUTANTS.get(mutant)?.campaign ?? 'lost-and-late')!
    const { oracles, faults, steps } = catchMutant(campaign, mutant, readCase, { runs: 100, seed: 1 })
    expect(oracles).toContain(oracle)
    expect(faults).toBeLessThanOrEqual(2)
    expect(steps).toBeLessThanOrEqual(4)
    sizes.push({ faults, steps })
  })

  test('the smallest cases of most have two faults and three steps at most', () => {
    expect(sizes.length).toBeGreaterThan(20)
    expect(median(sizes.map(({ faults }) => faults))).toBeLessThanOrEqual(2)
    expect(median(sizes.map(({ steps }) => steps))).toBeLessThanOrEqual(3)
  })

  test('a call that a BYE has ended before its ACK came, and that is ended again 64·T1 later', () => {
    const wrong = { ...CAMPAIGNS.get('lost-and-late')!, mutant: 'bye-once-more' }
    const some = {
      set: { 'nodes.alice.runs.talk': false, 'nodes.bob.runs.talk': false },
      scenario: [
        { at: 0, who: 'alice', do: 'call', to: 'sip:bob@example.com' },
        { when: 'bob is ringing', who: 'bob', do: 'answer' },
        { when: 'alice is established', after: 1e9, who: 'alice', do: 'hang up' },
      ],
      faults: [{ drop: { of: 'ACK', on: 'alice -> bob' } }],
    }
    const verdicts = new Court((one) => readCase(wrong, one), wrong).try(some)
    expect(verdicts.filter(({ state }) => state === 'violated').map(({ name }) => name)).toEqual([
      'nothing new after BYE',
    ])
  })

  test('there are more than eighty, each with a sentence, and a campaign if it names one', () => {
    expect(MUTANTS.size).toBeGreaterThan(80)
    for (const { does } of MUTANTS.values()) expect(does.split(' ').length).toBeGreaterThan(2)
    for (const { campaign = 'lost-and-late' } of MUTANTS.values()) expect([...CAMPAIGNS.keys()]).toContain(campaign)
  })
})

describe('a counterexample', () => {
  const out = join(folder, 'found')

  test('is told in sentences, with what brings it back', async () => {
    const { code, said } = await siptwin(
      `hunt lost-and-late --mutant two-hundred-not-repeated --runs 100 --quick --out ${out}`,
    )
    expect(code).toBe(1)
    expect(said).toMatch(/drop the 1st 200 INVITE on (bob -> proxy|proxy -> alice), nothing else/)
    expect(said).toContain('✗ 2xx core (RFC 3261 §13.3.1.4)')
    const again = /again: npx siptwin (.*)/.exec(said)?.[1] ?? ''
    const repeated = await siptwin(again)
    expect(repeated.code).toBe(1)
    expect(repeated.said).toContain('nothing else')
  })

  test('is a run that replays to the bit, mutant and all, and an experiment', async () => {
    expect(JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8')).experiment.mutant).toBe(
      'two-hundred-not-repeated',
    )
    const replayed = await siptwin(`replay ${join(out, 'manifest.json')} --quiet`)
    expect(replayed).toEqual({ code: 0, said: 'the same to the bit\n' })
    expect(existsSync(join(out, 'experiment.yaml'))).toBe(true)
    const { said } = await siptwin(`run ${join(out, 'experiment.yaml')} --json`)
    const { digests } = JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8'))
    expect(JSON.parse(said).digests.packets).toBe(digests.packets)
  })

  test('a mutant that is none: exit 2', async () => {
    const { code, said } = await siptwin('hunt lost-and-late --mutant timer-e-uncaped')
    expect(said).toContain('did you mean timer-e-uncapped?')
    expect(code).toBe(2)
  })
})
