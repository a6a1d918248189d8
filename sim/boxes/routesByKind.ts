// The routes that a box has found, by the kind of the destination: one answer for all endpoints of a node. By the endpoint where its address
// matters: nobody has it, so that the way leads to where it would be, or the box refuses some.

import type { DirectionId } from '../network/direction.ts'
import type { EndpointId, KnownEndpoint } from '../network/endpoint.ts'
import type { Kinds } from '../network/kinds.ts'
import type { Node, World } from '../network/node.ts'
import { RouteCache } from './routeCache.ts'

/** In place of a route: the kind's endpoints have routes of their own. */
const APART = -104

/** Asked once, then kept. */
export class RoutesByKind {
  declare private readonly kinds: Kinds
  declare private readonly alike: RouteCache
  declare private readonly apart: RouteCache
  declare private readonly refuses: boolean

  constructor({ endpoints, routes }: World, { refusals }: Pick<Node, 'refusals'>) {
    this.kinds = endpoints.kinds
    this.alike = new RouteCache(routes.directions)
    this.apart = new RouteCache(routes.directions)
    this.refuses = refusals.length > 0
  }

  /** What {@link RoutesByKind.keep} was given for an endpoint or another of its kind, or `UNKNOWN`. */
  to(id: EndpointId): DirectionId {
    const route = this.alike.to(this.kinds.of(id))
    return route === APART ? this.apart.to(id) : route
  }

  /** Notes a direction, or a number from -103 on that stands for something else. */
  keep({ id, owner }: KnownEndpoint, route: DirectionId): void {
    const isApart = owner < 0 || this.refuses
    this.alike.keep(this.kinds.of(id), isApart ? APART : route)
    if (isApart) this.apart.keep(id, route)
  }
}
