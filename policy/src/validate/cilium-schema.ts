import { cidrText, fqdnSchema, peersSchema } from './cilium-peers-schema.ts';
import { icmpSchema, portsSchema, portsDenySchema } from './cilium-ports-schema.ts';
import { printable } from './formats.ts';
import { list, object, text } from './schema.ts';
import type { ObjectSchema, Schema } from './schema.ts';
import { selectorSchema } from './selector-schema.ts';
import type { CiliumVersion } from './versions.ts';

/** The structural schema of CiliumNetworkPolicy and CiliumClusterwideNetworkPolicy, which are alike. */
export function policySchema(title: string, version: CiliumVersion): ObjectSchema {
  const rule = ruleSchema(version);
  return object(title, {
    apiVersion: text(),
    kind: text(),
    metadata: { type: 'any' },
    spec: rule,
    specs: list(rule),
    status: statusSchema(),
  });
}

function ruleSchema(version: CiliumVersion): ObjectSchema {
  const authentication = object(
    '`authentication`',
    { mode: text({ words: ['disabled', 'required', 'test-always-fail'] }) },
    { required: ['mode'] },
  );
  const icmps = icmpSchema();
  const allow = (way: 'ingress' | 'egress'): Schema => {
    const fields = { ...peersSchema(way, version), toPorts: portsSchema(version), icmps, authentication };
    return list(
      object(`an ${way} rule`, way === 'egress' ? { ...fields, toFQDNs: list(fqdnSchema('`toFQDNs`')) } : fields),
    );
  };
  const deny = (way: 'ingress' | 'egress'): Schema =>
    list(object(`an ${way} deny rule`, { ...peersSchema(way, version), toPorts: portsDenySchema(version), icmps }));
  const directions = {
    ingress: allow('ingress'),
    ingressDeny: deny('ingress'),
    egress: allow('egress'),
    egressDeny: deny('egress'),
  };
  const fields = {
    description: text(),
    endpointSelector: selectorSchema(),
    nodeSelector: selectorSchema(),
    ...directions,
    enableDefaultDeny: object('`enableDefaultDeny`', { ingress: { type: 'boolean' }, egress: { type: 'boolean' } }),
    labels: list(object('a label', { key: text(), source: text(), value: text() }, { required: ['key'] })),
    log: object('`log`', { value: text({ maxLength: 32, format: printable }) }),
  };
  return object('a rule', fields, {
    atLeastOne: Object.keys(directions),
    exactlyOne: ['endpointSelector', 'nodeSelector'],
  });
}

/** Written by the operator; what a client sends is overwritten. */
function statusSchema(): ObjectSchema {
  const condition = object('a condition', {
    type: text(),
    status: text(),
    reason: text(),
    message: text(),
    lastTransitionTime: text(),
  });
  return object(
    '`status`',
    { conditions: list(condition), derivativePolicies: { type: 'any' } },
    { isOverwritten: true },
  );
}

/** The structural schema of CiliumCIDRGroup. */
export function cidrGroupSchema(): ObjectSchema {
  const spec = object('the spec', { externalCIDRs: list(cidrText()) }, { required: ['externalCIDRs'] });
  return object(
    'a CiliumCIDRGroup',
    { apiVersion: text(), kind: text(), metadata: { type: 'any' }, spec },
    { required: ['spec'] },
  );
}
