// Calls over any links, many of them: audited, frozen, stage by stage.

import { fc } from '@fast-check/vitest'
import { test } from 'vitest'
import { expectLawfulCall, linkWords } from '../experiments/linkWords.ts'
import { soakCount } from './mutation.ts'

test('any links', () => {
  const seed = Number(process.env.SIPTWIN_SEED ?? 1)
  fc.assert(fc.property(linkWords, linkWords, fc.boolean(), expectLawfulCall), { numRuns: soakCount(2000), seed })
})
