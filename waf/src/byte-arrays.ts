/** One character for each byte: for text that is ASCII, or is only looked through. */
export function latinOf(bytes: Uint8Array): string {
  let out = '';
  for (let at = 0; at < bytes.length; at += 8192) out += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return out;
}

/** The other way round; characters beyond a byte become UTF-8. */
export function bytesOfLatin(text: string): Uint8Array {
  if (!/[\u0100-\uffff]/.test(text)) return Uint8Array.from(text, (char) => char.charCodeAt(0));
  const escaped = text.replaceAll(/[\u0100-\uffff]+/g, (run) =>
    encodeURIComponent(run).replaceAll(/%(..)/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
  );
  return Uint8Array.from(escaped, (char) => char.charCodeAt(0));
}

export function joinBytes(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
