import type { Direction } from './direction.ts';
import { say } from './words.ts';
import type { Phrase, Sentence } from './words.ts';

export interface Isolation {
  readonly direction: Direction;
  readonly path: string;
  /** `open`: this policy leaves the direction alone. `default-deny-off`: rules, but no default deny. */
  readonly state: 'open' | 'isolated' | 'default-deny-off' | 'not-understood';
  readonly allowsSomething: boolean;
  readonly hasDeny: boolean;
  /** A pod's own node may connect whatever the policy says. */
  readonly ownNode: boolean;
  /** Put behind the sentence: why it is so. */
  readonly remark: Phrase;
}

/** What becomes of the connections that no rule names. */
export function isolation(asked: Isolation): Sentence {
  const sentence = (parts: Phrase): Sentence => ({ role: 'isolation', path: asked.path, parts });
  const way = asked.direction === 'ingress' ? 'incoming' : 'outgoing';
  const Way = asked.direction === 'ingress' ? 'Incoming' : 'Outgoing';
  switch (asked.state) {
    case 'open':
      return sentence(say`${Way} connections are not restricted by this policy${asked.remark}.`);
    case 'default-deny-off':
      return sentence(
        say`${Way} connections that no rule below names stay as they are: the policy switches default deny off (enableDefaultDeny.${asked.direction} is false)${asked.remark}.`,
      );
    case 'not-understood':
      return {
        ...sentence(say`What happens to ${way} connections cannot be said: the rules cannot be read.`),
        role: 'not-understood',
      };
    case 'isolated':
      return sentence(say`${isolated(asked, Way)}${ownNode(asked)}${asked.remark}.`);
    default:
      return asked.state satisfies never;
  }
}

function isolated({ direction, allowsSomething, hasDeny }: Isolation, way: string): Phrase {
  const nothing = direction === 'ingress' ? 'nothing may connect to them' : 'they may not connect to anything';
  if (allowsSomething) return say`${way} connections are denied unless a rule below or another policy allows them`;
  return hasDeny
    ? say`All other ${way.toLowerCase()} connections are denied too, unless another policy allows them: deny rules alone switch on the default deny`
    : say`No ${way.toLowerCase()} connection is allowed: ${nothing}, unless another policy allows it`;
}

function ownNode({ ownNode: isAllowed, hasDeny }: Isolation): Phrase {
  if (!isAllowed) return say``;
  return hasDeny
    ? say`; a pod's own node can still connect where no deny rule names it`
    : say`; only a pod's own node can always connect`;
}
