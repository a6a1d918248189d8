import { fc, test as law } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { namesOn, open, topologiesBeside } from '../../experiments/cli/library.ts'
import { readExperiment } from '../../experiments/experiment.ts'
import { plotSvg } from '../../experiments/reports/plot.ts'
import { Binned } from '../../experiments/reports/series.ts'
import { type Manifest, printManifest, readManifest } from '../../experiments/run/manifest.ts'
import { Run, runWhole } from '../../experiments/run/run.ts'
import { canonicalJson } from '../../platform/canonical.ts'
import { readYaml } from '../../topologies/yaml/document.ts'

function experimentOf(name: string) {
  const document = open('experiments', name)
  const reading = readExperiment(document, topologiesBeside(document.file))
  if (!reading.ok) throw new Error(`${name} has mistakes`)
  return reading.value
}

describe('an experiment written out whole', () => {
  test.each(namesOn('experiments'))('%s: what is read from it is the same, and is written the same', (name) => {
    const { resolved } = experimentOf(name)
    const again = readExperiment(readYaml('again', JSON.stringify(resolved)), () => ({ hint: 'no other file' }))
    expect(again.ok && again.value.resolved).toEqual(resolved)
  })

  test('a manifest reads back, and its run is the run', () => {
    const experiment = experimentOf('lost-200')
    const { digests } = runWhole(experiment)
    const versions = { siptwin: '1', node: '2', v8: '3' }
    const manifest: Manifest = {
      name: 'x',
      experiment,
      level: 'signalling',
      until: experiment.until,
      versions,
      digests,
    }
    const reading = readManifest(readYaml('m', printManifest(manifest)))
    if (!reading.ok) throw new Error('a manifest has mistakes')
    expect(runWhole(reading.value.experiment).digests).toEqual(digests)
    expect(printManifest(reading.value)).toBe(printManifest(manifest))
  })

  test('slices do not change a run', () => {
    const experiment = experimentOf('unreachable-icmp')
    const run = new Run(experiment, { level: 'everything' })
    while (!run.step(1));
    expect(run.result()).toEqual(runWhole(experiment, 'everything'))
  })

  law.prop([fc.jsonValue()])(
    'canonical JSON is the same for the same value, whatever the order of its keys',
    (value) => {
      const turned = JSON.parse(JSON.stringify(value), (_, member: unknown) =>
        typeof member === 'object' && member !== null && !Array.isArray(member)
          ? Object.fromEntries(Object.entries(member).reverse())
          : member,
      )
      expect(canonicalJson(turned)).toBe(canonicalJson(value))
      expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)))
    },
  )
})

describe('bins of time', () => {
  law.prop([fc.array(fc.tuple(fc.nat({ max: 1e12 }), fc.nat({ max: 1e6 })), { maxLength: 200 })])(
    'nothing gets lost however wide they become, and they stay few',
    (values) => {
      const bins = new Binned()
      for (const [at, value] of values) bins.add(at, value)
      const rates = bins.rates()
      const total = rates.reduce((sum, [, rate]) => sum + (rate * bins.binNs) / 1e9, 0)
      const expected = values.reduce((sum, [, value]) => sum + value, 0)
      expect(Math.abs(total - expected)).toBeLessThan(1e-6 * (expected + 1))
      expect(rates.length).toBeLessThanOrEqual(400)
    },
  )
})

test.each([
  ['nothing', []],
  ['one point', [{ name: 'a & b <c>', points: [[1, 2]] as const }]],
  [
    'zeros',
    [
      {
        name: 'a',
        points: [
          [0, 0],
          [1, 0],
        ] as const,
      },
    ],
  ],
])('a plot of %s is well-formed', (_, series) => {
  const svg = plotSvg({ title: 'a < b', x: 's', y: 'ms' }, series)
  expect(svg).not.toMatch(/NaN|Infinity|undefined/)
  expect(svg.match(/<(text|path|rect|svg)/g)?.length).toBe(svg.match(/<\/text>|\/>|<\/svg>/g)?.length)
})
