// How mutants change what is said: by label, by repeat, by header line. For their tables.

import type { Meddler, Mutant, Word } from './mutant.ts'

/** A mutant without a memory. */
export function plain(name: string, does: string, sends: Meddler['sends']): Mutant {
  return { name, does, meddle: () => ({ sends }) }
}

/** Whether it is a final response of 300 or more to an INVITE. */
export function isRefusal({ label }: Word): boolean {
  return /^[3-6]\d\d INVITE$/.test(label)
}

/** Whether it is a request. */
export function isRequest({ message }: Word): boolean {
  return message.kind === 'request'
}

/** The value of a header's first line, as it stands there; empty where there is none. */
export function lineOf(text: string, name: string): string {
  return new RegExp(`^${name}: *(.*)\\r$`, 'm').exec(text)?.[1] ?? ''
}

/** With another value in the header's first line. */
export function withLine(text: string, name: string, value: string): string {
  return text.replace(new RegExp(`^${name}: *.*\\r$`, 'm'), () => `${name}: ${value}\r`)
}

/** Without any line of this header. */
export function without(text: string, name: string): string {
  return text.replace(new RegExp(`^${name}:.*\\r\\n`, 'gm'), '')
}

/** With another branch in the top Via. */
export function withBranch(text: string, branch: string): string {
  return text.replace(/;branch=[^;\r,]*/, `;branch=${branch}`)
}

/** The branch of the top Via. */
export function branchOf({ message }: Word): string {
  return message.via.parameters.get('branch') ?? ''
}

/** Without its body. */
export function bodiless(text: string): string {
  const head = text.slice(0, text.indexOf('\r\n\r\n') + 4)
  return withLine(without(head, 'Content-Type'), 'Content-Length', '0')
}

/** With another status line. */
export function withStatus(text: string, status: string): string {
  return text.replace(/^SIP\/2\.0 .*\r/, `SIP/2.0 ${status}\r`)
}
