// Tables in files of their own.

import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openFile } from '../../experiments/cli/library.ts'
import { readTopology } from '../../topologies/topology.ts'
import { printMistake } from '../../topologies/yaml/mistake.ts'

const CSV = 't_rel_s,seq,rtp_ts\n0,1,0\n0.025,2,160\n'

function read(words: string) {
  const folder = mkdtempSync(join(tmpdir(), 'siptwin-inlined-'))
  writeFileSync(join(folder, 'way.csv'), CSV)
  writeFileSync(join(folder, 'cell.txt'), '3\n7\n')
  writeFileSync(join(folder, 'late.txt'), '1.5 2\n')
  const file = join(folder, 't.yaml')
  const text = `nodes:
  a: { kind: host, address: 192.0.2.1/24 }
  b: { kind: host, address: 192.0.2.2/24 }
links:
  - { between: [a, b], ${words} }
`
  writeFileSync(file, text)
  const reading = readTopology(openFile(file))
  return reading.ok ? reading.value.links[0]! : printMistake(reading.mistakes[0]!).replaceAll(`${folder}/`, '')
}

test('stand where their text would', () => {
  expect(read('trace: { file: way.csv }')).toMatchObject({ up: { trace: CSV }, down: { trace: CSV } })
  expect(read('up: { opportunities: { file: cell.txt } }')).toMatchObject({ up: { opportunities: '3\n7\n' } })
  expect(read('jitter: { law: measured, values: { file: late.txt } }')).toMatchObject({
    up: { jitter: { values: '1.5 2\n' } },
  })
})

test('that cannot be read, or say something wrong, are shown where they are named', () => {
  expect(read('trace: { file: wya.csv }')).toBe(
    [
      't.yaml:5:39: a file that can be read: wya.csv: there is no such file',
      '  5 |   - { between: [a, b], trace: { file: wya.csv } }',
      '    |                                       ^^^^^^^',
    ].join('\n'),
  )
  expect(read('trace: { file: cell.txt }')).toContain(
    't.yaml:5:31: a first line that begins with t_rel_s,seq,rtp_ts, not "3"',
  )
  expect(read('queue: { file: cell.txt }')).toContain('file')
})
