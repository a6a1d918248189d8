// `import … from 'siptwin/sim'`: the simulator alone, for networks made in code and for stacks that are not ours.

export { ChanceLog } from './faults/freeze.ts'
export type { FaultRule } from './faults/rule.ts'
export { Kernel } from './kernel/kernel.ts'
export type { Direction } from './network/direction.ts'
export { Network, type NetworkOptions } from './network/network.ts'
export type { RunDigests } from './trace/digest.ts'
