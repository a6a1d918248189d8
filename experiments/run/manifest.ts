// What a run was: everything that is needed to do it again anywhere, and what came of it.

import { z } from 'zod'
import { canonicalJson } from '../../platform/canonical.ts'
import { hex } from '../../platform/hex.ts'
import { sha256 } from '../../platform/sha256.ts'
import { utf8Encode } from '../../platform/text.ts'
import { TRACE_LEVELS, type TraceLevel } from '../../platform/trace.ts'
import type { RunDigests } from '../../sim/trace/digest.ts'
import { runTime } from '../../topologies/links/time.ts'
import { inside, type YamlDocument } from '../../topologies/yaml/document.ts'
import { complain, type Reading, read } from '../../topologies/yaml/read.ts'
import { quantity, shape, whole } from '../../topologies/yaml/shape.ts'
import { type Experiment, readExperiment } from '../experiment.ts'

const FORMAT = 'siptwin run 1'

/** The programs that made a run. */
const versions = shape({ siptwin: z.string(), node: z.string(), v8: z.string() })
export type Versions = z.output<typeof versions>

const digests = shape({
  packets: z.string(),
  transitions: z.string().exactOptional(),
  contents: z.string().exactOptional(),
})

/** A manifest file. */
export const manifest = shape({
  format: z.literal(FORMAT),
  /** The experiment's name or file, for people. */
  name: z.string(),
  /** The whole experiment, its topology in it, defaults filled. */
  experiment: z.looseObject({}),
  /** SHA-256 of the experiment's canonical JSON. */
  experimentSha256: z.string(),
  level: z.enum(TRACE_LEVELS),
  /** The virtual time at which the run was ended at the latest. */
  until: runTime,
  versions,
  digests,
  /** How many records the trace beside it has. Absent: it was written without one. */
  records: whole(0, Number.MAX_SAFE_INTEGER).exactOptional(),
})

/** What `replay` needs. */
export interface Manifest {
  readonly name: string
  readonly experiment: Experiment
  readonly level: TraceLevel
  readonly until: number
  readonly versions: Versions
  readonly digests: RunDigests
  /** How many records the trace beside it has; absent: that is not known. */
  readonly records?: number
}

/** A run's manifest as canonical JSON, indented. */
export function printManifest({ experiment, until, ...rest }: Manifest): string {
  const text = canonicalJson(experiment.resolved)
  const written = {
    ...rest,
    format: FORMAT,
    experiment: experiment.resolved,
    experimentSha256: sha256Hex(text),
    until: quantity('duration').encode(until),
  }
  return `${canonicalJson(written, 2)}\n`
}

/** Reads a manifest, and the experiment in it. */
export function readManifest(document: YamlDocument): Reading<Manifest> {
  const reading = read(document, manifest)
  if (!reading.ok) return reading
  const { name, level, until, versions, digests, records, experiment: given, experimentSha256 } = reading.value
  const experiment = readExperiment(inside(document, 'experiment'), () => ({
    hint: 'a manifest has its topology in it',
  }))
  if (!experiment.ok) return experiment
  if (sha256Hex(canonicalJson(given)) !== experimentSha256) {
    const expected = 'the SHA-256 of the experiment: one of the two was changed after the run'
    return complain(document, [{ path: ['experimentSha256'], expected }])
  }
  const counted = records === undefined ? {} : { records }
  return { ok: true, value: { name, level, until, versions, digests, ...counted, experiment: experiment.value } }
}

function sha256Hex(text: string): string {
  return hex(sha256(utf8Encode(text)))
}
