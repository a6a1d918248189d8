/// <reference types="node" preserve="true" />
// `import … from 'siptwin/live'`: the same `Host` on Node's own sockets and clock.

export { LiveHost, type LiveHostOptions } from './host.ts'
