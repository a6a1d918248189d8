// NAT behaviours as stories: RFC 4787's words, one by one.

import { describe, expect, it } from 'vitest'
import { type StoryOptions, tell } from './story.ts'

function story(name: string, options: StoryOptions, text: string): void {
  it(name, () => {
    const { told, happened } = tell(text, options)
    expect(happened).toBe(told)
  })
}

describe('mapping', () => {
  story(
    'endpoint-independent: one outside endpoint for all remotes',
    { nat: { mapping: 'endpoint-independent' } },
    `0 s  10.0.0.2:5060 → 198.51.100.7:80  203.0.113.9:5060 → 198.51.100.7:80
     1 s  10.0.0.2:5060 → 198.51.100.7:81  203.0.113.9:5060 → 198.51.100.7:81
     2 s  10.0.0.2:5060 → 198.51.100.8:80  203.0.113.9:5060 → 198.51.100.8:80`,
  )
  story(
    'address-dependent: another for each remote address',
    { nat: { mapping: 'address-dependent' } },
    `0 s  10.0.0.2:5060 → 198.51.100.7:80  203.0.113.9:5060 → 198.51.100.7:80
     1 s  10.0.0.2:5060 → 198.51.100.7:81  203.0.113.9:5060 → 198.51.100.7:81
     2 s  10.0.0.2:5060 → 198.51.100.8:80  203.0.113.9:1024 → 198.51.100.8:80`,
  )
  story(
    'address-and-port-dependent: another for each remote endpoint',
    { nat: { mapping: 'address-and-port-dependent' } },
    `0 s  10.0.0.2:5060 → 198.51.100.7:80  203.0.113.9:5060 → 198.51.100.7:80
     1 s  10.0.0.2:5060 → 198.51.100.7:81  203.0.113.9:1024 → 198.51.100.7:81
     2 s  10.0.0.2:5060 → 198.51.100.8:80  203.0.113.9:1026 → 198.51.100.8:80`,
  )
})

describe('filtering', () => {
  const inward = `0 s  10.0.0.2:5060 → 198.51.100.7:80  203.0.113.9:5060 → 198.51.100.7:80
     1 s  198.51.100.7:80 → 203.0.113.9:5060  198.51.100.7:80 → 10.0.0.2:5060`
  story(
    'endpoint-independent lets everybody in',
    { nat: { filtering: 'endpoint-independent' } },
    `${inward}
     2 s  198.51.100.7:81 → 203.0.113.9:5060  198.51.100.7:81 → 10.0.0.2:5060
     3 s  198.51.100.8:80 → 203.0.113.9:5060  198.51.100.8:80 → 10.0.0.2:5060
     4 s  198.51.100.8:80 → 203.0.113.9:5061  filtered by NAT`,
  )
  story(
    'address-dependent lets those in that were spoken to, from any port',
    { nat: { filtering: 'address-dependent' } },
    `${inward}
     2 s  198.51.100.7:81 → 203.0.113.9:5060  198.51.100.7:81 → 10.0.0.2:5060
     3 s  198.51.100.8:80 → 203.0.113.9:5060  filtered by NAT`,
  )
  story(
    'address-and-port-dependent lets only those endpoints in',
    { nat: { filtering: 'address-and-port-dependent' } },
    `${inward}
     2 s  198.51.100.7:81 → 203.0.113.9:5060  filtered by NAT
     3 s  198.51.100.8:80 → 203.0.113.9:5060  filtered by NAT`,
  )
  story(
    'is no finer for a finer mapping',
    { nat: { mapping: 'address-and-port-dependent', filtering: 'address-dependent' } },
    `${inward}
     2 s  198.51.100.7:81 → 203.0.113.9:5060  198.51.100.7:81 → 10.0.0.2:5060
     3 s  198.51.100.8:80 → 203.0.113.9:5060  filtered by NAT`,
  )
})
