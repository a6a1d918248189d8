// Makes a folder and those above it, one at a time: Node's own way of doing so never ends where a file system refuses, as /proc does.

import { existsSync, mkdirSync } from 'node:fs'
import { dirname, resolve } from 'node:path'

/** Makes `path` if it is not there. Throws Node's error where that is not possible. */
export function makeDirectory(path: string): void {
  const full = resolve(path)
  if (existsSync(full)) return
  makeDirectory(dirname(full))
  mkdirSync(full)
}
