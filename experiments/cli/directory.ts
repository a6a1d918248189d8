// Makes a folder and those above it, one at a time: Node's own way of doing so never ends where a file system refuses, as /proc does.

import { existsSync, lstatSync, mkdirSync } from 'node:fs'
import { dirname, resolve } from 'node:path'

/** Makes `path` if it is not there. Throws Node's error where that is not possible. */
export function makeDirectory(path: string): void {
  const full = resolve(path)
  if (existsSync(full)) return
  if (lstatSync(full, { throwIfNoEntry: false })?.isSymbolicLink() === true)
    throw new Error(`${full} is a link that leads nowhere`)
  makeDirectory(dirname(full))
  try {
    mkdirSync(full)
  } catch (error) {
    // So says a file system that takes no folders, such as /proc: what is above is there.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw new Error(`${dirname(full)} takes no new folders`)
    throw error
  }
}
