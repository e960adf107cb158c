/** How a container runtime marks the lines of a log. Those longer than 16 KiB it cuts; all parts but the last are marked. */
export interface ContainerMark {
  readonly stream: string;
  readonly isPart: boolean;
  /** Where the container's own words stand in the line. */
  readonly from: number;
  readonly to: number;
}

const criMark = /^\d{4}-\d\d-\d\dT[\d:.]{8,18}(?:Z|[+-]\d\d:\d\d) (stdout|stderr) ([PF])(?::\S{0,20})? /;

/** `2024-06-15T12:12:40.123456789Z stdout P {"transaction":…`, as the kubelet keeps it; null for any other beginning. */
export function readContainerMark(line: string): ContainerMark | null {
  if (line[4] !== '-' || line[10] !== 'T') return null;
  const [head, stream, tag] = criMark.exec(line) ?? [];
  if (head === undefined || stream === undefined) return null;
  return { stream, isPart: tag === 'P', from: head.length, to: line.length };
}

const dockerHead = '{"log":"';

/**
 * `{"log":"…\n","stream":"stdout","time":"…"}`, as Docker keeps it; null for any other line. A line that it cut does not end with a
 * newline, and neither does the last one of a container that has stopped: that one is known by its being whole JSON.
 */
export function readDockerMark(line: string): ContainerMark | null {
  if (!line.startsWith(dockerHead)) return null;
  const to = line.lastIndexOf('","stream":"');
  const stream = /^","stream":"([a-z]{1,10})"/.exec(line.slice(Math.max(0, to), to + 30))?.[1];
  if (to < dockerHead.length || stream === undefined) return null;
  const backslashes = /(\\*)n$/.exec(line.slice(Math.max(dockerHead.length, to - 20), to))?.[1]?.length ?? 0;
  const isWhole = backslashes % 2 === 1 || (line[to - 1] === '}' && to - dockerHead.length < shortestCut);
  return { stream, isPart: !isWhole, from: dockerHead.length, to };
}

const shortestCut = 16 * 1024;
