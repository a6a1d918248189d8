// A file that an option names, such as `--junit report.xml`: whether it can be written is known before the work begins.

import { accessSync, constants, statSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { makeDirectory } from './directory.ts'
import { Ending, EXIT } from './exit.ts'
import { whyNot } from './library.ts'

/**
 * What writes the file, over what was there. Folders on its way are made. Ends with exit 2 where `path` is no name, with exit 4 where it
 * is a folder or cannot be written; `option` is what it was given by, such as `--junit`.
 */
export function fileGiven(option: string, path: string): (text: string) => void {
  if (path === '') throw new Ending(EXIT.input, `${option} needs the name of a file`)
  attempt(path, () => {
    const there = statSync(path, { throwIfNoEntry: false })
    if (there?.isDirectory()) throw new Ending(EXIT.environment, `${path} is a folder: ${option} takes a file`)
    if (there === undefined) makeDirectory(dirname(path))
    accessSync(there === undefined ? dirname(path) : path, constants.W_OK)
  })
  return (text) => attempt(path, () => writeFileSync(path, text))
}

function attempt(path: string, doing: () => void): void {
  try {
    doing()
  } catch (error) {
    if (error instanceof Ending) throw error
    throw new Ending(EXIT.environment, `${path} cannot be written: ${whyNot(error)}`)
  }
}
