/** Records as a broken writer leaves them: another program's page, half a line, bytes that are no text. */
export function garble(record: string, turn: number): string {
  switch (turn % 3) {
    case 0:
      return '<html><head><title>502 Bad Gateway</title></head></html>\n';
    case 1:
      return `${record.slice(0, record.length / 2).trimEnd()}\n`;
    default:
      return `\u0000\u0001${record.slice(40, 60)}\ufffd\n`;
  }
}
