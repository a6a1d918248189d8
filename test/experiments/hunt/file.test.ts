// An experiment, ready-made or a file, as a campaign.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { siptwin } from './siptwin.ts'

const folder = mkdtempSync(join(tmpdir(), 'siptwin-file-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const TOPOLOGY = `title: Two phones on a bad link
nodes:
  alice: { kind: host, address: 192.0.2.10/24, runs: { program: phone, aor: sip:alice@192.0.2.10, talk: false } }
  bob:   { kind: host, address: 192.0.2.20/24, runs: { program: phone, aor: sip:bob@192.0.2.20, talk: false, answerAfter: 1 s } }
links:
  - { between: [alice, bob], delay: 5 ms, loss: 10 % }
`
const EXPERIMENT = (hunt: string, more = ''): string => `question: Does bob answer?
topology: ./net.yaml
scenario:
  - { at: 0 s, who: alice, do: call, to: sip:bob@192.0.2.20 }
  - { at: 20 s, who: alice, do: hang up }
${more}${hunt}
`

function write(name: string, text: string): string {
  writeFileSync(join(folder, 'net.yaml'), TOPOLOGY)
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

describe('hunting an experiment', () => {
  test('a ready-made one: the packets that it sends may be hit', async () => {
    const { code, out } = await siptwin('hunt', 'basic-call', '--runs', '6', '--quiet')
    expect(out).toContain('Whatever is lost, late, doubled or overtaken: What do a caller')
    expect(out).toContain('6 cases, all green')
    expect(code).toBe(0)
  })

  test('a file, with what must be true; the smallest case is a file of its own, chance and all', async () => {
    const path = write(
      'hunted.yaml',
      EXPERIMENT(
        'hunt: { faults: 2, kinds: [drop], labels: [200 INVITE], expect: ["call is established between 0 s and 1.1 s"] }',
      ),
    )
    const out = join(folder, 'out')
    const { code, out: said } = await siptwin('hunt', path, '--runs', '60', '--quick', '--quiet', '--out', out)
    expect(said).toContain('✗ promise (siptwin)')
    expect(said).toMatch(/it fails only if (this fault is|both are) there/)
    expect(code).toBe(1)
    const smallest = readFileSync(join(out, 'experiment.yaml'), 'utf8')
    expect(smallest).toContain('Two phones on a bad link')
    const again = await siptwin('run', join(out, 'experiment.yaml'), '--quiet')
    expect(again.out).toContain('✗ call is established between 0 s and 1.1 s')
    const replayed = await siptwin('replay', join(out, 'manifest.json'), '--quiet')
    expect(replayed.err).toBe('the same to the bit\n')
  })

  test.each([
    ['hunt: { kinds: [dorp] }', 'did you mean drop?'],
    ['hunt: { faults: many }', 'a whole number from 0 to 50'],
    ['hunt: { expect: ["bob is ringin"] }', 'did you mean ringing?'],
    ['hunt: { labels: [REFER] }', 'on a calm day this one sends none of REFER'],
    ['hunt: { late: 5 }', 'has no unit'],
  ])('%s: exit 2', async (hunt, says) => {
    const { code, err } = await siptwin('hunt', write('wrong.yaml', EXPERIMENT(hunt)), '--runs', '1')
    expect(err).toContain(says)
    expect(code).toBe(2)
  })

  test('a journal is of the file as it was: one that says something else begins anew', async () => {
    const path = write('changed.yaml', EXPERIMENT('hunt: { faults: 1 }'))
    const line = ['hunt', path, '--runs', '2', '--quiet', '--out', join(folder, 'journal')]
    const first = await siptwin(...line)
    expect(first.code).toBe(0)
    writeFileSync(path, `# Another comment.\n${EXPERIMENT('hunt: { faults: 1 }')}`)
    expect(await siptwin(...line)).toEqual(first)
    const changed = async (text: string, net: string, what: string): Promise<void> => {
      writeFileSync(path, text)
      writeFileSync(join(folder, 'net.yaml'), net)
      const { code, err } = await siptwin(...line)
      expect(err).toContain(`from before ${what} changed`)
      expect(err).toContain('name another folder, or remove this one and begin anew')
      expect(code).toBe(2)
    }
    const same = EXPERIMENT('hunt: { faults: 1 }')
    await changed(EXPERIMENT('hunt: { faults: 2 }'), TOPOLOGY, 'its hunt: section')
    await changed(same.replace('20 s', '21 s'), TOPOLOGY, 'the experiment')
    await changed(same, TOPOLOGY.replace('10 %', '20 %'), 'its topology')
    await changed(same.replace('20 s', '21 s'), TOPOLOGY.replace('10 %', '20 %'), 'the experiment and its topology')
  })

  test('a name that is none', async () => {
    const { code, err } = await siptwin('hunt', 'basic-cal')
    expect(err).toContain('did you mean basic-call?')
    expect(code).toBe(2)
  })
})
