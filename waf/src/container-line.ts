/** How a container runtime marks the lines of a log: those longer than 16 KiB it cuts, and marks all parts but the last. */
export interface ContainerMark {
  readonly stream: string;
  readonly isPart: boolean;
  /** Of what stands before the container's own words; all of it ASCII. */
  readonly length: number;
}

const mark = /^\d{4}-\d\d-\d\dT[\d:.]{8,18}(?:Z|[+-]\d\d:\d\d) (stdout|stderr) ([PF])(?::\S{0,20})? /;

/** `2024-06-15T12:12:40.123456789Z stdout P {"transaction":…`, as the kubelet keeps it; null for any other beginning. */
export function readContainerMark(line: string): ContainerMark | null {
  if (line[4] !== '-' || line[10] !== 'T') return null;
  const [head, stream, tag] = mark.exec(line) ?? [];
  return head === undefined || stream === undefined ? null : { stream, isPart: tag === 'P', length: head.length };
}
