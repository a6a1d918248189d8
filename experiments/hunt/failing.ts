// Whether a case breaks a rule: what shrinking, reducing and all questions about a case ask again and again.

import type { Case } from '../campaigns/campaign.ts'
import type { Circumstances, Court } from './court.ts'

/** True if the case violates the property of that name. */
export function fails(court: Court, some: Case, property: string, circumstances: Circumstances = {}): boolean {
  const verdicts = court.try(some, [], circumstances)
  return verdicts.some(({ name, state }) => name === property && state === 'violated')
}
