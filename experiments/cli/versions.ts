// Which programs make the runs.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Versions } from '../run/manifest.ts'
import { packageRoot } from './library.ts'

/** The versions of siptwin, Node and V8. */
export function versionsHere(): Versions {
  const { version } = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as { version: string }
  return { siptwin: version, node: process.versions.node, v8: process.versions.v8 }
}
