import { execFileSync, spawn, spawnSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { packageRoot } from '../../experiments/cli/library.ts'
import { main } from '../../experiments/cli/main.ts'

const ROOT = packageRoot()
let folder = ''

beforeAll(() => {
  mkdirSync(join(ROOT, 'out'), { recursive: true })
  folder = mkdtempSync(join(ROOT, 'out/commands-'))
  const tsc = join(ROOT, 'node_modules/typescript/bin/tsc')
  execFileSync(process.execPath, [tsc, '-p', 'tsconfig.build.json', '--outDir', join(folder, 'built')], { cwd: ROOT })
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const entry = (): string => join(folder, 'built/experiments/cli/siptwin.js')
const at = (name: string): string => join(folder, name)

/** Runs one command line; what it said, and its exit code. */
async function siptwin(
  ...words: readonly string[]
): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  let [out, err] = ['', '']
  const write = {
    out: (text: string) => {
      out += text
    },
    err: (text: string) => {
      err += text
    },
  }
  const code = await main(['node', 'siptwin', ...words], { ...write, columns: 100, color: false, live: false, code: 0 })
  return { code, out, err }
}

describe('exit codes', async () => {
  test.each<[number, string, string]>([
    [0, 'list', 'basic-call'],
    [0, 'list topologies', 'two-phones-one-proxy'],
    [0, 'validate basic-call', 'basic-call: a sound experiment'],
    [0, 'validate two-phones', 'two-phones: a sound topology'],
    [0, '--help', 'Usage: siptwin'],
    [0, '--help', '  130  interrupted'],
    [0, 'run unreachable-icmp', '✓ call of alice fails with 500'],
    [0, 'run unreachable-icmp --twice --quiet', 'twice the same'],
    [
      0,
      'run unreachable-icmp --set topology.nodes.alice.runs.talk=false --set topology.nodes.alice.runs.dscp=EF',
      '! --set:1:32: `dscp` changes nothing here: it counts with `talk: true`\n',
    ],
    [1, 'run basic-call --until 5s', '✗ alice was to hang up at 12.034 s: the run ended before, at 5 s'],
    [1, 'run basic-call --set topology.nodes.bob.power=off', '"bob is ringing" never came true'],
    [0, 'schema experiment', '{label} is sent by {node}'],
    [0, 'schema topology', 'profiles of links'],
    [0, 'schema topology', '  firewall: inside*, outside, rules, '],
    [0, 'schema topology', '  phone: aor*, proxy, port, '],
    [0, 'schema topology', '  bulk-sender: to*, dscp\n'],
    [2, 'list propertie', 'there are no propertie to list: did you mean properties?'],
    [2, 'schema topologie', 'Allowed choices are topology, link, experiment, manifest'],
    [0, 'run nat-pairs --cell EI/EI,AP/AP', '✓ call is established'],
    [2, 'run nat-pairs --cell EI/EI,AP', '--cell EI/EI,AP: expected a row (EI/EI, '],
    [0, 'run nat-idle --twice --quiet', 'twice the same'],
    [2, 'run nat-idle --capture bob', '--capture is for one run: name one with --cell'],
    [2, 'run nat-idle --trace counters', 'at --trace counters nothing is recorded'],
    [2, 'run nat-idle --until soon', '--until: a duration such as 20 ms'],
    [2, 'run basic-call --cell a,b', '--cell a,b: this experiment has no matrix'],
    [2, 'run basic-cal', 'there is no experiment "basic-cal": did you mean basic-call?'],
    [2, 'run basic-call --set scenario.0.at=100d', 'a duration of at most 50 d, not 100 d'],
    [2, 'run basic-call --set topology.nodes.bob.runs.answerAfter=100d', 'a duration of at most 50 d, not 100 d'],
    [2, 'validate nosuch.yaml', 'there is no topology or experiment "nosuch.yaml": nosuch.yaml does not exist'],
    [2, 'validate -', 'there is no topology or experiment "-": what comes on standard input is read from /dev/stdin'],
    [2, 'validate nosuch', 'there is no topology or experiment "nosuch": siptwin list shows them all'],
    [2, 'validate ./topologies', 'topologies is a folder: name a file in it, such as topologies/'],
    [2, 'run ', 'there is no experiment "": siptwin list experiments shows them all'],
    [2, 'replay ', 'the name of the run is empty'],
    [2, 'run lost-200 --out ', '--out needs the name of a folder'],
    [2, 'run lost-200 --junit ', '--junit needs the name of a file'],
    [4, 'run lost-200 --junit docs', 'docs is a folder: --junit takes a file'],
    [2, 'audit ', 'the name of the capture is empty'],
    [2, 'explain ', 'the name of the message is empty'],
    [2, 'init ', 'the name of the folder is empty'],
    [2, 'list ', 'there are no "" to list: topologies, experiments, properties can be listed'],
    [2, 'validate docs', 'a folder has this name'],
    [2, 'run nowhere.yaml', 'nowhere.yaml does not exist'],
    [2, 'run', "missing required argument 'experiment'"],
    [2, 'run basic-call --sed 3', '--seed'],
    [2, 'run basic-call --until 51d', '--until: a duration of at most 50 d'],
    [2, 'run basic-call --until 200000d', '--until: a duration of at most 50 d'],
    [2, 'run basic-call --until -1s', '--until: a duration of zero or more'],
    [2, 'run basic-call --until soon', '--until: a duration such as 20 ms, not "soon"'],
    [2, 'run basic-call --set scenario.0.do=constructor', 'something that a phone can do, not "constructor"'],
    [2, 'run basic-call --set scenario.0.who=toString', 'a node of the topology, not "toString"'],
    [2, 'run basic-call --set topology.nodes.__proto__=1', 'nothing is called __proto__'],
    [2, 'run basic-call --set until=5', '--set:1:7: a duration such as 20 ms: "5" has no unit'],
    [2, 'run basic-call --set topology.nodes.bop.power=off', 'nodes has no "bop": did you mean bob?'],
    [
      2,
      'run basic-call --set topology.nodes.bob.tcp.sack=false',
      'a path to something that is there: nodes.bob has no "tcp": set it whole, …tcp={ sack: … }',
    ],
    [2, 'run basic-call --set nodes.bob.power=off', 'the top has no "nodes": did you mean topology.nodes.bob.power?'],
    [2, 'run basic-call --capture alice', '--capture needs a folder'],
    [2, 'run basic-call --trace counters', 'use signalling'],
    [2, 'replay nowhere.json', 'there is no run "nowhere.json"; siptwin run … --out <folder> writes one'],
    [2, 'why lost-200 x', 'there is no run "lost-200"; siptwin run lost-200 --out <folder> writes one'],
    [2, 'run two-phones', 'there is no experiment "two-phones": that is a topology, and an experiment says what'],
    [2, 'live basic-call', 'there is no topology "basic-call": that is an experiment'],
    [0, 'run lost-200 --set seed=!odd --json', '"seed": "!odd"'],
    [2, 'run lost-200 --seed ', '--seed needs a text or a number'],
    [0, 'explain bench/corpus/bye.sip', 'siptwin accepts it'],
    [1, 'explain LICENSE', 'This is no SIP message'],
    [2, 'explain nowhere.sip', 'nowhere.sip cannot be read'],
    [2, 'frobnicate', "unknown command 'frobnicate'"],
  ])('%i: siptwin %s', async (code, words, said) => {
    const result = await siptwin(...words.split(' '))
    expect(result.out + result.err).toContain(said)
    expect(result.code).toBe(code)
  })
})

test.each([
  ['scenario=[{ at: 0 s, who: alice, do: call, to: sip:b@c }, { at: 0 s, who: alcie, do: call }]', 75, 'alcie'],
  ['faults=[{ drop: { nth: 1, of: 200 INVITE, on: alice -> nobody } }]', 47, 'alice -> nobody'],
  ['faults=[{ drop: { nht: 1, of: 200 INVITE, on: alice -> proxy } }]', 19, 'nht'],
  ['topology.links.0.loss={ gilbert-elliot: 5 }', 25, 'gilbert-elliot'],
  ['topology.links.0={ between: [alice, rooter] }', 37, 'rooter'],
  ['topology.links.0={ between: [alice, router], netem: delay 10ms loos 1% }', 64, 'loos'],
  ['topology.links.0.netem=delay 10ms loos 1%', 35, 'loos'],
  ['faults=[{ drop: { of: 200 INVITE }', 35, ''],
  ['until=[1 s', 7, '[1 s'],
])('a mistake in --set %s is at its place in it', async (setting, column, word) => {
  const { code, err } = await siptwin('run', 'basic-call', '--set', setting)
  expect([code, err]).toEqual([2, expect.stringMatching(`^--set:1:${column}: `)])
  const [, , carets] = err.split('\n')
  expect(setting.slice(column - 1, column - 1 + /\^+/.exec(carets!)![0].length)).toBe(word)
})

describe('a fault that changed nothing', () => {
  const asked = ['run', 'basic-call', '--set', 'faults=[{drop: {of: 486 INVITE, on: bob -> proxy}}]'] as const
  const said = 'fault: drop each 486 INVITE on bob -> proxy: matched no packet'

  test('is said, even where nothing else is', async () => {
    expect(await siptwin(...asked, '--quiet')).toEqual({ code: 0, out: '', err: `! ${said}\n` })
    expect((await siptwin(...asked)).out).toContain(`! ${said}\n`)
  })

  test('is said again when the run is done again', async () => {
    await siptwin(...asked, '--quiet', '--out', at('unmatched'))
    const again = await siptwin('replay', at('unmatched'), '--quiet')
    expect(again).toEqual({ code: 0, out: '', err: `! ${said}\nthe same to the bit\n` })
  })

  test('stands in the JSON document and in the JUnit report', async () => {
    const { out } = await siptwin(...asked, '--json', '--junit', at('reports/nothing.xml'))
    expect(JSON.parse(out).unmatchedFaults).toEqual([said.slice('fault: '.length)])
    expect(readFileSync(at('reports/nothing.xml'), 'utf8')).toContain(
      `  <system-err>! ${said.replaceAll('>', '&gt;')}</system-err>\n</testsuite>`,
    )
  })
})

describe('--out', async () => {
  test('a run can be replayed from its manifest', async () => {
    expect((await siptwin('run', 'lost-200', '--out', at('whole'), '--quiet')).code).toBe(0)
    expect(await siptwin('replay', at('whole/manifest.json'), '--quiet')).toEqual({
      code: 0,
      out: '',
      err: 'the same to the bit\n',
    })
  })

  test('who names a node twice gets one capture of it, and a folder that is called as a manifest is none', async () => {
    const named = ['--capture', 'alice', '--capture', 'alice']
    expect((await siptwin('run', 'lost-200', '--out', at('named'), '--quiet', ...named)).code).toBe(0)
    mkdirSync(at('odd/manifest.json'), { recursive: true })
    const { code, err } = await siptwin('why', at('odd'))
    expect([code, err]).toEqual([2, expect.stringContaining('manifest.json is a folder, no manifest')])
  })

  test('validate knows a manifest by its keys', async () => {
    expect((await siptwin('validate', at('whole/manifest.json'))).out).toContain('a sound manifest')
  })

  test('a manifest whose digests are others is said to be nondeterminism', async () => {
    const text = readFileSync(at('whole/manifest.json'), 'utf8')
    writeFileSync(at('other.json'), text.replace(/("packets": ")[0-9a-f]{4}/, '$10000'))
    expect((await siptwin('replay', at('other.json'), '--quiet')).code).toBe(3)
    expect((await siptwin('replay', at('other.json'), '--quiet')).out).toContain('no trace.jsonl beside the manifest')
    writeFileSync(at('changed.json'), text.replace('"seed": "1"', '"seed": "2"'))
    const changed = await siptwin('replay', at('changed.json'))
    expect([changed.code, changed.err]).toEqual([
      2,
      expect.stringContaining('one of the two was changed after the run'),
    ])
    writeFileSync(at('cut.json'), text.slice(0, 500))
    expect((await siptwin('replay', at('cut.json'))).code).toBe(2)
  })

  test('where a replay parts from what was recorded is shown', async () => {
    expect((await siptwin('run', 'unreachable-icmp', '--out', at('parting'), '--quiet')).code).toBe(0)
    const [manifest, trace] = [at('parting/manifest.json'), at('parting/trace.jsonl')]
    writeFileSync(manifest, readFileSync(manifest, 'utf8').replace(/("packets": ")[0-9a-f]{4}/, '$10000'))
    writeFileSync(trace, readFileSync(trace, 'utf8').replace('"what":"call failed"', '"what":"call found"'))
    const { code, out } = await siptwin('replay', at('parting'), '--quiet')
    expect([code, out]).toEqual([3, expect.stringContaining('The runs are the same up to 14.')])
  })

  test('a folder that holds a run, or a file, is left as it was', async () => {
    const before = statSync(at('whole/manifest.json')).mtimeMs
    const again = await siptwin('run', 'lost-200', '--out', at('whole'))
    expect([again.code, again.err]).toEqual([4, expect.stringContaining('holds an earlier run')])
    writeFileSync(at('file'), 'precious')
    expect((await siptwin('run', 'lost-200', '--out', at('file'))).err).toContain('is a file')
    expect([readFileSync(at('file'), 'utf8'), statSync(at('whole/manifest.json')).mtimeMs]).toEqual([
      'precious',
      before,
    ])
  })

  test.skipIf(!existsSync('/proc/self'))('where no folder can be made, it says so', async () => {
    const { code, err } = await siptwin('run', 'basic-call', '--quiet', '--out', '/proc/out')
    expect([code, err]).toEqual([4, '/proc/out cannot be written to: /proc takes no new folders\n'])
  })

  test('the same where a link leads nowhere', async () => {
    symlinkSync(at('nowhere'), at('dangling'))
    const { code, err } = await siptwin('run', 'basic-call', '--quiet', '--out', at('dangling'))
    expect([code, err]).toEqual([
      4,
      expect.stringMatching(/cannot be written to: \S+dangling is a link that leads nowhere\n$/),
    ])
  })

  test.skipIf(process.getuid?.() === 0)('a folder that cannot be written to is said to be so', async () => {
    mkdirSync(at('locked'))
    chmodSync(at('locked'), 0o555)
    expect((await siptwin('run', 'lost-200', '--out', at('locked'))).code).toBe(4)
  })

  test('Ctrl-C ends with 130, and what was written is whole', async () => {
    const words = ['run', 'basic-call', '--set', 'scenario.2.after=10h', '--until', '11h', '--out', at('cut')]
    const child = spawn(process.execPath, [entry(), ...words], { stdio: ['ignore', 'ignore', 'pipe'] })
    let said = ''
    child.stderr.on('data', (bytes: Buffer) => {
      said += bytes
    })
    const code = new Promise((resolve) => child.on('exit', resolve))
    while (!existsSync(at('cut/capture.pcapng')) || statSync(at('cut/capture.pcapng')).size === 0) {
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    child.kill('SIGINT')
    expect([await code, said]).toEqual([130, expect.stringContaining('interrupted')])
    expect(existsSync(at('cut/manifest.json'))).toBe(false)
    expect(wholeBlocks(readFileSync(at('cut/capture.pcapng')))).toBe(true)
  })
})

/** Whether a pcapng file ends where a block ends: each block's length stands at both its ends. */
function wholeBlocks(bytes: Buffer): boolean {
  let offset = 0
  while (offset + 12 <= bytes.length) {
    const length = bytes.readUInt32LE(offset + 4)
    if (length < 12 || offset + length > bytes.length || bytes.readUInt32LE(offset + length - 4) !== length)
      return false
    offset += length
  }
  return offset === bytes.length
}

test('started in a folder that was removed since, it says so', () => {
  const script = 'mkdir "$2" && cd "$2" && rmdir "$2" && exec "$0" "$1" list'
  const done = spawnSync('sh', ['-c', script, process.execPath, entry(), at('gone')], { encoding: 'utf8' })
  expect([done.status, done.stderr]).toEqual([4, 'the folder that siptwin was started in is no longer there\n'])
})

test('what init writes can be run, and is never written over', async () => {
  expect((await siptwin('init', at('new'))).code).toBe(0)
  expect((await siptwin('run', at('new/experiment.yaml'), '--quiet')).code).toBe(0)
  expect((await siptwin('validate', at('new/topology.yaml'))).code).toBe(0)
  expect((await siptwin('init', at('new'))).code).toBe(4)
})

test.each(['topology', 'link', 'experiment', 'manifest'])('schema %s --json is a JSON Schema', async (kind) => {
  const { out } = await siptwin('schema', kind, '--json')
  expect(JSON.parse(out)).toMatchObject({ $schema: expect.stringContaining('json-schema.org'), type: 'object' })
})

test('--json is one document on stdout', async () => {
  const { out, code } = await siptwin('run', 'unreachable-direct', '--json')
  expect([code, JSON.parse(out)]).toEqual([
    0,
    expect.objectContaining({ ok: true, seed: '1', name: 'unreachable-direct' }),
  ])
})

describe.skipIf(!existsSync('/dev/full'))('output that cannot be written', () => {
  /** The built command with its output in a file; its exit code, and what it said to people. */
  const into = (path: string, words: readonly string[], limit = ''): readonly [number | null, string] => {
    const line = `${limit} exec "$0" "$@" > ${path}`
    const done = spawnSync('sh', ['-c', line, process.execPath, entry(), ...words], { encoding: 'utf8' })
    return [done.status, done.stderr]
  }

  test.each(['run lost-200 --json', '--help'])('siptwin %s > /dev/full', (words) => {
    expect(into('/dev/full', words.split(' '))).toEqual([4, 'the output cannot be written: no space is left\n'])
  })

  test('nor is a part of it taken for the whole', () => {
    const said = into(at('part'), ['list'], 'ulimit -f 1;')
    expect(said).toEqual([4, 'the output cannot be written: it would be larger than a file may be\n'])
    expect(into(at('all'), ['list'])).toEqual([0, ''])
    expect(statSync(at('all')).size).toBeGreaterThan(statSync(at('part')).size)
  })

  test('a reader that goes away is fine', () => {
    const done = spawnSync('bash', ['-c', 'set -o pipefail; "$0" "$1" list | head -1', process.execPath, entry()])
    expect([done.status, String(done.stdout), String(done.stderr)]).toEqual([0, 'experiments\n', ''])
  })
})
