import type { CidrGroup, ContainerPort, Endpoint, Service } from '../model/world.ts';
import { isArray, isObject } from '../source/json.ts';
import type { JsonObject, JsonValue } from '../source/json.ts';

/** What runs in a cluster, as its manifests say it: an end of connections. */
export interface Workload {
  /** `NAMESPACE/NAME[Kind]` */
  readonly name: string;
  /** The sets of pods behind it: one, unless pods of one owner differ in what policies see. */
  readonly endpoints: readonly Endpoint[];
}

/** All that manifests say about a cluster, policies aside. */
export interface Inventory {
  readonly workloads: readonly Workload[];
  readonly services: readonly Service[];
  readonly cidrGroups: readonly CidrGroup[];
  readonly namespaceLabels: ReadonlyMap<string, Readonly<Record<string, string>>>;
}

interface PodTemplate {
  readonly owner: { readonly kind: string; readonly name: string };
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly spec: JsonObject;
  readonly ip: string | undefined;
}

/** Reads workloads, namespaces, services, their addresses and CIDR groups; other kinds are passed over. */
export function readInventory(objects: readonly JsonObject[]): Inventory {
  const namespaceLabels = readNamespaces(objects);
  const workloads = new Map<string, Map<string, Endpoint>>();
  for (const object of objects) {
    const pod = podOf(object);
    if (pod === undefined) continue;
    const name = `${pod.namespace}/${pod.owner.name}[${pod.owner.kind}]`;
    const endpoints = workloads.get(name) ?? new Map<string, Endpoint>();
    workloads.set(name, endpoints);
    const endpoint = endpointOf(pod, namespaceLabels);
    const look = JSON.stringify(endpoint);
    if (!endpoints.has(look)) {
      endpoints.set(look, { ...endpoint, id: endpoints.size === 0 ? name : `${name}#${endpoints.size + 1}` });
    }
  }
  return {
    workloads: [...workloads].map(([name, endpoints]) => ({ name, endpoints: [...endpoints.values()] })),
    services: readServices(objects),
    cidrGroups: objects.filter((object) => object['kind'] === 'CiliumCIDRGroup').map(cidrGroupOf),
    namespaceLabels,
  };
}

/** The API server gives each namespace its name as a label. */
export function labelsOfNamespace(
  namespace: string,
  known: Inventory['namespaceLabels'],
): Readonly<Record<string, string>> {
  return { ...known.get(namespace), 'kubernetes.io/metadata.name': namespace };
}

function readNamespaces(objects: readonly JsonObject[]): Inventory['namespaceLabels'] {
  const namespaces = objects.filter((object) => object['kind'] === 'Namespace');
  return new Map(namespaces.map((object) => [nameOf(object), textsOf(at(object, 'metadata', 'labels'))]));
}

function podOf(object: JsonObject): PodTemplate | undefined {
  const namespace = namespaceOf(object);
  const own = { kind: textOf(object['kind']), name: nameOf(object) };
  if (own.kind === 'Pod') {
    if (['Succeeded', 'Failed'].includes(textOf(at(object, 'status', 'phase')))) return undefined;
    const spec = objectOf(object['spec']);
    const labels = textsOf(at(object, 'metadata', 'labels'));
    const ip = textOf(at(object, 'status', 'podIP'));
    return { owner: controllerOf(object) ?? own, namespace, labels, spec, ip: ip === '' ? undefined : ip };
  }
  const template =
    own.kind === 'CronJob' ? at(object, 'spec', 'jobTemplate', 'spec', 'template') : at(object, 'spec', 'template');
  const spec = at(template, 'spec');
  if (!isObject(spec) || !isArray(spec['containers'])) return undefined;
  return { owner: own, namespace, labels: textsOf(at(template, 'metadata', 'labels')), spec, ip: undefined };
}

function controllerOf(object: JsonObject): PodTemplate['owner'] | undefined {
  const references = listOf(at(object, 'metadata', 'ownerReferences'));
  const owner = references.find((reference) => reference['controller'] === true) ?? references[0];
  const name = textOf(owner?.['name']);
  return owner === undefined || name === '' ? undefined : { kind: textOf(owner['kind']), name };
}

/** A pod in its node's network has the node's address and identity: no policy selects it. */
function endpointOf(pod: PodTemplate, namespaces: Inventory['namespaceLabels']): Endpoint {
  if (pod.spec['hostNetwork'] === true) return { id: '', entity: 'remote-node' };
  const account = textOf(pod.spec['serviceAccountName']) || textOf(pod.spec['serviceAccount']);
  return {
    id: '',
    namespace: pod.namespace,
    labels: pod.labels,
    namespaceLabels: labelsOfNamespace(pod.namespace, namespaces),
    serviceAccount: account === '' ? 'default' : account,
    ports: listOf(pod.spec['containers']).flatMap((container) => listOf(container['ports']).flatMap(portOf)),
    ...(pod.ip === undefined ? {} : { ip: pod.ip }),
  };
}

function portOf(port: JsonObject): ContainerPort[] {
  const number = port['containerPort'];
  if (typeof number !== 'number') return [];
  const name = textOf(port['name']);
  const protocol = textOf(port['protocol']);
  return [{ port: number, protocol: protocol === '' ? 'TCP' : protocol, ...(name === '' ? {} : { name }) }];
}

function readServices(objects: readonly JsonObject[]): Service[] {
  const addresses = addressesByService(objects);
  return objects
    .filter((object) => object['kind'] === 'Service' && textOf(object['apiVersion']) === 'v1')
    .map((object) => {
      const selector = at(object, 'spec', 'selector');
      const [namespace, name] = [namespaceOf(object), nameOf(object)];
      return {
        namespace,
        name,
        labels: textsOf(at(object, 'metadata', 'labels')),
        ...(isObject(selector) ? { selector: textsOf(selector) } : {}),
        addresses: addresses.get(`${namespace}/${name}`) ?? [],
      };
    });
}

function addressesByService(objects: readonly JsonObject[]): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const object of objects.filter((each) => each['kind'] === 'EndpointSlice')) {
    const service = textOf(at(object, 'metadata', 'labels', 'kubernetes.io/service-name'));
    const key = `${namespaceOf(object)}/${service}`;
    const addresses = listOf(object['endpoints']).flatMap((endpoint) => strings(endpoint['addresses']));
    found.set(key, [...(found.get(key) ?? []), ...addresses]);
  }
  return found;
}

function cidrGroupOf(object: JsonObject): CidrGroup {
  return {
    name: nameOf(object),
    labels: textsOf(at(object, 'metadata', 'labels')),
    cidrs: strings(at(object, 'spec', 'externalCIDRs')),
  };
}

function at(value: JsonValue | undefined, ...path: readonly string[]): JsonValue | undefined {
  return path.reduce<JsonValue | undefined>((inner, key) => (isObject(inner) ? inner[key] : undefined), value);
}

function nameOf(object: JsonObject): string {
  return textOf(at(object, 'metadata', 'name'));
}

function namespaceOf(object: JsonObject): string {
  return textOf(at(object, 'metadata', 'namespace')) || 'default';
}

function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '';
}

function objectOf(value: JsonValue | undefined): JsonObject {
  return isObject(value) ? value : {};
}

function listOf(value: JsonValue | undefined): JsonObject[] {
  return isArray(value) ? value.filter(isObject) : [];
}

function strings(value: JsonValue | undefined): string[] {
  return isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

function textsOf(value: JsonValue | undefined): Readonly<Record<string, string>> {
  const pairs = Object.entries(objectOf(value)).flatMap(([key, text]) =>
    typeof text === 'string' ? [[key, text]] : [],
  );
  return Object.fromEntries(pairs);
}
