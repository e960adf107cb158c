export { findFiles } from './find-files.ts';
export { tailWafLogs } from './tail.ts';
export type { Tail, TailOptions, TailProgress, TailStatus } from './tail.ts';
