/** Parts of names whose values are secret: headers, cookies' holders, parameters, members of JSON. */
const parts = [
  'authorization',
  'cookie',
  'passw',
  'passphrase',
  'passcode',
  'pwd',
  'secret',
  'token',
  'api[-_]?key',
  'access[-_]?key',
  'private[-_]?key',
  'credential',
  'session',
  'jwt',
  'csrf',
  'xsrf',
  'card[-_]?n',
  'cvv',
  'cvc',
  'REQUEST_COOKIES:',
  'eyJ',
  'bearer ',
  'basic ',
];

/** Finds where a secret may begin: a name, or a token that shows by itself. */
export function secretMarks(): RegExp {
  return new RegExp(parts.join('|'), 'gi');
}

const cookieNames = /^(?:set-)?cookie2?$/i;

export function isCookieHeader(name: string): boolean {
  return cookieNames.test(name);
}

/** `Authorization` and its kin keep their scheme. */
export function isAuthorization(name: string): boolean {
  return /authorization$/i.test(name);
}
