import { describe, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { readExperiment } from '../../experiments/experiment.ts'
import { Run } from '../../experiments/run/run.ts'
import { readYaml } from '../../topologies/yaml/document.ts'

/** Five phones on one host and a registrar, 10 ms apart; `more` are the phones' further options. */
function read(more: object, scenario: readonly object[] = []) {
  const phones = { program: 'phones', count: 5, aor: 'sip:p*@example.com', proxy: '10.0.0.2', ...more }
  const proxy = { program: 'proxy', domain: 'example.com', registrar: {}, anyone: true }
  const document = {
    question: 'Do they register?',
    topology: {
      nodes: {
        town: { kind: 'host', address: '10.0.0.1/24', runs: phones },
        proxy: { kind: 'host', address: '10.0.0.2/24', runs: proxy },
      },
      links: [{ between: ['town', 'proxy'], delay: '10 ms' }],
    },
    scenario,
    until: '10 s',
  }
  return readExperiment(readYaml('phones', stringify(document)), () => ({ hint: 'it is in the file' }))
}

/** When each was registered, ms, and under which names and ports. */
function registered(more: object, scenario: readonly object[] = []) {
  const reading = read(more, scenario)
  if (!reading.ok) throw new Error(reading.mistakes[0]?.expected)
  const times: number[] = []
  const users: unknown[] = []
  const ports: number[] = []
  const run = new Run(reading.value, {
    level: 'everything',
    sinks: [
      (record) => {
        if (record.kind === 'remark' && record.what === 'registered') times.push(Math.round(record.at / 1e6))
        if (record.kind === 'remark' && record.what === 'bindings') users.push(record.details.user)
        if (record.kind === 'sent' && record.packet.label.name === 'REGISTER') ports.push(record.packet.sourcePort)
      },
    ],
  })
  while (!run.step(Number.MAX_SAFE_INTEGER));
  expect(run.result().audit.violations).toEqual([])
  return { times, users, ports, unfinished: run.result().unfinished }
}

describe('many phones on one host', () => {
  test('register at once, each under its number and from its port', () => {
    expect(registered({ firstPort: 7000 })).toEqual({
      times: [20, 20, 20, 20, 20],
      users: ['p1', 'p2', 'p3', 'p4', 'p5'],
      ports: [7000, 7001, 7002, 7003, 7004],
      unfinished: [],
    })
  })

  test('or each at a moment of its own', () => {
    const { times, users } = registered({ registerWithin: '2 s' })
    expect(new Set(times).size).toBe(5)
    expect(Math.max(...times)).toBeLessThan(2021)
    expect(new Set(users).size).toBe(5)
  })

  test('and again when asked', () => {
    expect(registered({}, [{ at: '5 s', who: 'town', do: 'register' }]).times.slice(5)).toEqual([
      5020, 5020, 5020, 5020, 5020,
    ])
  })

  test.each([
    [{ aor: 'sip:p@example.com' }, 'a SIP URI with a *, such as sip:phone*@example.com, not "sip:p@example.com"'],
    [{ count: 0 }, 'a whole number from 1 to 40000'],
  ])('%o is a mistake', (more, expected) => {
    const reading = read(more)
    expect(reading.ok ? [] : reading.mistakes.map((one) => one.expected)).toContain(expected)
  })
})
