export { createApp } from './app.ts';
export { collectFlows } from './collect/collect-flows.ts';
export type { FlowCollector } from './collect/collect-flows.ts';
export type { Deps, EnvironmentSetup, EnvironmentSetups, SignIn, SourceHandle } from './deps.ts';
export { hashToken } from './http/guard.ts';
