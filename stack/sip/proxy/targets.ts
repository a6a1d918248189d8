// A target set (RFC 3261 §16.5): where a request may go, the best first, each place once.

import type { Target } from '../location.ts'
import { uriEqual } from '../message/equality.ts'
import type { Uri } from '../message/uri.ts'

/** The targets of one request, those that were tried among them. */
export class TargetSet {
  /** All that ever were in the set. */
  readonly #known: Target[] = []
  /** Not tried yet, the best first. */
  #waiting: Target[] = []

  /** Of equal URIs among `targets`, the best first, the first one counts; those seen at different places, or behind different proxies, are different phones with one private address. */
  constructor(targets: readonly Target[]) {
    for (const target of targets) {
      if (!this.#has(target.uri, (known) => isSamePlace(known, target))) this.#put(target)
    }
  }

  /** True if there is one that was not tried yet. */
  get waits(): boolean {
    return this.#waiting.length > 0
  }

  /** Takes out the best, all that are equally good (§16.6), but `most` of them. */
  best(most: number): readonly Target[] {
    const waiting = this.#waiting
    const q = waiting[0]?.q
    const worse = waiting.findIndex((target) => target.q !== q)
    const count = Math.min(worse < 0 ? waiting.length : worse, most)
    this.#waiting = count === waiting.length ? [] : waiting.slice(count)
    return this.#waiting.length === 0 ? waiting : waiting.slice(0, count)
  }

  /** True if one of these is not in the set, and never was. */
  lacks(targets: readonly Target[]): boolean {
    return targets.some(({ uri }) => !this.#has(uri))
  }

  /** Adds what a 3xx names; what is there already, or was, is not added again. False if that is true of all. */
  add(targets: readonly Target[]): boolean {
    const before = this.#known.length
    for (const target of targets) if (!this.#has(target.uri)) this.#put(target)
    this.#waiting.sort((one, other) => other.q - one.q)
    return this.#known.length > before
  }

  #has(uri: Uri, alike: (known: Target) => boolean = () => true): boolean {
    return this.#known.some((known) => uriEqual(known.uri, uri) && alike(known))
  }

  #put(target: Target): void {
    this.#known.push(target)
    this.#waiting.push(target)
  }
}

function isSamePlace(one: Target, other: Target): boolean {
  return one.source === other.source && one.path.join() === other.path.join()
}
