// The 9 × 9 pairs of NATs: what the runs say, and what follows from RFC 4787's definitions alone, must be the same.

import { describe, expect, test } from 'vitest'
import { open, topologiesBeside } from '../../../experiments/cli/library.ts'
import { readMatrix } from '../../../experiments/matrix/cells.ts'
import { CellRun } from '../../../experiments/matrix/run.ts'

type Dependence = 'E' | 'A' | 'P'
/** `EA`: endpoint-independent mapping, address-dependent filtering. */
interface Kind {
  readonly mapping: Dependence
  readonly filtering: Dependence
}

const DEPENDENCES = ['E', 'A', 'P'] as const
const KINDS: readonly Kind[] = DEPENDENCES.flatMap((mapping) =>
  DEPENDENCES.map((filtering) => ({ mapping, filtering })),
)
const NAMES = { E: 'EI', A: 'AD', P: 'AP' } as const
const nameOf = ({ mapping, filtering }: Kind): string => `${NAMES[mapping]}/${NAMES[filtering]}`

interface Place {
  readonly address: string
  readonly port: string
}
const STUN: Place = { address: 'stun', port: '3478' }

/** What a rule of this dependence sees of a remote endpoint (RFC 4787 §4.1, §5). */
function seen(dependence: Dependence, { address, port }: Place): string {
  return dependence === 'E' ? '*' : dependence === 'A' ? address : `${address}:${port}`
}

/** From where packets to `remote` come, once they have passed this NAT: a port for each mapping. */
function outside(nat: string, { mapping }: Kind, remote: Place): Place {
  return { address: nat, port: seen(mapping, remote) }
}

/** True if what `theirs` sends to the place that `mine` offered passes: both have asked STUN, and both send all the time. */
function isHeard(mine: Kind, theirs: Kind): boolean {
  const [myOffer, theirOffer] = [outside('mine', mine, STUN), outside('theirs', theirs, STUN)]
  const source = outside('theirs', theirs, myOffer)
  const spokenTo = [STUN, theirOffer].filter((remote) => outside('mine', mine, remote).port === myOffer.port)
  return (
    mine.filtering === 'E' || spokenTo.some((remote) => seen(mine.filtering, remote) === seen(mine.filtering, source))
  )
}

function wordOf(alice: Kind, bob: Kind): string {
  const [one, other] = [isHeard(alice, bob), isHeard(bob, alice)]
  return one && other ? 'both' : one ? 'alice' : other ? 'bob' : 'none'
}

describe('nat-pairs', () => {
  const document = open('experiments', 'nat-pairs')
  const reading = readMatrix(document, topologiesBeside(document.file))
  const matrix = reading?.ok ? reading.value : undefined!

  test.each(KINDS.map((alice) => [nameOf(alice), alice] as const))('alice behind %s', (row, alice) => {
    const cells = KINDS.map((bob) => new CellRun(matrix, row, nameOf(bob)))
    const found = cells.map((cell) => {
      while (!cell.run.step(Number.MAX_SAFE_INTEGER));
      const { mark, failed } = cell.result()
      return [mark, ...failed].join('; ')
    })
    expect(found).toEqual(KINDS.map((bob) => wordOf(alice, bob)))
    expect(KINDS.map((bob) => matrix.expected(row, nameOf(bob)))).toEqual(found)
  })

  test('what two phones hear does not depend on who calls', () => {
    const turned = { both: 'both', none: 'none', alice: 'bob', bob: 'alice' } as const
    for (const a of KINDS) {
      for (const b of KINDS) {
        const word = matrix.expected(nameOf(b), nameOf(a)) as keyof typeof turned
        expect(matrix.expected(nameOf(a), nameOf(b))).toBe(turned[word])
      }
    }
  })
})
