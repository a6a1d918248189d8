import { fc, test } from '@fast-check/vitest'
import alea from 'seedrandom/lib/alea.js'
import { expect, it } from 'vitest'
import { type RandomStream, RandomStreams } from '../../platform/random.ts'

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

it('renewed streams are those of another seed, taken before or after', () => {
  const streams = new RandomStreams('1')
  const [drawn, idle] = [streams.take('drawn'), streams.take('idle')]
  drawn.next()
  streams.renew('2')
  const other = new RandomStreams('2')
  for (const [path, stream] of [['drawn', drawn] as const, ['idle', idle] as const])
    expect([stream.next(), stream.double()]).toEqual(draws(other.take(path)))
  expect(draws(streams.take('late'))).toEqual(draws(other.take('late')))
  expect(() => streams.take('idle')).toThrow('taken twice')
})

function draws(stream: RandomStream): readonly number[] {
  return [stream.next(), stream.double()]
}
