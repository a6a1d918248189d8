// What the document about NATs lists is what there is.

import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { ALGS } from '../../stack/sip/alg/catalogue.ts'
import { NAT_PRESETS } from '../../topologies/natPresets.ts'

test.each([
  ['presets', NAT_PRESETS],
  ['ALGs', ALGS],
])('docs/nat.md has all %s', (_, table) => {
  const text = readFileSync('docs/nat.md', 'utf8')
  const rows = Object.entries(table).map(([name, { says }]) => `| \`${name}\` | ${says} |`)
  expect(text).toContain(rows.join('\n'))
})
