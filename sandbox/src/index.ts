export { startSandbox } from './sandbox.ts';
export type { Sandbox, SandboxEnvironment, SandboxOptions } from './sandbox.ts';
export { scenarioNames } from './scenarios/scenario.ts';
export type { ScenarioName } from './scenarios/scenario.ts';
