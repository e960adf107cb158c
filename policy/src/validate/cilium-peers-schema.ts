import { cidr, domainName, domainPattern, subdomain } from './formats.ts';
import { list, map, object, text } from './schema.ts';
import type { ObjectSchema, Schema, TextSchema } from './schema.ts';
import { selectorSchema } from './selector-schema.ts';
import { differs } from './versions.ts';
import type { CiliumVersion } from './versions.ts';

/** The peers of one direction, for allow and deny rules alike. */
export function peersSchema(way: 'ingress' | 'egress', version: CiliumVersion): Readonly<Record<string, Schema>> {
  const prefix = way === 'ingress' ? 'from' : 'to';
  const selectors = list(selectorSchema());
  const requires = differs('requires', version) ? selectors : list(text(), { max: 0 });
  const peers: Record<string, Schema> = {
    [`${prefix}Endpoints`]: selectors,
    [`${prefix}CIDR`]: list(cidrText()),
    [`${prefix}CIDRSet`]: list(cidrSetSchema()),
    [`${prefix}Entities`]: list(text({ words: entities(version) })),
    [`${prefix}Nodes`]: selectors,
    [`${prefix}Groups`]: list(groupSchema(version)),
    [`${prefix}Requires`]: requires,
  };
  return way === 'ingress' ? peers : { ...peers, toServices: list(serviceSchema()) };
}

function entities(version: CiliumVersion): readonly string[] {
  const always = [
    'all',
    'world',
    'cluster',
    'host',
    'init',
    'ingress',
    'unmanaged',
    'remote-node',
    'health',
    'none',
    'kube-apiserver',
  ];
  return differs('cluster-mesh-entity', version) ? [...always, 'cluster-mesh'] : always;
}

function cidrSetSchema(): ObjectSchema {
  const fields = {
    cidr: cidrText(),
    cidrGroupRef: text({ maxLength: 253, format: subdomain }),
    cidrGroupSelector: selectorSchema(),
    except: list(cidrText()),
  };
  return object('an address block', fields, { exactlyOne: ['cidr', 'cidrGroupRef', 'cidrGroupSelector'] });
}

function groupSchema(version: CiliumVersion): ObjectSchema {
  const names = list(text());
  const aws = { labels: map(text()), region: text(), securityGroupsIds: names, securityGroupsNames: names };
  const prefixLists = object('a managed prefix list', { ids: names, names, ownerIDs: names });
  const fields = differs('managed-prefix-list', version) ? { ...aws, managedPrefixList: prefixLists } : aws;
  return object('a group', { aws: object('`aws`', fields) });
}

function serviceSchema(): ObjectSchema {
  return object('a service', {
    k8sService: object('`k8sService`', { serviceName: text(), namespace: text() }),
    k8sServiceSelector: object(
      '`k8sServiceSelector`',
      { selector: selectorSchema(), namespace: text() },
      { required: ['selector'] },
    ),
  });
}

export function cidrText(): TextSchema {
  return text({ format: cidr, letsListsPass: true });
}

/** An item of `toFQDNs`, and of the DNS rules of a port. */
export function fqdnSchema(title: string): ObjectSchema {
  const fields = {
    matchName: text({ maxLength: 255, format: domainName }),
    matchPattern: text({ maxLength: 255, format: domainPattern }),
  };
  return object(title, fields, { exactlyOne: ['matchName', 'matchPattern'] });
}
