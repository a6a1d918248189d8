// The documents are true: every command that they show says today what they say it says. `npm run pin` writes them anew.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { type Block, blocksOf, rerun } from './blocks.ts'

const DOCUMENTS = [
  'README.md',
  ...readdirSync('docs', { recursive: true, encoding: 'utf8' }).map((file) => `docs/${file}`),
]
  .filter((file) => file.endsWith('.md'))
  .sort()
const BLOCKS = DOCUMENTS.flatMap(blocksOf)

test('the README shows a run', () => {
  expect(BLOCKS.map(({ document }) => document)).toContain('README.md')
})

describe('commands in the documents', () => {
  test.each(BLOCKS.map((block) => [`${block.document}:${block.line}`, block] as const))('%s', async (_, block) => {
    const now = await rerun(block)
    if (process.env.SIPTWIN_DOCS === 'write') replace(block, now)
    else expect(now).toBe(block.text)
  })
})

test('every folder that a document fills is its own: whoever follows all of them in one place finds no earlier run in it', () => {
  const filled = DOCUMENTS.flatMap((document) =>
    [...readFileSync(document, 'utf8').matchAll(/^\$ .*?--out ([\w./-]+)/gm)].map(([, folder]) => `${folder}/`),
  )
  const twice = filled.filter((one, at) => filled.some((other, place) => place !== at && one.startsWith(other)))
  expect(filled).toContain('out/')
  expect(twice).toEqual([])
})

function replace({ document, text }: Block, now: string): void {
  writeFileSync(
    document,
    readFileSync(document, 'utf8').replace(text, () => now),
  )
}

describe('links in the documents', () => {
  test.each(DOCUMENTS)('%s leads to files that are there', (document) => {
    const folder = document.includes('/') ? document.replace(/\/[^/]*$/, '') : '.'
    const links = [...readFileSync(document, 'utf8').matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)].map(
      ([, link]) => link!,
    )
    const missing = links.filter((link) => {
      try {
        readFileSync(`${folder}/${link}`)
        return false
      } catch (error) {
        return (error as NodeJS.ErrnoException).code !== 'EISDIR'
      }
    })
    expect(missing).toEqual([])
  })
})
