// The floors of the house: a file imports only from the floors below its own, or from its own room.

import { importsOf, type Source } from './sources.ts'

/** A room, its floor, and the modules from outside that it may import. */
interface Room {
  readonly folder: string
  readonly floor: number
  readonly modules: readonly string[]
}

/** The most particular folder wins, so these stand from particular to general. */
const ROOMS: readonly Room[] = [
  { folder: 'experiments/cli/', floor: 6, modules: ['node:*', 'commander', 'immer', 'zod', 'yaml', 'fast-check'] },
  { folder: 'experiments/vitest/', floor: 7, modules: ['vitest', 'zod'] },
  { folder: 'test/', floor: 6, modules: ['*'] },
  { folder: 'bench/', floor: 6, modules: ['*'] },
  { folder: 'examples/', floor: 6, modules: ['*'] },
  { folder: 'vitest.config.ts', floor: 6, modules: ['*'] },
  { folder: 'experiments/', floor: 5, modules: ['zod', 'yaml', 'immer', 'fast-check'] },
  { folder: 'topologies/', floor: 4, modules: ['zod', 'yaml'] },
  { folder: 'guests/', floor: 3, modules: ['node:*'] },
  { folder: 'sim/', floor: 2, modules: [] },
  { folder: 'stack/', floor: 2, modules: [] },
  { folder: 'live/', floor: 2, modules: ['node:*'] },
  { folder: 'platform/', floor: 1, modules: ['seedrandom/lib/alea.js'] },
]

/** Each import that the house does not allow, as a sentence. */
export function floorViolations(sources: readonly Source[]): string[] {
  return sources.flatMap((source) => {
    const room = roomOf(source.path)
    if (room === undefined) return [`${source.path} stands in no room of the house`]
    return importsOf(source).flatMap((target) => violation(source.path, room, target))
  })
}

function violation(path: string, room: Room, target: string): string[] {
  const other = roomOf(target)
  if (other === undefined) {
    const allowed = room.modules.some(
      (name) => name === '*' || name === target || (name === 'node:*' && target.startsWith('node:')),
    )
    return allowed ? [] : [`${path} imports ${target}, which ${room.folder} does without`]
  }
  if (other === room || other.floor < room.floor || room.folder === 'test/') return []
  return [`${path} (floor ${room.floor}) imports ${target} (${other.folder}, floor ${other.floor})`]
}

function roomOf(path: string): Room | undefined {
  return ROOMS.find(({ folder }) => path.startsWith(folder))
}
