import { parseCidr } from '../model/address.ts';
import type { Schema } from './schema.ts';

type Format = NonNullable<Extract<Schema, { type: 'text' }>['format']>;

const alphanumeric = /^[A-Za-z0-9]$/;

/** `^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$` of the CRDs and of Kubernetes. */
export const labelValue: Format = {
  says: 'empty, or letters, digits, `-`, `_` and `.` that begin and end with a letter or digit',
  test: (text) => text === '' || isWord(text),
};

function isWord(text: string): boolean {
  return (
    /^[-A-Za-z0-9_.]+$/.test(text) &&
    alphanumeric.test(text.charAt(0)) &&
    alphanumeric.test(text.charAt(text.length - 1))
  );
}

/** RFC 1123: the name of nearly every object. */
export const subdomain: Format = {
  says: 'lower-case letters, digits, `-` and `.`, beginning and ending with a letter or digit',
  test: (text) => text.split('.').every(isDnsLabel),
};

export function isDnsLabel(text: string): boolean {
  return /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(text);
}

/**
 * What the API server takes for a CIDR (netutils.ParseCIDRSloppy): leading zeros are allowed there, and refused by
 * Cilium afterwards.
 */
export const cidr: Format = {
  says: 'an address block such as 10.0.0.0/8 or 2001:db8::/32',
  test: (text) => text.includes('/') && parseCidr(withoutLeadingZeros(text)) !== undefined,
};

export function withoutLeadingZeros(text: string): string {
  return text.replaceAll(/(^|[.:/])0+(?=[0-9A-Fa-f])/g, '$1');
}

/**
 * The CRD's pattern for a port, which is not anchored where it looks so: whatever begins with a digit passes, and
 * whatever ends like a service name.
 */
export const loosePort: Format = {
  says: 'a number from 0 to 65535 in quotes, or the name of a port',
  test: (text) => /^[0-9]/.test(text) || endsLikeServiceName(text),
};

function endsLikeServiceName(text: string): boolean {
  for (let at = text.length - 1; at >= 0; at--) {
    const letter = text.charAt(at);
    if (/^[A-Za-z]$/.test(letter)) return true;
    const isJoint = letter === '-' && at < text.length - 1 && alphanumeric.test(text.charAt(at + 1));
    if (!isJoint && !/^[0-9]$/.test(letter)) return false;
  }
  return false;
}

/** RFC 6335: up to 15 letters, digits and single dashes, at least one letter. */
export function isServiceName(text: string): boolean {
  if (text.length === 0 || text.length > 15 || !/[A-Za-z]/.test(text)) return false;
  return text.split('-').every((part) => /^[A-Za-z0-9]+$/.test(part));
}

export const domainName: Format = {
  says: 'a domain name of letters, digits, `-` and `_`, with single dots between them',
  test: (text) => /^[-a-zA-Z0-9_]+(\.[-a-zA-Z0-9_]+)*\.?$/.test(text),
};

export const domainPattern: Format = {
  says: 'a domain name of letters, digits, `-`, `_` and `*`, with single dots between them',
  test: (text) => /^[-a-zA-Z0-9_*]+(\.[-a-zA-Z0-9_*]+)*\.?$/.test(text),
};

/** `^\PC*$`: no control, format, surrogate, private-use or unassigned character. */
export const printable: Format = { says: 'printable characters only', test: (text) => !/\p{C}/u.test(text) };
