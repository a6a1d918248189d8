// Gives every loop of the house a call that counts its turns; `turns.ts` is what is called.

import type { Plugin } from 'vitest/config'

interface Node {
  readonly type: string
  readonly start: number
  readonly end: number
}

const LOOPS = ['ForStatement', 'ForOfStatement', 'ForInStatement', 'WhileStatement', 'DoWhileStatement']

/** Applied when the types are gone. */
export const countedLoops: Plugin = {
  name: 'counted-loops',
  enforce: 'post',
  transform(code, id) {
    if (id.includes('node_modules') || id.includes('/test/mutation/')) return undefined
    const inserts = loopBodies(this.parse(code) as Node, code).flatMap(({ start, end }) => [
      { at: start, text: '{ turn(); ' },
      { at: end, text: ' }' },
    ])
    // From the end to the start, so that no place moves before its turn has come.
    inserts.sort((x, y) => y.at - x.at)
    return { code: inserts.reduce((all, { at, text }) => all.slice(0, at) + text + all.slice(at), code), map: null }
  },
}

/** The bodies of all loops within `node`, but for those that Stryker adds, which are the only ones with a `var`. */
function loopBodies(node: Node, code: string): Node[] {
  const parts = Object.values(node).flatMap((part: unknown) => (Array.isArray(part) ? part : [part]))
  const inner = parts.filter(isNode).flatMap((part) => loopBodies(part, code))
  const { body } = node as Node & { readonly body?: unknown }
  const isCounted = LOOPS.includes(node.type) && !code.startsWith('for (var ', node.start)
  return isCounted && isNode(body) ? [body, ...inner] : inner
}

function isNode(part: unknown): part is Node {
  return typeof part === 'object' && part !== null && 'type' in part && 'start' in part
}
