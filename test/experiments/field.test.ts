import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { FIELD, namesOn, open, packageRoot, topologiesBeside } from '../../experiments/cli/library.ts'
import { readExperiment } from '../../experiments/experiment.ts'
import { cured } from '../../experiments/field.ts'
import { runWhole } from '../../experiments/run/run.ts'
import { readYaml, type YamlDocument } from '../../topologies/yaml/document.ts'
import { printMistake } from '../../topologies/yaml/mistake.ts'

const CASES = namesOn('experiments').filter((name) => name.startsWith(`${FIELD}/`))

function run(document: YamlDocument) {
  const reading = readExperiment(document, topologiesBeside(document.file))
  if (!reading.ok) throw new Error(reading.mistakes.map(printMistake).join('\n'))
  const { expectations, unfinished, audit } = runWhole(reading.value)
  expect(audit.violations).toEqual([])
  const failed = expectations.filter(({ state }) => state !== 'held').map(({ text, because }) => `${text}: ${because}`)
  return { failed, unfinished }
}

function cureOf(document: YamlDocument): YamlDocument {
  const found = cured(document)
  if (found === undefined || !('value' in found)) throw new Error((found ?? []).map(printMistake).join('\n'))
  return found
}

/** The sick run, asked for what the cure brings. */
function uncured(document: YamlDocument): YamlDocument {
  const { expect: wanted } = cureOf(document).value as { readonly expect: readonly string[] }
  return { ...document, value: { ...(document.value as object), expect: wanted } }
}

describe('every case of the gallery', () => {
  test.each(CASES)('%s: the cure cures, and without it what it brings does not come', (name) => {
    const document = open('experiments', name)
    expect(run(cureOf(document))).toEqual({ failed: [], unfinished: [] })
    expect(run(uncured(document)).failed).not.toEqual([])
  })

  test.each(CASES)('%s has its place on the page', (name) => {
    const { field } = open('experiments', name).value as {
      readonly field: { readonly symptom: string; readonly mechanism: string; readonly cure: { readonly says: string } }
    }
    const page = readFileSync(join(packageRoot(), 'docs/field.md'), 'utf8').replace(/\s+/g, ' ')
    expect(page).toContain(`siptwin run ${name}`)
    const section = page.split(/(?<!#)## /).find((text) => text.includes(`siptwin run ${name} `)) ?? ''
    for (const command of ['why', 'audit']) expect(section).toContain(`$ npx siptwin ${command} runs/field/`)
    for (const text of [field.symptom, field.mechanism, field.cure.says]) expect(page).toContain(text.trim())
  })
})

test('its sentences are read with the file', () => {
  const text = `question: Q?
topology: two-phones
field: { symptom: S., mechanism: M., ask: bbo is ringing, cure: { says: C., set: {}, expect: [call is endet] } }
`
  const reading = readExperiment(readYaml('case', text), topologiesBeside('case'))
  expect(reading.ok ? [] : reading.mistakes.map(({ at, expected }) => `${at} ${expected}`)).toEqual([
    'case:3:43 a node of the topology, not "bbo": did you mean bob?',
    'case:3:95 a state of a call, not "endet": did you mean ended?',
  ])
})

test('a cure that changes what is not there is told where it stands', () => {
  const text = `question: Q?
topology: two-phones
field: { symptom: S., mechanism: M., cure: { says: C., set: { topology.nodes.carol.power: 'off', scenario.3.at: 1 s }, expect: [call is ended] } }
`
  const found = cured(readYaml('case', text))
  expect(found !== undefined && !('value' in found) ? found.map(({ expected }) => expected) : []).toEqual([
    'a path to something that is there: the top has no "scenario"',
  ])
  expect(cured(readYaml('plain', 'question: Q?\ntopology: two-phones\n'))).toBeUndefined()
})
