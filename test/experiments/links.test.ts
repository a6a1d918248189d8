// Whatever a topology says of its links: a call over them breaks no law of the audit, and frozen or in separate stages it is the same run.

import { fc, test as law } from '@fast-check/vitest'
import { expectLawfulCall, linkWords } from './linkWords.ts'

law.prop([linkWords, linkWords, fc.boolean()], { numRuns: 10 })('any links', expectLawfulCall)
