const candidate = /[2-6]\d{3}[ -]?\d{4}[ -]?\d{4}[ -]?\d{1,7}|3\d{3}[ -]?\d{6}[ -]?\d{5}/g;

/** Masks the digits of payment cards but the last four, where the check digit is right. */
export function maskCards(text: string): string {
  if (!mayHoldCards(text)) return text;
  return text.replace(candidate, (found, at: number) => {
    const isPart = /[\w.]/.test(text[at - 1] ?? '') || /[\w]/.test(text[at + found.length] ?? '');
    const digits = found.replaceAll(/\D/g, '');
    if (isPart || digits.length < 13 || digits.length > 19 || !hasCheckDigit(digits)) return found;
    const isNumber =
      /[:,[]\s*$/.test(text.slice(Math.max(0, at - 3), at)) &&
      /^\s*[,}\]]/.test(text.slice(at + found.length, at + found.length + 3));
    return isNumber ? `"***${digits.slice(-4)}"` : `***${digits.slice(-4)}`;
  });
}

/** Whether there are digits enough in a row. */
export function mayHoldCards(text: string): boolean {
  candidate.lastIndex = 0;
  return candidate.test(text);
}

/** The Luhn sum: ISO/IEC 7812-1, annex B. */
function hasCheckDigit(digits: string): boolean {
  let sum = 0;
  for (let index = 0; index < digits.length; index += 1) {
    const digit = digits.charCodeAt(digits.length - 1 - index) - 48;
    const doubled = digit * 2;
    sum += index % 2 === 0 ? digit : doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}
