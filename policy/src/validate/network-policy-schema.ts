import { list, object, text, wholeNumber } from './schema.ts';
import type { ObjectSchema, Schema } from './schema.ts';
import { looseSelectorSchema } from './selector-schema.ts';

const int32 = wholeNumber(-(2 ** 31), 2 ** 31 - 1);

/** The Go types of networking.k8s.io/v1 NetworkPolicy; what their values may be is checked afterwards. */
export function networkPolicySchema(): ObjectSchema {
  const port = object('a port', { port: { type: 'number-or-text', bits32: true }, endPort: int32, protocol: text() });
  const rule = (way: 'ingress' | 'egress'): Schema =>
    list(object(`an ${way} rule`, { [way === 'ingress' ? 'from' : 'to']: list(peerSchema()), ports: list(port) }));
  const spec = object('the spec', {
    podSelector: looseSelectorSchema(),
    policyTypes: list(text()),
    ingress: rule('ingress'),
    egress: rule('egress'),
  });
  return object('a NetworkPolicy', { apiVersion: text(), kind: text(), metadata: { type: 'any' }, spec });
}

function peerSchema(): ObjectSchema {
  return object('a peer', {
    podSelector: looseSelectorSchema(),
    namespaceSelector: looseSelectorSchema(),
    ipBlock: object('`ipBlock`', { cidr: text(), except: list(text()) }),
  });
}
