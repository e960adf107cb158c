/** Why Cilium's datapath dropped a packet. */
export interface DropReasonWords {
  /** A few words, for lists. */
  readonly title: string;
  /** What happened, as a sentence. */
  readonly means: string;
  /** What to look at; empty where there is nothing to do. */
  readonly look: string;
  /** What takes such a decision: rules of policies, mutual authentication that a rule asks for, or the network itself. */
  readonly by: 'policy' | 'authentication' | 'network';
}

type Row = readonly [title: string, means: string, look: string];

const agents = 'See the agent’s log on that node, and `cilium-dbg status --verbose` there.';
const bug =
  'That should not happen: compare the Cilium version with its known issues, and report it with a `cilium sysdump`.';
const old = 'No current Cilium reports it.';

/**
 * Every reason of Cilium's enumeration `DropReason` (api/v1/flow/flow.proto), explained in our words from where the datapath
 * gives it (bpf/lib/common.h, pkg/monitor/api/drop.go).
 */
const rows: Readonly<Record<string, Row>> = {
  INVALID_SOURCE_MAC: [
    'Source hardware address not its own',
    'The packet carried a hardware address that is not the sender’s.',
    old,
  ],
  INVALID_DESTINATION_MAC: [
    'Wrong hardware address',
    'The packet was addressed to a hardware address that is not the gateway’s.',
    old,
  ],
  INVALID_SOURCE_IP: [
    'Source address not its own',
    'The pod sent a packet with a source address that is not its own, which Cilium takes for a forgery.',
    'A pod that routes for others (VPN, nested containers) needs its own setting; else look into what runs in the pod.',
  ],
  POLICY_DENIED: [
    'No rule allows it',
    'Policies isolate one of the two ends, and no rule of theirs allows this connection.',
    'The walk through the policies names them, and the rule that came nearest.',
  ],
  POLICY_DENY: [
    'A deny rule matched',
    'A deny rule of a policy matches this connection; no allow rule can overrule it.',
    'The walk through the policies names the rule.',
  ],
  AUTH_REQUIRED: [
    'Not authenticated',
    'A rule allows the connection but asks for mutual authentication, which had not been done when the packet came.',
    'The first packets of a connection wait for the handshake; where it goes on, see the authentication part of `cilium-dbg status` and the SPIRE server.',
  ],
  INVALID_PACKET_DROPPED: [
    'Packet invalid',
    'The packet’s headers are cut short or contradict each other.',
    'Look for a sender or a device on the way that mangles packets, and at the MTU.',
  ],
  CT_TRUNCATED_OR_INVALID_HEADER: [
    'Header cut short',
    'The connection table could not read the packet’s transport header.',
    'Look at the MTU along the path, and for fragments.',
  ],
  CT_MISSING_TCP_ACK_FLAG: [
    'Packet out of its connection',
    'A TCP packet without its ACK flag fits no connection; newer releases use the same number for a packet that would have to be fragmented.',
    'Scans look like this; else look at the MTU along the path.',
  ],
  CT_UNKNOWN_L4_PROTOCOL: [
    'Protocol not tracked',
    'The protocol is none that the connection table follows (TCP, UDP, SCTP, ICMP).',
    'Where it is wanted: SCTP and the further protocols (VRRP, IGMP, GRE, ESP …) have to be switched on in Cilium.',
  ],
  CT_CANNOT_CREATE_ENTRY_FROM_PACKET: [
    'Not fit for the connection table',
    'No entry of the connection table could be made of the packet.',
    old,
  ],
  UNSUPPORTED_L3_PROTOCOL: [
    'Not IPv4 or IPv6',
    'The packet is of a network protocol that Cilium does not handle, or IPv6 where IPv6 is switched off.',
    'Often harmless neighbour or router messages of a pod; with IPv6 in use, switch it on in Cilium.',
  ],
  MISSED_TAIL_CALL: [
    'Program was being replaced',
    'A part of the datapath program was missing for a moment while the agent loaded another version.',
    'A few during an upgrade or a change of configuration are normal; when it lasts, see the agent’s log.',
  ],
  ERROR_WRITING_TO_PACKET: ['Packet could not be written', 'The kernel refused a change of the packet’s headers.', bug],
  UNKNOWN_L4_PROTOCOL: [
    'Protocol not known',
    'The transport protocol is none that this step can handle.',
    'Look at what protocol it is; services and NAT know TCP, UDP, SCTP and ICMP.',
  ],
  UNKNOWN_ICMPV4_CODE: [
    'ICMP code not translated',
    'An ICMP code has no counterpart in the other IP version.',
    'Only seen where IPv4 and IPv6 are translated into each other.',
  ],
  UNKNOWN_ICMPV4_TYPE: [
    'ICMP type not translated',
    'An ICMP type has no counterpart in the other IP version.',
    'Only seen where IPv4 and IPv6 are translated into each other.',
  ],
  UNKNOWN_ICMPV6_CODE: [
    'ICMPv6 code not translated',
    'An ICMPv6 code has no counterpart in the other IP version.',
    'Only seen where IPv4 and IPv6 are translated into each other.',
  ],
  UNKNOWN_ICMPV6_TYPE: [
    'ICMPv6 type not translated',
    'An ICMPv6 type has no counterpart in the other IP version.',
    'Only seen where IPv4 and IPv6 are translated into each other.',
  ],
  ERROR_RETRIEVING_TUNNEL_KEY: [
    'Tunnel header unreadable',
    'A packet came out of the tunnel without the metadata that names its sender.',
    'Look whether something else on the node uses the same tunnel port (8472 for VXLAN, 6081 for Geneve).',
  ],
  ERROR_RETRIEVING_TUNNEL_OPTIONS: [
    'Tunnel options unreadable',
    'The options of a Geneve packet could not be read.',
    old,
  ],
  INVALID_GENEVE_OPTION: ['Tunnel option invalid', 'A Geneve packet carried an option that Cilium does not know.', old],
  UNKNOWN_L3_TARGET_ADDRESS: [
    'Address not known',
    'A neighbour was asked for that this interface does not answer for.',
    'Usually harmless; when IPv6 does not work, look at the pod’s routes.',
  ],
  STALE_OR_UNROUTABLE_IP: [
    'Address no longer in use',
    'The packet went to an address of the pod network that no pod has (any more).',
    'A client that keeps an old address after a roll-out; look at its DNS cache and at retries.',
  ],
  NO_MATCHING_LOCAL_CONTAINER_FOUND: ['Pod is gone', 'No pod of this node has the address any more.', old],
  ERROR_WHILE_CORRECTING_L3_CHECKSUM: [
    'IP checksum could not be written',
    'After a translation the IP checksum could not be corrected.',
    bug,
  ],
  ERROR_WHILE_CORRECTING_L4_CHECKSUM: [
    'Checksum could not be written',
    'After a translation the TCP or UDP checksum could not be corrected.',
    bug,
  ],
  CT_MAP_INSERTION_FAILED: [
    'Connection table full',
    'The connection could not be entered in the table, which is full or under pressure.',
    'Look at `cilium_bpf_map_pressure`; `bpf.ctTcpMax` and `bpf.ctAnyMax` make the table larger.',
  ],
  INVALID_IPV6_EXTENSION_HEADER: [
    'IPv6 header invalid',
    'An IPv6 extension header is malformed or not supported.',
    'Look at the sender.',
  ],
  IP_FRAGMENTATION_NOT_SUPPORTED: [
    'Fragments not supported',
    'The packet is a fragment, and tracking of fragments is switched off.',
    'Switch on `fragmentTracking`, or lower what the sender sends at once (MTU).',
  ],
  SERVICE_BACKEND_NOT_FOUND: [
    'Service without a backend',
    'The Service has no ready backend, or none that this client may use.',
    'Look at the Service’s EndpointSlices: readiness of its pods, its selector, `internalTrafficPolicy` and `externalTrafficPolicy`.',
  ],
  NO_TUNNEL_OR_ENCAPSULATION_ENDPOINT: [
    'No tunnel to the node',
    'No tunnel endpoint is known for the node where the packet has to go.',
    'Look at `cilium-health status` and at the CiliumNode of the other node.',
  ],
  FAILED_TO_INSERT_INTO_PROXYMAP: ['Proxy table full', 'The connection could not be handed to the proxy.', old],
  REACHED_EDT_RATE_LIMITING_DROP_HORIZON: [
    'Over its bandwidth',
    'The pod sends more than its bandwidth annotation lets it, and the packet would have waited too long.',
    'Look at `kubernetes.io/egress-bandwidth` of the pod.',
  ],
  UNKNOWN_CONNECTION_TRACKING_STATE: [
    'Connection state not known',
    'The connection table gave a state that this step does not know.',
    bug,
  ],
  LOCAL_HOST_IS_UNREACHABLE: ['Node not reachable', 'The way to the node’s own stack was not there.', agents],
  NO_CONFIGURATION_AVAILABLE_TO_PERFORM_POLICY_DECISION: [
    'No configuration yet',
    'The datapath had no configuration for this decision, so nothing could be decided.',
    agents,
  ],
  UNSUPPORTED_L2_PROTOCOL: [
    'Frame type not supported',
    'The frame is of a type that Cilium does not handle on this interface.',
    'Look at what else uses the interface.',
  ],
  NO_MAPPING_FOR_NAT_MASQUERADE: [
    'No free port for NAT',
    'No free source port was found to translate the connection, or the answer fits no translation.',
    'Many connections to one destination exhaust the ports: look at `bpf.natMax`, at the client’s connection pooling and at egress gateways.',
  ],
  UNSUPPORTED_PROTOCOL_FOR_NAT_MASQUERADE: [
    'Protocol not translatable',
    'The protocol cannot be translated to the node’s address.',
    'Masquerading knows TCP, UDP, SCTP and ICMP.',
  ],
  FIB_LOOKUP_FAILED: [
    'No route',
    'The kernel’s routing table had no usable next hop.',
    'Look at routes and neighbours of the node (`ip route get`, `ip neigh`).',
  ],
  ENCAPSULATION_TRAFFIC_IS_PROHIBITED: [
    'Tunnel traffic from a pod',
    'A pod sent packets that pose as the cluster’s own tunnel.',
    'Look into what runs in the pod: this is forbidden on purpose.',
  ],
  INVALID_IDENTITY: [
    'Identity not known',
    'The sender’s security identity is not valid here.',
    'Look at the identity with `cilium-dbg identity get`; a node that has lost the API server gives old ones.',
  ],
  UNKNOWN_SENDER: [
    'Sender not known',
    'The packet’s sender could not be told, so nothing can be decided for it.',
    agents,
  ],
  NAT_NOT_NEEDED: ['Nothing to translate', 'A step for translated packets met one that needs none.', 'Harmless alone.'],
  IS_A_CLUSTERIP: [
    'ClusterIP from outside',
    'Somebody outside the cluster addressed a ClusterIP, which is for inside only.',
    'Expose the Service with a LoadBalancer, NodePort or Gateway.',
  ],
  FIRST_LOGICAL_DATAGRAM_FRAGMENT_NOT_FOUND: [
    'Fragment without its first',
    'A later fragment came whose first one, which names the ports, was not seen.',
    'Fragments out of order or lost: look at the MTU; `bpf.mapDynamicSizeRatio` sizes the table.',
  ],
  FORBIDDEN_ICMPV6_MESSAGE: [
    'ICMPv6 message forbidden',
    'The host firewall does not let this ICMPv6 message through.',
    'Only messages that IPv6 needs are let through.',
  ],
  DENIED_BY_LB_SRC_RANGE_CHECK: [
    'Not in the Service’s ranges',
    'The client’s address is not in `loadBalancerSourceRanges` of the Service.',
    'Look at that field of the Service: no network policy is involved.',
  ],
  SOCKET_LOOKUP_FAILED: [
    'Proxy socket not found',
    'The proxy that the connection was redirected to has no socket for it.',
    'Look at Envoy (cilium-envoy) and the DNS proxy of the agent on that node.',
  ],
  SOCKET_ASSIGN_FAILED: [
    'Proxy socket refused',
    'The connection could not be given to the proxy’s socket.',
    'Look at Envoy (cilium-envoy) and the DNS proxy of the agent on that node.',
  ],
  PROXY_REDIRECTION_NOT_SUPPORTED_FOR_PROTOCOL: [
    'Protocol cannot go to the proxy',
    'A rule with L7 conditions matched a protocol that no proxy reads.',
    'Give the L7 rule the protocol TCP (UDP only for DNS).',
  ],
  VLAN_FILTERED: [
    'VLAN not let through',
    'The frame carries a VLAN tag that Cilium filters.',
    '`bpf.vlanBypass` lists the tags that pass.',
  ],
  INVALID_VNI: [
    'Tunnel network number invalid',
    'A VXLAN packet had a network number that is none of the cluster’s.',
    'Look whether something else sends VXLAN to this node.',
  ],
  INVALID_TC_BUFFER: [
    'Buffer of the kernel invalid',
    'The kernel gave a packet buffer that could not be handled.',
    bug,
  ],
  NO_SID: ['No SRv6 segment', 'No segment is configured for this destination.', 'Look at the CiliumEgressSRv6Policy.'],
  MISSING_SRV6_STATE: ['No SRv6 state', 'The state of the SRv6 tunnel was not there.', old],
  NAT46: [
    'IPv4 to IPv6 failed',
    'The packet could not be translated from IPv4 to IPv6.',
    'Look at the NAT46x64 gateway.',
  ],
  NAT64: [
    'IPv6 to IPv4 failed',
    'The packet could not be translated from IPv6 to IPv4.',
    'Look at the NAT46x64 gateway.',
  ],
  CT_NO_MAP_FOUND: [
    'No connection table',
    'There is no connection table for the other cluster.',
    'Cluster mesh with overlapping address ranges: look at `clustermesh-apiserver` and the agent’s log.',
  ],
  SNAT_NO_MAP_FOUND: [
    'No NAT table',
    'There is no translation table for the other cluster.',
    'Cluster mesh with overlapping address ranges: look at `clustermesh-apiserver` and the agent’s log.',
  ],
  INVALID_CLUSTER_ID: [
    'Cluster number invalid',
    'The packet names a cluster number that does not exist.',
    'Look at `cluster.id` of every cluster of the mesh: each needs its own.',
  ],
  UNSUPPORTED_PROTOCOL_FOR_DSR_ENCAP: [
    'Protocol not for direct return',
    'Direct server return in this form does not know the protocol.',
    'Look at `loadBalancer.mode` and `loadBalancer.dsrDispatch`.',
  ],
  NO_EGRESS_GATEWAY: [
    'No egress gateway',
    'An egress gateway policy applies, but no node is its gateway now.',
    'Look at the CiliumEgressGatewayPolicy and whether its node selector matches a node.',
  ],
  UNENCRYPTED_TRAFFIC: [
    'Not encrypted',
    'Strict encryption is on, and this packet would have left unencrypted.',
    'Look at `cilium-dbg encrypt status` and whether the other node takes part.',
  ],
  TTL_EXCEEDED: [
    'Too many hops',
    'The packet’s time to live had run out.',
    'Traceroute does this on purpose; else look for a routing loop.',
  ],
  NO_NODE_ID: ['Node number missing', 'No number is known for the node where an encrypted packet has to go.', agents],
  DROP_RATE_LIMITED: [
    'Over the rate limit',
    'The datapath answers only so many packets of this kind a second.',
    'Look for a sender that floods.',
  ],
  IGMP_HANDLED: ['IGMP handled', 'Not a loss: the datapath read the IGMP message itself.', ''],
  IGMP_SUBSCRIBED: ['IGMP subscribed', 'Not a loss: the pod joined a multicast group.', ''],
  MULTICAST_HANDLED: ['Multicast delivered', 'Not a loss: copies of the packet went to the group’s members.', ''],
  DROP_HOST_NOT_READY: [
    'Node not ready',
    'The host’s datapath program was not loaded yet.',
    'Normal for a moment while the agent starts.',
  ],
  DROP_EP_NOT_READY: [
    'Pod not ready',
    'The pod’s datapath program was not loaded yet, so nothing may pass.',
    'Normal for a moment while a pod starts; when it lasts: `cilium-dbg endpoint list`.',
  ],
  DROP_NO_EGRESS_IP: [
    'No egress address',
    'The egress gateway has no address to send from.',
    'Look at `egressIP` or `interface` of the CiliumEgressGatewayPolicy.',
  ],
  DROP_PUNT_PROXY: [
    'Handed to the proxy',
    'Not a loss: the packet was given to the proxy in the kernel’s own way.',
    '',
  ],
  DROP_FRAG_NOT_FOUND_WORLD: [
    'Fragment without its first',
    'A later fragment came from outside whose first one was not seen.',
    'Fragments out of order or lost: look at the MTU.',
  ],
};

/** Human texts of releases before 1.14 whose words are not those of the name (pkg/monitor/api/drop.go). */
const formerTexts: Readonly<Record<string, string>> = {
  POLICY_DENIED_BY_DENYLIST: 'POLICY_DENY',
  POLICY_DENIED_L3: 'POLICY_DENIED',
  NO_TUNNEL_ENCAPSULATION_ENDPOINT_DATAPATH_BUG: 'NO_TUNNEL_OR_ENCAPSULATION_ENDPOINT',
  AUTHENTICATION_REQUIRED: 'AUTH_REQUIRED',
};

/** The reasons that are explained, by the name that Hubble gives them. */
export const dropReasons: readonly string[] = Object.keys(rows);

/** What a reason means, by Hubble's name or its former text (`Policy denied`); undefined where it is not known. */
export function dropReasonWords(reason: string): DropReasonWords | undefined {
  const key = reason
    .toUpperCase()
    .replaceAll(/[^A-Z0-9]+/g, '_')
    .replaceAll(/^_|_$/g, '');
  const name = formerTexts[key] ?? key;
  const row = Object.hasOwn(rows, name) ? rows[name] : undefined;
  if (!row) return undefined;
  const [title, means, look] = row;
  const isPolicy = name === 'POLICY_DENIED' || name === 'POLICY_DENY';
  return { title, means, look, by: isPolicy ? 'policy' : name === 'AUTH_REQUIRED' ? 'authentication' : 'network' };
}
