// The commands that the documents show: blocks of ```console that begin with `$ npx siptwin …`, and what came of them.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { main } from '../../experiments/cli/main.ts'

/** One block: its document, the line that it stands at, its commands with their outputs. */
export interface Block {
  readonly document: string
  readonly line: number
  readonly text: string
}

const FENCE = /^```console\n([\s\S]*?)^```$/gm

/** The blocks of a document that show `npx siptwin`. */
export function blocksOf(document: string): Block[] {
  const text = readFileSync(document, 'utf8')
  return [...text.matchAll(FENCE)]
    .filter(([, block]) => block!.startsWith('$ npx siptwin '))
    .map((match) => ({ document, line: text.slice(0, match.index).split('\n').length, text: match[1]! }))
}

/**
 * The block as it would be if its commands were run now, one after the other, in one empty folder. A line `…` in the old one stands for
 * whatever the command said between the line before it and the line after it (or the end).
 */
export async function rerun(block: Block): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'siptwin-docs-'))
  try {
    const parts = block.text.split(/^(?=\$ )/m)
    const made: string[] = []
    for (const part of parts) made.push(await runPart(part, folder))
    return made.join('')
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function runPart(part: string, folder: string): Promise<string> {
  const [command = '', ...old] = part.replace(/\n$/, '').split('\n')
  const words = [...command.replace(/^\$ npx siptwin /, '').matchAll(/'([^']*)'|(\S+)/g)].map(
    (word) => word[1] ?? word[2]!,
  )
  const inFolder = words.map((word) => (/^(?:out|runs)\b/.test(word) ? join(folder, word) : word))
  let said = ''
  const write = (text: string): void => {
    said += text
  }
  await main(['node', 'siptwin', ...inFolder], {
    out: write,
    err: write,
    columns: 100,
    color: false,
    live: false,
    code: 0,
  })
  const lines = said
    .replaceAll(`${folder}/`, '')
    .replace(/[ \t]+$/gm, '')
    .replace(/\n+$/, '')
    .split('\n')
  return [command, ...(said === '' ? [] : abridged(lines, old)), ''].join('\n')
}

/** `lines` with the same gaps as `old` has. After a gap comes the line that came there, or else the one that differs from it in numbers only. */
export function abridged(lines: readonly string[], old: readonly string[]): readonly string[] {
  const gap = old.indexOf('…')
  if (gap < 0) return lines
  const after = old[gap + 1]
  const resume = after === undefined ? lines.length : lineLike(after, lines, gap)
  const rest = resume < 0 ? ['(the line after … is no longer said)'] : abridged(lines.slice(resume), old.slice(gap + 1))
  return [...lines.slice(0, gap), '…', ...(after === undefined ? [] : rest)]
}

function lineLike(wanted: string, lines: readonly string[], from: number): number {
  const same = lines.indexOf(wanted, from)
  if (same >= 0) return same
  const shape = (line: string): string => line.replace(/[\d.]+ ?(?:[mµn]?s|%|[kM]?bps)?/g, '0').replace(/ +/g, ' ')
  return lines.findIndex((line, index) => index >= from && shape(line) === shape(wanted))
}
