import type { Problem } from '../model/problem.ts';
import { isObject } from '../source/json.ts';
import type { JsonObject } from '../source/json.ts';
import type { Manifest } from '../source/manifest.ts';
import { admit } from './admit.ts';
import type { Reader } from './admit.ts';
import { checkAsAgent } from './cilium-agent.ts';
import { cidrGroupSchema, policySchema } from './cilium-schema.ts';
import { collectFindings } from './findings.ts';
import type { Findings } from './findings.ts';
import { kindOf } from './kinds.ts';
import type { KnownKind } from './kinds.ts';
import { checkMetadata } from './metadata.ts';
import { networkPolicySchema } from './network-policy-schema.ts';
import { checkNetworkPolicy } from './network-policy.ts';
import type { ObjectSchema } from './schema.ts';
import { warnNetworkPolicy } from './warnings/warn-network-policy.ts';
import { warnCiliumPolicy } from './warnings/warn-rules.ts';
import { defaultCiliumVersion, differs } from './versions.ts';
import type { CiliumVersion } from './versions.ts';

export interface ValidateOptions {
  /** Whose agent judges: 1.20 unless said. */
  readonly cilium?: CiliumVersion;
}

/**
 * What the cluster would say of one object: refusals of the API server (with strict field validation), else of Cilium's
 * agent, else warnings of what is accepted and useless or surprising. Objects of other kinds have no problems.
 */
export function validate(manifest: Manifest, options: ValidateOptions = {}): readonly Problem[] {
  const known = kindOf(manifest);
  if (known === undefined) return [];
  const version = options.cilium ?? defaultCiliumVersion;
  const findings = collectFindings(manifest);
  if (known.fault !== undefined) {
    findings.refuse('api-server', 'no-such-kind', [known.fault.field], known.fault.message);
    return findings.list();
  }
  checkObject(manifest, { known, version, findings });
  return findings.list();
}

interface Validation {
  readonly known: KnownKind;
  readonly version: CiliumVersion;
  readonly findings: Findings;
}

function checkObject(manifest: Manifest, { known, version, findings }: Validation): void {
  const reader: Reader = known.kind === 'NetworkPolicy' ? 'built-in' : 'crd';
  checkMetadata(manifest.object, reader, findings);
  const admitted = admit(schemaOf(known.kind, version), manifest.object, [], { reader, findings });
  const stored: JsonObject = isObject(admitted) ? admitted : {};
  if (known.kind === 'NetworkPolicy') checkBuiltIn(stored, findings);
  else if (known.kind !== 'CiliumCIDRGroup') checkCilium(manifest, stored, { known, version, findings });
}

function checkBuiltIn(stored: JsonObject, findings: Findings): void {
  if (isObject(stored['spec'])) checkNetworkPolicy(stored['spec'], findings);
  if (!findings.hasErrors()) warnNetworkPolicy(stored, findings);
}

function checkCilium(manifest: Manifest, stored: JsonObject, { known, version, findings }: Validation): void {
  const isClusterwide = known.kind === 'CiliumClusterwideNetworkPolicy';
  requireRules(stored, version, findings);
  if (findings.isRefusedBy('api-server')) return;
  checkAsAgent(stored, { isClusterwide, version, findings });
  if (!findings.hasErrors())
    warnCiliumPolicy(stored, manifest.object, { version, isClusterwide, namespace: manifest.namespace, findings });
}

function schemaOf(kind: KnownKind['kind'], version: CiliumVersion): ObjectSchema {
  if (kind === 'NetworkPolicy') return networkPolicySchema();
  return kind === 'CiliumCIDRGroup' ? cidrGroupSchema() : policySchema(`a ${kind}`, version);
}

/** The CRD's CEL rule "spec or specs must be provided". */
function requireRules(stored: JsonObject, version: CiliumVersion, findings: Findings): void {
  if (stored['spec'] !== undefined || stored['specs'] !== undefined || !differs('spec-or-specs', version)) return;
  findings.refuse('api-server', 'no-rules', [], 'Neither `spec` nor `specs` is there: the policy has no rule');
}
