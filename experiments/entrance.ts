// `import … from 'siptwin'`: questions asked of networks, read from YAML and run.

export { readTopology, type Topology } from '../topologies/topology.ts'
export { readYaml, type YamlDocument } from '../topologies/yaml/document.ts'
export { printMistake } from '../topologies/yaml/mistake.ts'
export { Capture } from './captures/capture.ts'
export { classify } from './classify.ts'
export { type Experiment, readExperiment, withSeed } from './experiment.ts'
export { drawLadder } from './ladder/draw.ts'
export { Ladder } from './ladder/ladder.ts'
export { Run, type RunOptions, type RunResult, runWhole } from './run/run.ts'
