// A SIP URI in a file.

import { checked } from '../yaml/shape.ts'

/** A SIP or SIPS URI such as `sip:bob@example.com`. */
export const sipUri = checked('a SIP URI such as sip:bob@example.com', (text) =>
  /^sips?:[^\s<>"]+$/.test(text) ? undefined : `a SIP URI such as sip:bob@example.com, not "${text}"`,
)
