import type { Deps } from '../deps.ts';
import type { Handler } from '../http/register.ts';

export function environmentsHandler(deps: Deps): Handler<'environments'> {
  return async () => {
    const { items: setups, empty } = deps.environments();
    const items = setups.map((setup) => ({
      id: setup.id,
      name: setup.name,
      cluster: setup.cluster,
      namespaces: [...setup.namespaces],
      sources: deps.sources.filter((source) => source.covers(setup)).map((source) => source.status()),
    }));
    return { items, thresholds: deps.thresholds, ...(empty ? { empty } : {}) };
  };
}
