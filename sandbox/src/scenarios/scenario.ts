import type { Fault } from '../fault.ts';
import type { Campaign } from '../waf/campaigns.ts';
import { scans, sqliCampaign } from '../waf/campaigns.ts';
import type { PolicyEdit } from '../world/world.ts';
import { appIn, ciliumPorts } from '../world/policies/deployed.ts';

export const scenarioNames = ['quiet-day', 'sqli-campaign', 'broken-policy', 'source-down'] as const;
export type ScenarioName = (typeof scenarioNames)[number];

/** How a scenario's world differs from the quiet one. */
export interface Scenario {
  readonly campaigns: readonly Campaign[];
  readonly edits: readonly PolicyEdit[];
  /** Resources of the Kubernetes API that do not answer as they should. */
  readonly kubernetes: Readonly<Record<string, Fault>>;
  readonly relay: Fault | undefined;
  readonly metrics: Fault | undefined;
  /** For how long the audit log has held nonsense. */
  readonly auditLogGarbledMinutes: number | undefined;
}

const quiet: Scenario = {
  campaigns: scans,
  edits: [],
  kubernetes: {},
  relay: undefined,
  metrics: undefined,
  auditLogGarbledMinutes: undefined,
};

/** Two hours before the start, someone "corrects" the port that checkout may reach. */
const wrongPort: PolicyEdit = {
  namespace: 'payments',
  name: 'allow-checkout-to-gateway',
  manager: 'kubectl-edit',
  minutesAgo: 120,
  patch: {
    spec: {
      ingress: [
        { fromEndpoints: [appIn('shop-prod', 'checkout')], toPorts: ciliumPorts(8080) },
        { fromEntities: ['host'], toPorts: ciliumPorts(8081) },
        { fromEndpoints: [appIn('platform', 'prometheus')], toPorts: ciliumPorts(9090) },
      ],
    },
  },
};

const scenarios: Readonly<Record<ScenarioName, Scenario>> = {
  'quiet-day': quiet,
  'sqli-campaign': { ...quiet, campaigns: [...scans, ...sqliCampaign] },
  'broken-policy': { ...quiet, edits: [wrongPort] },
  'source-down': {
    ...quiet,
    kubernetes: { ciliumclusterwidenetworkpolicies: 'fail', ciliumcidrgroups: 'garbage' },
    relay: 'hang',
    metrics: 'garbage',
    auditLogGarbledMinutes: 120,
  },
};

export function scenarioOf(name: ScenarioName): Scenario {
  return scenarios[name];
}
