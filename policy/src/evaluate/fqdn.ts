/** A DNS name or pattern of a rule. `text` is what Cilium labels a learned address with. */
export interface FqdnSelector {
  readonly text: string;
  matches(canonicalName: string): boolean;
}

interface NameOrPattern {
  readonly matchName?: string | undefined;
  readonly matchPattern?: string | undefined;
}

export function fqdnSelector({ matchName, matchPattern }: NameOrPattern): FqdnSelector {
  if (!matchName) return { text: matchPattern ?? '', matches: compilePattern(matchPattern ?? '') };
  const canonical = canonicalName(matchName);
  return { text: matchName, matches: (name) => name === canonical };
}

/** Lower-case, with the final dot: as DNS answers are compared. */
export function canonicalName(name: string): string {
  const lower = name.trim().toLowerCase();
  return lower.endsWith('.') ? lower : `${lower}.`;
}

/**
 * `*` stands for characters of one label; a leading `**.` for one or more whole labels (since 1.19); a pattern of
 * nothing but `*` for every name. https://docs.cilium.io/en/stable/security/policy/language/#dns-based
 */
export function compilePattern(pattern: string): (canonicalName: string) => boolean {
  const text = pattern.trim().toLowerCase();
  if (/^\*+\.?$/.test(text)) return (name) => name === '.' || labelsOf(name).every(isLabel);
  const leading = /^\*{2,}\./.exec(text)?.[0] ?? '';
  const wanted = labelsOf(canonicalName(text.slice(leading.length)));
  return (name) => {
    const labels = labelsOf(name);
    const extra = labels.length - wanted.length;
    if (leading === '' ? extra !== 0 : extra < 1) return false;
    return (
      labels.slice(0, extra).every(isLabel) &&
      wanted.every((glob, place) => matchesGlob(glob, labels[extra + place] ?? ''))
    );
  };
}

function labelsOf(canonical: string): string[] {
  return canonical.slice(0, -1).split('.');
}

function isLabel(label: string): boolean {
  return /^[-a-zA-Z0-9_]+$/.test(label);
}

/** Greedy, so that no pattern takes more than the product of both lengths: names come from the network. */
function matchesGlob(glob: string, label: string): boolean {
  if (label !== '' && !isLabel(label)) return false;
  let inGlob = 0;
  let inLabel = 0;
  let star = -1;
  let resume = 0;
  while (inLabel < label.length) {
    if (glob[inGlob] === '*') {
      star = inGlob;
      resume = inLabel;
      inGlob += 1;
    } else if (inGlob < glob.length && glob[inGlob] === label[inLabel]) {
      inGlob += 1;
      inLabel += 1;
    } else if (star >= 0) {
      resume += 1;
      inGlob = star + 1;
      inLabel = resume;
    } else return false;
  }
  return /^\**$/.test(glob.slice(inGlob));
}
