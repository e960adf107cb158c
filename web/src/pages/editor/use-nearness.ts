import { createContext, use, useEffect, useState } from 'react';
import type { RefObject } from 'react';

/** How far beside what is in sight something is near: half of it. */
const margin = '50%';

/** Tells elements when they come near what is in sight, and when they go. */
export interface Nearness {
  watch(element: Element, tell: (isNear: boolean) => void): () => void;
}

export const NearnessContext = createContext<Nearness | null>(null);

export function createNearness(): Nearness {
  const told = new Map<Element, (isNear: boolean) => void>();
  let observer: IntersectionObserver | null = null;
  return {
    watch(element, tell) {
      observer ??= new IntersectionObserver(
        (entries) => {
          for (const { target, isIntersecting } of entries) told.get(target)?.(isIntersecting);
        },
        { rootMargin: `${margin} 0px` },
      );
      told.set(element, tell);
      observer.observe(element);
      return () => {
        told.delete(element);
        observer?.unobserve(element);
      };
    },
  };
}

/** Whether an element is near what is in sight, or holds what somebody is at: the focus, or something typed. */
export function useIsNear(place: RefObject<HTMLElement | null>, isNearAtFirst: boolean): boolean {
  const nearness = use(NearnessContext);
  const [isNear, setNear] = useState(isNearAtFirst);
  useEffect(() => {
    const element = place.current;
    if (!element || !nearness) return;
    const unwatch = nearness.watch(element, (comes) => setNear(comes || isInUse(element)));
    const come = () => setNear(true);
    element.addEventListener('focus', come);
    return () => {
      unwatch();
      element.removeEventListener('focus', come);
    };
  }, [place, nearness]);
  return isNear;
}

function isInUse(element: Element): boolean {
  const inputs = [...element.querySelectorAll('input')];
  return element.contains(document.activeElement) || inputs.some(({ value }) => value !== '');
}
