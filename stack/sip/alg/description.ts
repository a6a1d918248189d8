// What an ALG makes of a session description that leaves: outside addresses and ports, and ways in for the media.

import type { Crossing } from '../../../platform/rewriter.ts'
import type { AlgBehaviour } from './behaviour.ts'

/** The body, rewritten where it is a description of the inside host's; anything else as it is. */
export function rewriteDescription(body: string, { media, pinholeMs }: AlgBehaviour, crossing: Crossing): string {
  if (!body.startsWith('v=0')) return body
  const { inside, outside, open } = crossing
  const lifetimeMs = pinholeMs === Number.POSITIVE_INFINITY ? undefined : pinholeMs
  let streams = 0
  const mapped = (line: string): string => {
    const [, kind = '', digits = '', rest = ''] = /^m=(\S+) (\d+)(.*)$/.exec(line) ?? []
    const port = Number(digits)
    streams++
    if (kind === '' || port === 0 || media === 'none' || (media === 'first' && streams > 1)) return line
    const found = open({ address: inside.address, port }, lifetimeMs)
    if (found === undefined) return line
    open({ address: inside.address, port: port + 1 }, lifetimeMs) // RTCP
    return `m=${kind} ${found.port}${rest}`
  }
  const lines = body.split('\r\n')
  const isOurs = lines.some((line) => line === `c=IN IP4 ${inside.address}`)
  if (!isOurs) return body
  return lines
    .map((line) => {
      if (line.startsWith('m=')) return mapped(line)
      const isAddress = line.startsWith('c=IN IP4 ') || (line.startsWith('o=') && line.includes(' IN IP4 '))
      return isAddress && line.endsWith(` ${inside.address}`)
        ? `${line.slice(0, -inside.address.length)}${outside.address}`
        : line
    })
    .join('\r\n')
}
