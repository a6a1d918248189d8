// What a capture file says of where it was made: its interfaces, and which addresses have which names (pcapng's name resolution).
// In the captures of a run each interface is described as a node's end of a link, so that each point is known to be somebody's own.

/** The points of a capture, by number, and the nodes that they are at. */
export class ObservationPoints {
  /** By point: the node that it is at; empty where that is not known. */
  readonly #points: string[] = []
  /** By name: its addresses. */
  readonly #addresses = new Map<string, Set<string>>()
  /** By address: who has it. */
  readonly #names = new Map<string, Set<string>>()
  /** The nodes that have a point here. */
  readonly #present = new Set<string>()

  /** How many interfaces there are so far. */
  get count(): number {
    return this.#points.length
  }

  /** The next interface, by its description, which may be empty. */
  addPoint(description: string): void {
    const node = /^(\S+)'s end of \S/.exec(description)?.[1] ?? ''
    this.#points.push(node)
    if (node !== '') this.#present.add(node)
  }

  /** An address has a name. */
  addName(address: string, name: string): void {
    put(this.#addresses, name, address)
    put(this.#names, address, name)
  }

  /** The node whose own interface a point is; undefined where the file does not say so. */
  ownerOf(point: number): string | undefined {
    return this.#points[point] || undefined
  }

  /** Who is meant by an address at a point: its one node by name, else the address as it stands. */
  partyAt(point: number, address: string): string {
    const owner = this.ownerOf(point)
    if (owner !== undefined && this.#addresses.get(owner)?.has(address)) return owner
    const names = this.#names.get(address)
    const [only] = names?.size === 1 ? names : []
    return only !== undefined && this.#present.has(only) ? only : address
  }

  /** False where it is known that what is for `address` is not yet there at this point: the node that has the address has points of its own. */
  mayEnd(point: number, address: string): boolean {
    const names = [...(this.#names.get(address) ?? [])].filter((name) => this.#present.has(name))
    const owner = this.ownerOf(point)
    return names.length === 0 || owner === undefined || names.includes(owner)
  }
}

function put(map: Map<string, Set<string>>, key: string, value: string): void {
  const known = map.get(key)
  if (known === undefined) map.set(key, new Set([value]))
  else known.add(value)
}
