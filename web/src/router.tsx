import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { NotFound } from './frame/NotFound.tsx';
import { PageCrash } from './frame/PageCrash.tsx';
import { Frame } from './frame/Frame.tsx';
import {
  parseQuery,
  printQuery,
  readEditorSearch,
  readFirewallSearch,
  readFrameSearch,
  readNetworkSearch,
  readPoliciesSearch,
  readTuningSearch,
} from './search.ts';

const root = createRootRoute({ component: Frame, notFoundComponent: NotFound });

const overview = createRoute({
  getParentRoute: () => root,
  path: '/',
  validateSearch: readFrameSearch,
  component: lazyRouteComponent(() => import('./pages/overview/OverviewPage.tsx'), 'OverviewPage'),
});

const firewall = createRoute({
  getParentRoute: () => root,
  path: '/firewall',
  validateSearch: readFirewallSearch,
  component: lazyRouteComponent(() => import('./pages/firewall/FirewallPage.tsx'), 'FirewallPage'),
});

const transaction = createRoute({
  getParentRoute: () => firewall,
  path: '/transactions/$id',
  component: lazyRouteComponent(() => import('./pages/firewall/TransactionDrawer.tsx'), 'TransactionDrawer'),
});

const tuning = createRoute({
  getParentRoute: () => root,
  path: '/firewall/tuning',
  validateSearch: readTuningSearch,
  component: lazyRouteComponent(() => import('./pages/firewall/TuningPage.tsx'), 'TuningPage'),
});

const network = createRoute({
  getParentRoute: () => root,
  path: '/network',
  validateSearch: readNetworkSearch,
  component: lazyRouteComponent(() => import('./pages/network/NetworkPage.tsx'), 'NetworkPage'),
});

const flows = createRoute({ getParentRoute: () => network, path: '/flows' });

const flowDrawer = lazyRouteComponent(() => import('./pages/network/FlowDrawer.tsx'), 'FlowDrawer');

const flowOfFlows = createRoute({ getParentRoute: () => flows, path: '/$id', component: flowDrawer });

const flowOfStatistics = createRoute({ getParentRoute: () => network, path: '/flow/$id', component: flowDrawer });

const policies = createRoute({
  getParentRoute: () => root,
  path: '/policies',
  validateSearch: readPoliciesSearch,
  component: lazyRouteComponent(() => import('./pages/policies/PoliciesPage.tsx'), 'PoliciesPage'),
});

const policy = createRoute({
  getParentRoute: () => policies,
  path: '/$namespace/$kind/$name',
  component: lazyRouteComponent(() => import('./pages/policies/PolicyDrawer.tsx'), 'PolicyDrawer'),
});

const newPolicy = createRoute({
  getParentRoute: () => root,
  path: '/policies/new',
  validateSearch: readEditorSearch,
  component: lazyRouteComponent(() => import('./pages/editor/NewPolicyPage.tsx'), 'NewPolicyPage'),
});

const editPolicy = createRoute({
  getParentRoute: () => root,
  path: '/policies/$namespace/$kind/$name/edit',
  validateSearch: readEditorSearch,
  component: lazyRouteComponent(() => import('./pages/editor/EditPolicyPage.tsx'), 'EditPolicyPage'),
});

const sources = createRoute({
  getParentRoute: () => root,
  path: '/settings/sources',
  validateSearch: readFrameSearch,
  component: lazyRouteComponent(() => import('./pages/settings/SourcesPage.tsx'), 'SourcesPage'),
});

const routeTree = root.addChildren([
  overview,
  firewall.addChildren([transaction]),
  tuning,
  network.addChildren([flows.addChildren([flowOfFlows]), flowOfStatistics]),
  policies.addChildren([policy]),
  newPolicy,
  editPolicy,
  sources,
]);

export function createConsoleRouter() {
  return createRouter({
    routeTree,
    parseSearch: parseQuery,
    stringifySearch: printQuery,
    scrollRestoration: true,
    defaultErrorComponent: PageCrash,
    defaultPendingMs: 400,
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createConsoleRouter>;
  }
}
