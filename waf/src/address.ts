/** An address without its port, brackets, and the mark of IPv4 inside of IPv6: `[::ffff:203.0.113.7]:443` → `203.0.113.7`. */
export function addressOf(written: string): string {
  if (/^[\d.]*$/.test(written)) return written;
  if (written === '-') return '';
  const bare = /^\[([^\]]*)\](?::\d{1,5})?$/.exec(written)?.[1] ?? written;
  const v4 = /^(?:::ffff:)?(\d{1,3}(?:\.\d{1,3}){3})(?::\d{1,5})?$/i.exec(bare)?.[1];
  return v4 ?? bare;
}
