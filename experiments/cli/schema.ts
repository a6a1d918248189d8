// `siptwin schema`: what a file may say, for people; with `--json` as JSON Schema, for editors.

import { Argument, Command } from 'commander'
import { z } from 'zod'
import { ERROR_PRESETS } from '../../topologies/icmp.ts'
import { link } from '../../topologies/links/link.ts'
import { PROFILES } from '../../topologies/links/profiles.ts'
import { topology } from '../../topologies/topology.ts'
import { experiment } from '../experiment.ts'
import { PACKET_FAULTS } from '../faults.ts'
import { INCIDENTS } from '../incidents.ts'
import { MEASURES } from '../measures/names.ts'
import { manifest } from '../run/manifest.ts'
import { type SentenceTables, type ShownForm, sentenceTables } from '../sentences/table.ts'
import type { Terminal } from './terminal.ts'

const SCHEMAS = { topology, link, experiment, manifest } as const
type Kind = keyof typeof SCHEMAS

/** The command. */
export function schemaCommand(terminal: Terminal): Command {
  return new Command('schema')
    .description('shows what a file may say; with --json as JSON Schema, for editors')
    .addArgument(new Argument('<kind>', 'the kind of file').choices(Object.keys(SCHEMAS)))
    .option('--json', 'JSON Schema on stdout')
    .option('--quiet', 'shows the keys only, one a line')
    .action((kind: Kind, options: { json?: boolean; quiet?: boolean }) => {
      const schema = jsonSchemaOf(kind)
      const lines = options.quiet ? Object.keys(schema.properties ?? {}) : forPeople(kind, schema)
      terminal.out(options.json ? `${JSON.stringify(schema, null, 2)}\n` : `${lines.join('\n')}\n`)
    })
}

type Json = { [key: string]: Json } & { readonly properties?: Json; readonly required?: readonly string[] }

function jsonSchemaOf(kind: Kind): Json {
  const schema = z.toJSONSchema(SCHEMAS[kind], { io: 'input', unrepresentable: 'any' }) as unknown as Json
  if (kind !== 'experiment') return schema
  const { conditions, expectations } = sentenceTables()
  const properties = schema.properties as unknown as Record<
    'expect' | 'scenario' | 'faults' | 'topology',
    { items: Json; anyOf: Json[] }
  >
  properties.topology.anyOf = [{ type: 'string' } as unknown as Json, jsonSchemaOf('topology')]
  properties.expect.items = sentencesSchema(expectations)
  const entry = properties.scenario.items.properties as unknown as Record<'when', Json>
  entry.when = sentencesSchema(conditions)
  const rule = properties.faults.items.properties as unknown as Record<'when', Json>
  rule.when = sentencesSchema(conditions)
  return schema
}

function sentencesSchema(forms: readonly ShownForm[]): Json {
  const anyOf = forms.map(({ text, says, example, pattern }) => ({
    title: text,
    description: says,
    examples: [example],
    pattern,
  }))
  return { type: 'string', anyOf } as unknown as Json
}

function forPeople(kind: Kind, schema: Json): readonly string[] {
  const required = schema.required ?? []
  const keys = Object.keys(schema.properties ?? {})
  const lines = [
    kind === 'link' ? 'keys of a link (links:), and of its up and down:' : `keys of a file of kind ${kind}:`,
    ...keys.map((key) => `  ${key}${required.includes(key) ? ' (must be there)' : ''}`),
    '',
  ]
  if (kind === 'experiment') lines.push(...tables(sentenceTables()), ...faults(), ...measures())
  if (kind === 'topology') lines.push(...nodesAndPrograms(schema), ...errorPresets())
  if (kind === 'topology' || kind === 'link') lines.push(...profiles())
  return [...lines, `siptwin schema ${kind} --json has every key with its type, as JSON Schema for editors`]
}

/** What a node of each kind, and a program of each name, can be told. */
function nodesAndPrograms({ properties }: Json): readonly string[] {
  const kinds = (properties?.nodes?.additionalProperties as OneOf | undefined)?.oneOf ?? []
  const runs = kinds.flatMap((kind) => (kind.properties?.runs?.anyOf ?? []) as unknown as readonly OneOf[])
  const programs = runs.flatMap(({ oneOf }) => oneOf ?? [])
  return [
    'nodes by their kind (nodes:), * for what must be there',
    ...kinds.map((kind) => keysBy('kind', kind)),
    '',
    'programs of a host (runs:), one or a list',
    ...programs.map((program) => keysBy('program', program)),
    '',
    'links (links:): siptwin schema link has their keys',
    '',
  ]
}

type OneOf = { readonly oneOf?: readonly Json[] }

/** `phone: aor*, proxy, …`: its name, which stands under `tag`, and its other keys. */
function keysBy(tag: string, { properties = {}, required = [] }: Json): string {
  const { [tag]: name, ...keys } = properties as Readonly<Record<string, Json>>
  const told = Object.keys(keys).map((key) => (required.includes(key) ? `${key}*` : key))
  return `  ${String(name?.const)}: ${told.join(', ')}`
}

function tables({ conditions, expectations, blanks }: SentenceTables): readonly string[] {
  return [
    'conditions (when:)',
    ...conditions.map(row),
    '',
    'expectations (expect:)',
    '  every condition, alone or with "at {time}" (to the millisecond) or "between {least} and {most}" after it',
    ...expectations.filter(({ text }) => !conditions.some((one) => text.startsWith(one.text))).map(row),
    '',
    'what stands in the blanks',
    ...blanks.map(({ name, says }) => `  {${name}}  ${says}`),
    '',
  ]
}

function row({ text, example, says }: ShownForm): string {
  return `  ${text}\n      ${says}; such as: ${example}`
}

function faults(): readonly string[] {
  const keysOf = (one: z.ZodType): string => Object.keys((one as z.ZodObject).shape).join(', ')
  return [
    'rules about packets (faults:), for the whole run',
    ...Object.entries(PACKET_FAULTS).map(([kind, one]) => `  ${kind}: { ${keysOf(one.unwrap())} }`),
    '',
    'incidents (faults:), each with `at`, or with `when` and `after`',
    ...Object.entries(INCIDENTS).map(([kind, one]) => `  ${kind}: { ${keysOf(one)} }`),
    '',
  ]
}

function measures(): readonly string[] {
  return ['measures (measure:)', ...Object.entries(MEASURES).map(([name, { says }]) => `  ${name}: ${says}`), '']
}

function errorPresets(): readonly string[] {
  const rows = Object.entries(ERROR_PRESETS).map(([name, { says }]) => `  ${name}: ${says}`)
  return ['limits of the ICMP errors that a node sends (icmp:)', ...rows, '']
}

function profiles(): readonly string[] {
  const rows = Object.entries(PROFILES).map(([name, { up, down, source }]) => {
    return `  ${name}: up ${up.rate}, ${up.delay}; down ${down.rate}, ${down.delay} (${source})`
  })
  return ['profiles of links (profile:)', ...rows, '']
}
