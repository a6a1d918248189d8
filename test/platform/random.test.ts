import { fc, test } from '@fast-check/vitest'
import alea from 'seedrandom/lib/alea.js'
import { expect, it } from 'vitest'
import { RandomStreams } from '../../platform/random.ts'

test.prop([fc.string(), fc.array(fc.boolean(), { maxLength: 200 })])(
  'a stream is seedrandom’s Alea, bit for bit',
  (path, draws) => {
    const ours = new RandomStreams('seed').take(path)
    const theirs = alea(`seed/${path}`, { state: true })
    expect(ours.state()).toBeUndefined()
    for (const isDouble of draws)
      expect(isDouble ? ours.double() : ours.next()).toBe(isDouble ? theirs.double() : theirs())
    if (draws.length > 0) expect(ours.state()).toEqual(theirs.state())
  },
)

it('integers and chances are made of one draw each', () => {
  const [stream, same] = [new RandomStreams('1').take('a'), new RandomStreams('1').take('a')]
  const draws = Array.from({ length: 4 }, () => same.next())
  expect([
    stream.below(1000),
    stream.chance(draws[1]!),
    stream.chance(draws[2]! + 1e-9),
    stream.below(2 ** 32),
  ]).toEqual([Math.floor(draws[0]! * 1000), false, true, draws[3]! * 2 ** 32])
})

it('a name is taken once', () => {
  const streams = new RandomStreams('1')
  streams.take('link/a--b/up/loss')
  expect(() => streams.take('link/a--b/up/loss')).toThrow('"link/a--b/up/loss" was taken twice')
})
