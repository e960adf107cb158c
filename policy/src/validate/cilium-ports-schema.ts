import { fqdnSchema } from './cilium-peers-schema.ts';
import { domainPattern, loosePort } from './formats.ts';
import { list, object, text, wholeNumber } from './schema.ts';
import type { ListSchema, ObjectSchema, Schema } from './schema.ts';
import { differs } from './versions.ts';
import type { CiliumVersion } from './versions.ts';

/** `toPorts` of an allow rule. */
export function portsSchema(version: CiliumVersion): ListSchema {
  const tls = tlsSchema();
  return list(
    object('an item of `toPorts`', {
      ports: list(portSchema(version), { max: 40 }),
      rules: rulesSchema(version),
      serverNames: list(text({ maxLength: 255, format: domainPattern }), { min: 1, distinct: true }),
      terminatingTLS: tls,
      originatingTLS: tls,
      listener: listenerSchema(),
    }),
  );
}

/** `toPorts` of a deny rule: ports alone, of any number. */
export function portsDenySchema(version: CiliumVersion): ListSchema {
  return list(object('an item of `toPorts` of a deny rule', { ports: list(portSchema(version)) }));
}

function portSchema(version: CiliumVersion): ObjectSchema {
  return object('a port', {
    port: text({ format: loosePort }),
    endPort: wholeNumber(0, 65535),
    protocol: text({ words: protocols(version) }),
  });
}

function protocols(version: CiliumVersion): readonly string[] {
  const more = differs('ip-protocols', version) ? ['GRE', 'IPIP', 'IPV6', 'ESP', 'AH'] : [];
  return ['TCP', 'UDP', 'SCTP', 'VRRP', 'IGMP', ...more, 'ANY'];
}

function rulesSchema(version: CiliumVersion): ObjectSchema {
  const secret = object('`secret`', { name: text(), namespace: text() }, { required: ['name'] });
  const headerMatch = object(
    'a header match',
    {
      name: text({ minLength: 1 }),
      value: text(),
      secret,
      mismatch: text({ words: ['LOG', 'ADD', 'DELETE', 'REPLACE'] }),
    },
    { required: ['name'] },
  );
  const http = object('an HTTP rule', {
    path: text(),
    method: text(),
    host: text(),
    headers: list(text()),
    headerMatches: list(headerMatch),
  });
  const fields: Record<string, Schema> = { http: list(http), dns: list(fqdnSchema('a DNS rule')) };
  if (!differs('other-l7', version)) return object('`rules`', fields, { exactlyOne: ['http', 'dns'] });
  const other: Record<string, Schema> = { kafka: list({ type: 'any' }), l7: list({ type: 'any' }), l7proto: text() };
  return object('`rules`', { ...fields, ...other }, { exactlyOne: ['http', 'dns', 'kafka', 'l7proto'] });
}

function tlsSchema(): ObjectSchema {
  const secret = object('`secret`', { name: text(), namespace: text() }, { required: ['name'] });
  return object(
    'the TLS settings',
    { secret, trustedCA: text(), certificate: text(), privateKey: text() },
    { required: ['secret'] },
  );
}

function listenerSchema(): ObjectSchema {
  const kinds = ['CiliumEnvoyConfig', 'CiliumClusterwideEnvoyConfig'];
  const envoyConfig = object(
    '`envoyConfig`',
    { kind: text({ words: kinds }), name: text({ minLength: 1 }) },
    { required: ['name'] },
  );
  const fields = { envoyConfig, name: text({ minLength: 1 }), priority: wholeNumber(1, 100) };
  return object('a listener', fields, { required: ['envoyConfig', 'name'] });
}

/** Names that the CRD's pattern lists; one has a space that was not meant, so that `ExtendedEchoReply` never passes. */
const icmpNames = [
  'EchoReply',
  'DestinationUnreachable',
  'Redirect',
  'Echo',
  'RouterAdvertisement',
  'RouterSelection',
  'TimeExceeded',
  'ParameterProblem',
  'Timestamp',
  'TimestampReply',
  'Photuris',
  'ExtendedEchoRequest',
  'ExtendedEcho Reply',
  'PacketTooBig',
  'EchoRequest',
  'MulticastListenerQuery',
  'MulticastListenerReport',
  'MulticastListenerDone',
  'RouterSolicitation',
  'NeighborSolicitation',
  'NeighborAdvertisement',
  'RedirectMessage',
  'RouterRenumbering',
  'ICMPNodeInformationQuery',
  'ICMPNodeInformationResponse',
  'InverseNeighborDiscoverySolicitation',
  'InverseNeighborDiscoveryAdvertisement',
  'HomeAgentAddressDiscoveryRequest',
  'HomeAgentAddressDiscoveryReply',
  'MobilePrefixSolicitation',
  'MobilePrefixAdvertisement',
  'DuplicateAddressRequestCodeSuffix',
  'DuplicateAddressConfirmationCodeSuffix',
];

export function icmpSchema(): ListSchema {
  const type = {
    type: 'number-or-text',
    format: {
      says: 'a number from 0 to 255 or the CamelCase name of an ICMP type (for ExtendedEchoReply write 43, or 161 with IPv6)',
      test: (text: string) => (/^(0|[1-9][0-9]{0,2})$/.test(text) && Number(text) <= 255) || icmpNames.includes(text),
    },
  } as const;
  const fields = { family: text({ words: ['IPv4', 'IPv6'], preset: 'IPv4' }), type };
  const field = object('an ICMP field', fields, { required: ['type'] });
  return list(object('an item of `icmps`', { fields: list(field, { max: 40 }) }));
}
