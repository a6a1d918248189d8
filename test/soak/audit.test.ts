// The audit of every ready-made experiment's capture of all interfaces says what the oracles in the run say, as far as a capture can show it.

import { describe, expect, test } from 'vitest'
import { namesOn } from '../../experiments/cli/library.ts'
import { audited, sentences, UNSEEN, violated } from '../captures/audited.ts'

describe('audit accuses nobody whom the run does not, and the other way round', () => {
  test.each(namesOn('experiments'))('%s', (name) => {
    const { judged, found } = audited(name)
    const wanted = violated(judged).filter((rule) => !UNSEEN[name]?.includes(rule))
    expect(violated(found.verdicts), sentences(found.verdicts)).toEqual(wanted)
  })
})
