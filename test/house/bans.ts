// What could differ between two runs, machines or engines does not stand below the command line. One row is one ban.

import { codeOf, type Source } from './sources.ts'

interface Ban {
  readonly name: string
  readonly pattern: RegExp
  /** Why, as the end of a sentence. */
  readonly because: string
}

const SIMULATED = ['platform/', 'sim/', 'stack/', 'topologies/', 'experiments/']
const EXEMPT = ['experiments/cli/']

const BANS: readonly Ban[] = [
  { name: 'Math.random', pattern: /\bMath\.random\b/, because: 'it has no seed: take a named stream from the host' },
  { name: 'Date', pattern: /\bDate\b/, because: 'it reads the real clock: ask the host' },
  { name: 'performance', pattern: /\bperformance\s*\./, because: 'it reads the real clock: ask the host' },
  {
    name: 'real timers',
    pattern: /\b(?:setTimeout|setInterval|setImmediate|queueMicrotask)\b/,
    because: 'it waits in real time: ask the host',
  },
  {
    name: 'async',
    pattern: /\basync\b|\bawait\b|\bnew Promise\b/,
    because: 'its order is the engine’s: use callbacks',
  },
  { name: 'process', pattern: /\bprocess\s*\./, because: 'a page has none' },
  { name: 'Buffer', pattern: /\bBuffer\b/, because: 'a page has none: use Uint8Array' },
  { name: 'console', pattern: /\bconsole\b/, because: 'only the command line speaks to people' },
  { name: 'crypto', pattern: /\bcrypto\b/, because: 'it has no seed: take a named stream from the host' },
  { name: 'EventEmitter', pattern: /\bEventEmitter\b/, because: 'a function passed in, one owner upward' },
  { name: '**', pattern: /\*\*/, because: 'its bits differ between engines: see platform/math' },
  {
    name: 'inexact Math',
    pattern:
      /\bMath\.(?:pow|exp|expm1|log|log2|log10|log1p|sin|cos|tan|asin|acos|atan|atan2|sinh|cosh|tanh|asinh|acosh|atanh|cbrt|hypot)\b/,
    because: 'the language does not fix its bits: see platform/math',
  },
  {
    name: 'locale',
    pattern: /\btoLocale\w*\b|\blocaleCompare\b|\bIntl\b/,
    because: 'it depends on the machine’s locale: compare by code unit',
  },
  { name: 'any', pattern: /(?::|\bas|<|,)\s*any\b(?!\w)/, because: 'it hides what a value is' },
]

/** Each banned word that stands in the simulated part of the house, as a sentence. */
export function banViolations(sources: readonly Source[]): string[] {
  return sources
    .filter(({ path }) => isSimulated(path))
    .flatMap(({ path, text }) => {
      const code = codeOf(text)
      return BANS.filter(({ pattern }) => pattern.test(code)).map(
        ({ name, because }) => `${path} uses ${name}: ${because}`,
      )
    })
}

function isSimulated(path: string): boolean {
  return SIMULATED.some((folder) => path.startsWith(folder)) && !EXEMPT.some((folder) => path.startsWith(folder))
}

/** The names of all bans, for the test that sees each of them catch something. */
export const BAN_NAMES: readonly string[] = BANS.map(({ name }) => name)
