/** Lines of programs that write into the same stream: klog, Envoy and Istio, the head of Apache's error log. */
const programLine =
  /^(?:[IWEF]\d{4} \d\d:\d\d:\d\d\.\d+\s+\d+ \S+:\d+\]|\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+\]\[\d+\]\[|\d{4}-\d\d-\d\dT[\d:.]+Z\t[a-z]+\t|\tthread=\d|\[[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d|(?:time|ts|level)=\S+ )/;
const accessLine =
  /^(?:\S+ .{0,400}?)?\[\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d [+-]\d{4}\] "|^\[\d{4}-\d\d-\d\dT[\d:.]+Z\] "/;

/** What another log than the firewall's begins with: in a container's output they stand side by side. */
export function isProgramLine(text: string): boolean {
  return programLine.test(text);
}

export function looksLikeAccess(text: string): boolean {
  return accessLine.test(text.slice(0, 600));
}

export function looksLikeError(text: string): boolean {
  return /^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d \[/.test(text.slice(0, 24));
}

/** `… /20240615/20240615-1212/20240615-121240-ID 0 3605 md5:…`: where the record of a request lies. */
export function isAuditIndex(text: string): boolean {
  return /\/\d{8}-\d{6}-\S+ \d+ \d+ md5:\S*\s*$/.test(text.slice(-500));
}
