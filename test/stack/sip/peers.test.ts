import { expect, test } from 'vitest'
import { hear } from './peers.ts'

test('whatever peers say, in whatever state a phone and a proxy are, the run goes on', () => {
  for (let world = 0; world < 48; world++) expect(() => hear(world), `world ${world}`).not.toThrow()
})
