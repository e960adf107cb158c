import { entities } from './rule-edit.ts';

/** A field of a policy in a sentence, and what may stand in it. */
export interface Field {
  readonly says: string;
  readonly fields?: Fields;
  readonly values?: readonly string[];
}
export type Fields = Readonly<Record<string, Field>>;

const selector: Fields = {
  matchLabels: { says: 'Labels that a pod must all carry, each `key: value`. Empty or absent: every pod.' },
  matchExpressions: {
    says: 'Conditions that must all hold beside the labels.',
    fields: {
      key: { says: 'The label that the condition is about.' },
      operator: {
        says: 'In and NotIn compare with the values; Exists and DoesNotExist take none. A pod without the label satisfies NotIn.',
        values: ['In', 'NotIn', 'Exists', 'DoesNotExist'],
      },
      values: { says: 'Texts to compare with; at least one for In and NotIn.' },
    },
  },
};

const metadata: Field = {
  says: 'Name, namespace, labels and annotations of the policy itself.',
  fields: {
    name: { says: 'The name; it cannot change later: renaming is creating another and deleting this one.' },
    namespace: { says: 'Where the policy is, and whose pods it can select. A cluster-wide policy has none.' },
    labels: { says: 'Labels of the policy, not of what it selects.' },
    annotations: { says: 'Notes for programs and people; they change nothing about connections.' },
  },
};

const kubernetesPeer: Fields = {
  podSelector: {
    says: 'Pods with these labels, in the policy’s own namespace or those of namespaceSelector.',
    fields: selector,
  },
  namespaceSelector: { says: 'Namespaces with these labels; empty: every namespace.', fields: selector },
  ipBlock: {
    says: 'Addresses outside the cluster. Not together with selectors.',
    fields: {
      cidr: { says: 'A range such as 10.0.0.0/8.' },
      except: { says: 'Ranges inside it that are left out.' },
    },
  },
};

const kubernetesPorts: Field = {
  says: 'Ports that the rule is about; absent: every port.',
  fields: {
    port: { says: 'A number without quotes, or the name of a container port. Absent: every port of the protocol.' },
    endPort: { says: 'The last port of a range that begins with port.' },
    protocol: { says: 'TCP unless said otherwise.', values: ['TCP', 'UDP', 'SCTP'] },
  },
};

const kubernetesFields: Fields = {
  apiVersion: { says: 'The version of the interface.', values: ['networking.k8s.io/v1'] },
  kind: { says: 'What the object is.', values: ['NetworkPolicy'] },
  metadata,
  spec: {
    says: 'What is selected and what is allowed. What no rule of any policy allows is dropped for the pods selected.',
    fields: {
      podSelector: { says: 'The pods that the policy is about; empty: every pod of the namespace.', fields: selector },
      policyTypes: {
        says: 'The directions in which only rules allow. Absent: Ingress, and Egress where there are egress rules.',
        values: ['Ingress', 'Egress'],
      },
      ingress: {
        says: 'Incoming connections that are allowed. Empty or absent with type Ingress: none. An empty rule: all.',
        fields: { from: { says: 'Who may connect; absent: anyone.', fields: kubernetesPeer }, ports: kubernetesPorts },
      },
      egress: {
        says: 'Outgoing connections that are allowed. Empty or absent with type Egress: none. An empty rule: all.',
        fields: { to: { says: 'Where to; absent: anywhere.', fields: kubernetesPeer }, ports: kubernetesPorts },
      },
    },
  },
};

const names: Fields = {
  matchName: { says: 'One whole name.' },
  matchPattern: { says: 'A name with `*` for any letters but a dot; `*` alone is every name.' },
};

const ciliumPorts: Fields = {
  ports: {
    says: 'At most 40 ports or ranges.',
    fields: {
      port: { says: 'A number in quotes, or a name; "0" is every port.' },
      endPort: { says: 'The last port of a range, without quotes.' },
      protocol: { says: 'Any protocol unless said otherwise.', values: ['TCP', 'UDP', 'SCTP', 'ANY'] },
    },
  },
};

const requests: Field = {
  says: 'Only these requests pass on the ports; all others are refused by the proxy.',
  fields: {
    http: {
      says: 'HTTP requests. All conditions of an entry must hold; an empty entry is any request.',
      fields: {
        method: {
          says: 'A regular expression for the whole method.',
          values: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
        },
        path: { says: 'A regular expression for the whole path: /api/.* and not /api.' },
        host: { says: 'A regular expression for the host.' },
        headers: { says: 'Headers that must be there, each "Name: value" or "Name".' },
        headerMatches: { says: 'Headers with what is to happen where they differ.' },
      },
    },
    dns: { says: 'DNS lookups. Cilium learns the addresses for toFQDNs from lookups that pass here.', fields: names },
  },
};

const icmps: Field = {
  says: 'ICMP types in place of ports.',
  fields: {
    fields: {
      says: 'At most 40 types.',
      fields: {
        family: { says: 'IPv4 unless said otherwise.', values: ['IPv4', 'IPv6'] },
        type: { says: 'A number or a name such as EchoRequest.' },
      },
    },
  },
};

const cidrSet: Fields = {
  cidr: { says: 'A range such as 10.0.0.0/8.' },
  except: { says: 'Ranges inside it that are left out.' },
  cidrGroupRef: { says: 'The name of a CiliumCIDRGroup in place of a range.' },
};

function peers(way: 'from' | 'to'): Fields {
  const who = way === 'from' ? 'that may connect' : 'that may be connected to';
  return {
    [`${way}Endpoints`]: {
      says: `Pods ${who}. Each entry is one selector; any of them is enough. In other namespaces only where a label names it: k8s:io.kubernetes.pod.namespace.`,
      fields: selector,
    },
    [`${way}Entities`]: {
      says: `Groups ${who} that have no labels of yours: the nodes, the world outside.`,
      values: entities,
    },
    [`${way}CIDR`]: { says: `Addresses outside the cluster ${who}. They never match pods.` },
    [`${way}CIDRSet`]: { says: `Addresses outside the cluster ${who}, with exceptions.`, fields: cidrSet },
    [`${way}Groups`]: { says: 'Groups of a cloud provider. Rule mode does not show them.' },
    [`${way}Nodes`]: { says: 'Nodes by their labels, where the agent has that switched on.', fields: selector },
  };
}

function ciliumRule(way: 'from' | 'to', action: 'allow' | 'deny'): Fields {
  const isAllow = action === 'allow';
  const toFQDNs: Fields = {
    toFQDNs: {
      says: 'Names whose addresses may be connected to, as learned from DNS lookups that a dns rule lets pass.',
      fields: names,
    },
  };
  return {
    ...peers(way),
    ...(way === 'to' ? { toServices: { says: 'Kubernetes Services. Rule mode does not show them.' } } : {}),
    ...(way === 'to' && isAllow ? toFQDNs : {}),
    toPorts: {
      says: 'Ports that the rule is about; absent: every port.',
      fields: isAllow ? { ...ciliumPorts, rules: requests } : ciliumPorts,
    },
    icmps,
  };
}

const ciliumSpec: Fields = {
  description: { says: 'What the policy is for, in your words. It changes nothing.' },
  endpointSelector: { says: 'The pods that the policy is about; empty: every pod.', fields: selector },
  nodeSelector: {
    says: 'The nodes that the policy is about; only in a cluster-wide policy, in place of endpointSelector.',
    fields: selector,
  },
  ingress: {
    says: 'Incoming connections that are allowed. From then on, what no rule of any policy allows is dropped. An entry without peers allows nothing.',
    fields: ciliumRule('from', 'allow'),
  },
  ingressDeny: {
    says: 'Incoming connections that are denied, whatever else allows them.',
    fields: ciliumRule('from', 'deny'),
  },
  egress: {
    says: 'Outgoing connections that are allowed. From then on, what no rule of any policy allows is dropped.',
    fields: ciliumRule('to', 'allow'),
  },
  egressDeny: {
    says: 'Outgoing connections that are denied, whatever else allows them.',
    fields: ciliumRule('to', 'deny'),
  },
  enableDefaultDeny: {
    says: 'Whether rules of a direction make everything else be dropped; true for a direction that has rules.',
    fields: {
      ingress: { says: 'For incoming connections.', values: ['true', 'false'] },
      egress: { says: 'For outgoing connections.', values: ['true', 'false'] },
    },
  },
  log: {
    says: 'A text of at most 32 characters for the flow log. Rule mode does not show it.',
    fields: { value: { says: 'The text.' } },
  },
};

const ciliumFields: Fields = {
  apiVersion: { says: 'The version of the interface.', values: ['cilium.io/v2'] },
  kind: { says: 'What the object is.', values: ['CiliumNetworkPolicy', 'CiliumClusterwideNetworkPolicy'] },
  metadata,
  spec: { says: 'What is selected, and what is allowed or denied.', fields: ciliumSpec },
  specs: { says: 'Several specs in one policy. Rule mode does not show them.', fields: ciliumSpec },
};

export function fieldsOf(kind: string): Fields {
  return kind === 'NetworkPolicy' ? kubernetesFields : ciliumFields;
}

/** The field at a path of keys, without the places in lists; undefined where none is known. */
export function fieldAt(kind: string, path: readonly string[]): Field | undefined {
  let field: Field | undefined = { says: '', fields: fieldsOf(kind) };
  for (const key of path) field = field?.fields && Object.hasOwn(field.fields, key) ? field.fields[key] : undefined;
  return field;
}
