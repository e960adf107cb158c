const words: Readonly<Record<string, string>> = {
  POLICY_DENIED: 'No rule allows it',
  POLICY_DENY: 'A deny rule matched',
  CT_NO_MAP_FOUND: 'No connection table',
  CT_UNKNOWN_L4_PROTOCOL: 'Protocol not tracked',
  CT_TRUNCATED_OR_INVALID_HEADER: 'Header cut short',
  INVALID_SOURCE_IP: 'Source address not its own',
  INVALID_SOURCE_MAC: 'Source hardware address not its own',
  INVALID_IDENTITY: 'Identity not known',
  UNKNOWN_L3_TARGET_ADDRESS: 'Address not known',
  STALE_OR_UNROUTABLE_IP: 'Address no longer in use',
  NO_MATCHING_LOCAL_CONTAINER_FOUND: 'Pod is gone',
  SERVICE_BACKEND_NOT_FOUND: 'Service without a backend',
  UNSUPPORTED_L3_PROTOCOL: 'Protocol not supported',
  AUTH_REQUIRED: 'Not authenticated',
};

/** A drop's reason for people; one that is not known stays as Cilium writes it. */
export function reasonWords(reason: string): string {
  const key = reason.toUpperCase().replaceAll(' ', '_');
  return words[key] ?? reason;
}

const entities: Readonly<Record<string, string>> = {
  world: 'outside the cluster',
  'world-ipv4': 'outside the cluster',
  'world-ipv6': 'outside the cluster',
  host: 'the node itself',
  'remote-node': 'another node',
  'kube-apiserver': 'the Kubernetes API',
  health: 'health checks',
  unmanaged: 'a pod without Cilium',
  init: 'a pod that is starting',
};

export function entityWords(name: string): string {
  return entities[name.replace(/^reserved:/, '')] ?? name;
}
