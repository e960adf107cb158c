export { findFiles } from './find-files.ts';
export { tailWafLogs } from './tail.ts';
export type { Tail, TailOptions, TailProgress, TailStatus } from './tail.ts';
export { tailWafLogsInThread } from './tail-in-thread.ts';
export { tailFlowLogs } from './tail-flows.ts';
export type { FlowTail, FlowTailOptions } from './tail-flows.ts';
