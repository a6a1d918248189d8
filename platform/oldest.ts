// Which entry of a map is the oldest, for maps that forget their oldest when they have too many.

/**
 * The keys of a map in the order in which they were put in. Asked anew for its first key each time, a map goes through all the gaps that the
 * forgotten have left at its beginning: that is as many steps as it has room for.
 */
export class Oldest<Key> {
  readonly #map: ReadonlyMap<Key, unknown>
  #keys: Iterator<Key, undefined> | undefined

  constructor(map: ReadonlyMap<Key, unknown>) {
    this.#map = map
  }

  /** The oldest key, which is then to be deleted: it is not given again, unless it was put in anew. The map must not be empty. */
  next(): Key {
    this.#keys ??= this.#map.keys()
    return this.#keys.next().value!
  }
}
