import type { Environment } from '@bartizan/api';

interface Chosen {
  /** Id of an environment, or `-` for all. */
  readonly env: string;
  readonly environments: readonly Pick<Environment, 'id' | 'namespaces'>[];
}

/** Where all environments are shown, a policy is written in the one that has its namespace. */
export function environmentOf({ env, environments }: Chosen, namespace: string): string {
  if (env !== '-') return env;
  return (environments.find(({ namespaces }) => namespaces.includes(namespace)) ?? environments[0])?.id ?? env;
}
