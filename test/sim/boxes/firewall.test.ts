// Firewalls: rules, memory and limits, as stories; a policer as a law.

import { fc, test as law } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { Policer } from '../../../sim/boxes/firewall/policer.ts'
import { type StoryOptions, tell } from './story.ts'

function story(name: string, options: StoryOptions, text: string): void {
  it(name, () => {
    const { told, happened } = tell(text, options)
    expect(happened).toBe(told)
  })
}

describe('a firewall', () => {
  story(
    'lets out, lets answers in, and nothing else, for 30 s after the last packet',
    { firewall: {} },
    `0 s  10.0.0.2:5060 → 198.51.100.7:80  10.0.0.2:5060 → 198.51.100.7:80
     1 s  198.51.100.7:80 → 10.0.0.2:5060  198.51.100.7:80 → 10.0.0.2:5060
     2 s  198.51.100.8:80 → 10.0.0.2:5060  filtered by firewall
     3 s  198.51.100.7:81 → 10.0.0.2:5060  filtered by firewall
     30 s  198.51.100.7:80 → 10.0.0.2:5060  198.51.100.7:80 → 10.0.0.2:5060
     59 s  198.51.100.7:80 → 10.0.0.2:5060  198.51.100.7:80 → 10.0.0.2:5060
     89 s  198.51.100.7:80 → 10.0.0.2:5060  filtered by firewall`,
  )
  story(
    'asks its rules in order',
    {
      firewall: {
        rules: [
          { action: 'reject', direction: 'in', from: '198.51.100.8/32' },
          { action: 'allow', direction: 'in', protocol: 'udp', ports: [5060, 5061], to: '10.0.0.2/31' },
          { action: 'drop', direction: 'out', ports: [53, 53] },
        ],
      },
      listening: ['10.0.0.2:5060', '10.0.0.2:5061', '10.0.0.3:5061', '10.0.0.4:5061'],
    },
    `0 s  198.51.100.7:80 → 10.0.0.2:5060  198.51.100.7:80 → 10.0.0.2:5060
     1 s  198.51.100.8:80 → 10.0.0.2:5060  filtered by firewall, administratively prohibited (10.0.0.2:5060)
     2 s  198.51.100.7:80 → 10.0.0.3:5061  198.51.100.7:80 → 10.0.0.3:5061
     3 s  198.51.100.7:80 → 10.0.0.4:5061  filtered by firewall
     4 s  10.0.0.2:5060 → 198.51.100.7:53  filtered by firewall
     5 s  10.0.0.4:5061 → 198.51.100.7:54  10.0.0.4:5061 → 198.51.100.7:54`,
  )
  story(
    'without memory is one-way',
    { firewall: { stateful: false } },
    `0 s  10.0.0.2:5060 → 198.51.100.7:80  10.0.0.2:5060 → 198.51.100.7:80
     1 s  198.51.100.7:80 → 10.0.0.2:5060  filtered by firewall`,
  )
  story(
    'polices what its limits speak of',
    { firewall: { limits: [{ direction: 'out', to: '198.51.100.7/32', packetsPerSecond: 1, burst: 2 }] } },
    `0 s  10.0.0.2:5060 → 198.51.100.7:80  10.0.0.2:5060 → 198.51.100.7:80
     0.1 s  10.0.0.3:5060 → 198.51.100.7:80  10.0.0.3:5060 → 198.51.100.7:80
     0.2 s  10.0.0.2:5060 → 198.51.100.7:80  policed
     0.3 s  10.0.0.2:5060 → 198.51.100.8:80  10.0.0.2:5060 → 198.51.100.8:80
     1.2 s  10.0.0.2:5060 → 198.51.100.7:80  10.0.0.2:5060 → 198.51.100.7:80
     1.3 s  10.0.0.2:5060 → 198.51.100.7:80  policed`,
  )
  story(
    'forgets its flows when it reboots, and lets ICMP errors about them through before',
    { firewall: {}, closed: ['198.51.100.7:9'], reboots: [2e9] },
    `0 s  10.0.0.2:5060 → 198.51.100.7:80  10.0.0.2:5060 → 198.51.100.7:80
     1 s  10.0.0.2:5060 → 198.51.100.7:9  port closed, port unreachable (198.51.100.7:9)
     3 s  198.51.100.7:80 → 10.0.0.2:5060  filtered by firewall`,
  )
})

law.prop([
  fc.integer({ min: 1, max: 1000 }),
  fc.integer({ min: 1, max: 20 }),
  fc.array(fc.nat(50_000_000), { maxLength: 300 }),
])(
  'a policer admits in any stretch of time no more than its burst and its rate allow, and never less than a token bucket',
  (packetsPerSecond, burst, gaps) => {
    const policer = new Policer(packetsPerSecond, burst, 1)
    let now = 0
    let tokens = burst
    for (const gap of gaps) {
      now += gap
      tokens = Math.min(burst, tokens + (gap * packetsPerSecond) / 1e9)
      const expected = tokens >= 1
      const admitted = policer.admits(now)
      if (Math.abs(tokens - 1) > 1e-6) expect(admitted).toBe(expected)
      if (admitted) tokens -= 1
    }
  },
)
