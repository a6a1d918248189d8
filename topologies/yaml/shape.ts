// The bricks of every file's schema: maps that know their keys, and quantities with units. Values decode to base units and encode back to text.

import { z } from 'zod'
import { parseQuantity, printQuantity, type QuantityKind } from '../../platform/units.ts'

/**
 * A map with exactly these keys. Its complaint about an unknown key carries the known ones, so that the reader can ask "did you mean".
 * `otherwise` is the complaint about what is no map; default one that says so.
 */
export function shape<Fields extends z.core.$ZodLooseShape>(fields: Fields, otherwise?: string) {
  const known = Object.keys(fields).join('\n')
  return z.strictObject(fields, {
    error: ({ code }) => (code === 'unrecognized_keys' ? known : code === 'invalid_type' ? otherwise : undefined),
  })
}

/** A quantity of `kind` written with its unit (see `platform/units.ts`); negative ones only where `signed`. */
export function quantity(kind: QuantityKind, signed = false) {
  const text = z.string({
    error: (issue) => (typeof issue.input === 'number' ? complaint(kind, String(issue.input)) : complaint(kind, '')),
  })
  return z.codec(text, z.number(), {
    decode: (written, context) => {
      const read = parseQuantity(kind, written)
      if (read.ok && (signed || read.value >= 0)) return read.value
      const message = read.ok ? `a ${kind} of zero or more, not ${written}` : read.issue.expected
      context.issues.push({ code: 'custom', message, input: written })
      return z.NEVER
    },
    encode: (value) => printQuantity(kind, value),
  })
}

/** A text that `read` accepts, kept as it was written; else the complaint that `read` gives. */
export function checked(example: string, read: (text: string) => string | undefined) {
  return z.string({ error: () => example }).check((context) => {
    const message = read(context.value)
    if (message !== undefined) context.issues.push({ code: 'custom', message, input: context.value })
  })
}

function complaint(kind: QuantityKind, text: string): string {
  const read = parseQuantity(kind, text)
  return read.ok ? `the unit of ${text} (${kind})` : read.issue.expected
}

/** Refuses what stands twice in a list; `what` is what each is, such as `codec`. */
export function onlyOnce(what: string): (context: z.core.ParsePayload<readonly string[]>) => void {
  return ({ value, issues }) => {
    const again = value.findIndex((one, i) => value.indexOf(one) < i)
    if (again < 0) return
    issues.push({
      code: 'custom',
      path: [again],
      message: `each ${what} once: ${value[again]} is there already`,
      input: value,
    })
  }
}

/** A whole number from `least` to `most`. */
export function whole(least: number, most: number) {
  const error = (): string => `a whole number from ${least} to ${most}`
  return z.int({ error }).min(least, { error }).max(most, { error })
}
