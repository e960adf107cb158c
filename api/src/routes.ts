/** Every path of the interface, as data: the server registers them, the client calls them, OpenAPI describes them. */
export const routes = {
  environments: { method: 'GET', path: '/api/v1/environments' },
  wafStatistics: { method: 'GET', path: '/api/v1/environments/{env}/waf/statistics' },
  wafBreakdown: { method: 'GET', path: '/api/v1/environments/{env}/waf/breakdown' },
  wafTuning: { method: 'GET', path: '/api/v1/environments/{env}/waf/tuning' },
  transactions: { method: 'GET', path: '/api/v1/environments/{env}/waf/transactions' },
  transaction: { method: 'GET', path: '/api/v1/environments/{env}/waf/transactions/{id}' },
  flowStatistics: { method: 'GET', path: '/api/v1/environments/{env}/flows/statistics' },
  flowBreakdown: { method: 'GET', path: '/api/v1/environments/{env}/flows/breakdown' },
  flowFirstSeen: { method: 'GET', path: '/api/v1/environments/{env}/flows/first-seen' },
  flows: { method: 'GET', path: '/api/v1/environments/{env}/flows' },
  flowWhy: { method: 'GET', path: '/api/v1/environments/{env}/flows/{id}/why' },
  pods: { method: 'GET', path: '/api/v1/environments/{env}/pods' },
  policies: { method: 'GET', path: '/api/v1/environments/{env}/policies' },
  deletedPolicies: { method: 'GET', path: '/api/v1/environments/{env}/policies/deleted' },
  policy: { method: 'GET', path: '/api/v1/environments/{env}/policies/{namespace}/{kind}/{name}' },
  setEnforcement: { method: 'PUT', path: '/api/v1/environments/{env}/policies/{namespace}/{kind}/{name}/enforcement' },
  createPolicy: { method: 'POST', path: '/api/v1/environments/{env}/policies' },
  replacePolicy: { method: 'PUT', path: '/api/v1/environments/{env}/policies/{namespace}/{kind}/{name}' },
  deletePolicy: { method: 'DELETE', path: '/api/v1/environments/{env}/policies/{namespace}/{kind}/{name}' },
  previewPolicy: { method: 'POST', path: '/api/v1/environments/{env}/policies/preview' },
  pendingChange: { method: 'GET', path: '/api/v1/environments/{env}/policies/pending/{id}' },
  confirmPending: { method: 'POST', path: '/api/v1/environments/{env}/policies/pending/{id}/confirm' },
  revertPending: { method: 'POST', path: '/api/v1/environments/{env}/policies/pending/{id}/revert' },
  policyRevisions: { method: 'GET', path: '/api/v1/environments/{env}/policies/{namespace}/{kind}/{name}/revisions' },
  restoreRevision: {
    method: 'POST',
    path: '/api/v1/environments/{env}/policies/{namespace}/{kind}/{name}/revisions/{revision}/restore',
  },
} as const;

export type RouteName = keyof typeof routes;

/** Fills a path in: `{env}` becomes the encoded value of `env`. */
export function fillPath(path: string, params: Readonly<Record<string, string>>): string {
  return path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? ''));
}
